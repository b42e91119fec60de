import fc from 'fast-check'
import { parse, type DefaultTreeAdapterTypes } from 'parse5'
import { describe, expect, it } from 'vitest'
import { readHtml, type HtmlTag } from '../../../src/main/mail/html-tags.ts'

const hostileHtml = fc
  .array(
    fc.constantFrom(
      '<',
      '>',
      '</',
      '/>',
      '<!--',
      '-->',
      '<!',
      '<?',
      '"',
      "'",
      '=',
      ' ',
      '\r\n',
      '&amp;',
      '&#39',
      'url4',
      'é😀',
      '\0',
      'href=',
      'src="url4"',
      "alt='x'",
      'SRC=y',
      '<a ',
      '<img ',
      '<p>',
      '</p>',
      '<td>',
      '<style>',
      '</style>',
      '<script>',
      '</script ',
      '<title>',
      '</title>',
      '<textarea>',
      '</textarea>',
      '<iframe>',
      '</iframe>'
    ),
    { maxLength: 40 }
  )
  .map((pieces) => pieces.join(''))

interface Seen {
  name: string
  from: number
  to: number
  attributes: string[]
}

/** The elements that a browser makes of the HTML, of those that stand in it. */
function elementsOf(html: string): Seen[] {
  const seen: Seen[] = []
  const walk = (node: DefaultTreeAdapterTypes.Node) => {
    if ('tagName' in node && node.sourceCodeLocation?.startTag) {
      const { startOffset: from, endOffset: to } = node.sourceCodeLocation.startTag
      seen.push({ name: node.tagName, from, to, attributes: node.attrs.map(({ name }) => name) })
    }
    for (const child of 'childNodes' in node ? node.childNodes : []) walk(child)
  }
  walk(parse(html, { sourceCodeLocationInfo: true }))
  return seen
}

describe('readHtml', () => {
  it('sees every element that a browser makes of any HTML, where it stands, with its attributes', () => {
    fc.assert(
      fc.property(hostileHtml, (html) => {
        const tags = new Map(
          readHtml(html)
            .filter((token): token is HtmlTag => token.kind === 'tag' && !token.isEnd)
            .map(({ name, from, to, attributes }) => [
              from,
              { name, from, to, attributes: attributes.map((one) => one.name) }
            ])
        )
        const elements = elementsOf(html)
        for (const element of elements) {
          // A browser makes these two itself, and of any later ones it takes only the attributes.
          if (element.name === 'body' || element.name === 'html') continue
          expect(tags.get(element.from)).toEqual(element)
        }
      }),
      { numRuns: 2000 }
    )
  })

  it('covers any HTML from its beginning to its end, each value where it stands', () => {
    fc.assert(
      fc.property(fc.oneof(hostileHtml, fc.string({ unit: 'binary', maxLength: 60 })), (html) => {
        let position = 0
        for (const token of readHtml(html)) {
          expect(token.from).toBe(position)
          expect(token.to).toBeGreaterThan(token.from)
          position = token.to
          if (token.kind !== 'tag') continue
          for (const { value, valueFrom, valueTo } of token.attributes) {
            expect(html.slice(valueFrom, valueTo)).toBe(value)
            expect(valueFrom >= token.from && valueTo <= token.to).toBe(true)
          }
        }
        expect(position).toBe(html.length)
      }),
      { numRuns: 2000 }
    )
  })
})
