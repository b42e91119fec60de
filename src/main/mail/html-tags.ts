/** One attribute as it stands in the source; offsets are UTF-16 code units from the beginning of the document. */
export interface HtmlAttribute {
  /** In lower case. */
  name: string
  nameFrom: number
  /** As written, character references included. */
  value: string
  valueFrom: number
  valueTo: number
  quote: '"' | "'" | ''
}

export interface HtmlTag {
  kind: 'tag'
  /** In lower case. */
  name: string
  isEnd: boolean
  from: number
  to: number
  attributes: HtmlAttribute[]
}

/** `raw` is the content of `script` and `style`; `comment` also stands for `<!doctype …>` and `<?…>`. */
export interface HtmlRun {
  kind: 'text' | 'comment' | 'raw'
  from: number
  to: number
}

export type HtmlToken = HtmlTag | HtmlRun

const tagStart = /<(\/?)([a-z][^\s/>]*)/iy
const attributePattern = /[\s/]*([^\s/>=][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?/dy
const rawElements = new Set(['script', 'style', 'xmp', 'iframe', 'noembed', 'noframes', 'plaintext'])

/**
 * Takes HTML apart as browsers do (HTML standard, 13.2.5), as far as it takes to know where a tag, a value, a comment and a
 * script begin and end. What never ends goes on to the end of the document.
 */
export function readHtml(html: string): HtmlToken[] {
  const tokens: HtmlToken[] = []
  let position = 0
  let textFrom = 0
  const endText = (to: number) => {
    if (to > textFrom) tokens.push({ kind: 'text', from: textFrom, to })
  }
  const push = (token: HtmlToken) => {
    endText(token.from)
    tokens.push(token)
    position = token.to
    textFrom = token.to
  }
  while (position < html.length) {
    const from = html.indexOf('<', position)
    if (from < 0) break
    tagStart.lastIndex = from
    const found = tagStart.exec(html)
    if (found) {
      const tag = readTag(html, from, found)
      push(tag)
      if (!tag.isEnd && rawElements.has(tag.name)) {
        const to = endOfRaw(html, tag)
        if (to > tag.to) push({ kind: 'raw', from: tag.to, to })
      }
    } else if (html.startsWith('<!--', from)) {
      // `<!-->` and `<!--->` are whole comments.
      const end = /^<!--(?:-?>)/.exec(html.slice(from, from + 7))
      const close = html.indexOf('-->', from + 4)
      push({ kind: 'comment', from, to: end ? from + end[0].length : close < 0 ? html.length : close + 3 })
    } else if (/^<[!?/]/.test(html.slice(from, from + 2))) {
      const close = html.indexOf('>', from)
      push({ kind: 'comment', from, to: close < 0 ? html.length : close + 1 })
    } else {
      position = from + 1
    }
  }
  endText(html.length)
  return tokens
}

function readTag(html: string, from: number, found: RegExpExecArray): HtmlTag {
  const [start, slash = '', name = ''] = found
  const attributes: HtmlAttribute[] = []
  let position = from + start.length
  for (;;) {
    attributePattern.lastIndex = position
    const match = attributePattern.exec(html)
    if (!match?.indices) break
    const { indices } = match
    const [valueFrom, valueTo] = indices[2] ??
      indices[3] ??
      indices[4] ?? [attributePattern.lastIndex, attributePattern.lastIndex]
    attributes.push({
      name: (match[1] ?? '').toLowerCase(),
      nameFrom: indices[1]?.[0] ?? position,
      value: html.slice(valueFrom, valueTo),
      valueFrom,
      valueTo,
      quote: indices[2] ? '"' : indices[3] ? "'" : ''
    })
    position = attributePattern.lastIndex
  }
  const close = html.indexOf('>', position)
  const to = close < 0 ? html.length : close + 1
  return { kind: 'tag', name: name.toLowerCase(), isEnd: slash !== '', from, to, attributes }
}

function endOfRaw(html: string, tag: HtmlTag): number {
  if (tag.name === 'plaintext') return html.length
  const close = new RegExp(`</${tag.name}(?=[\\s/>])`, 'gi')
  close.lastIndex = tag.to
  return close.exec(html)?.index ?? html.length
}

/** Attributes that hold an address, which a browser may follow or fetch. */
const addressAttributes = new Set([
  'href',
  'src',
  'action',
  'formaction',
  'background',
  'cite',
  'poster',
  'longdesc',
  'srcset',
  'data'
])

export function holdsAddress(attribute: HtmlAttribute): boolean {
  return addressAttributes.has(attribute.name)
}
