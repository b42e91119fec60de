import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { XmlElement } from '../../../src/main/system/xml.ts'
import { formatXml, formatXmlDocument, parseXml, parseXmlRecord, readLeaves } from '../../../src/main/system/xml.ts'
import { AppError } from '../../../src/shared/errors.ts'

function refusalOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid-input') return error.message
    throw error
  }
  throw new Error('it was accepted')
}

const refusalOfDocument = (body: string | Uint8Array): string => refusalOf(() => parseXml(body, 'r'))

const doctypeRefusal = 'This XML cannot be accepted because it has a document type declaration.'
const malformedRefusal = 'This XML cannot be accepted because it is not well-formed.'
const encodingRefusal = 'This XML cannot be accepted because its encoding is not UTF-8.'
const depthRefusal = 'This XML cannot be accepted because its elements are nested too deeply.'

/** Any character that XML 1.0 can hold, the troublesome ones often. */
const xmlText = fc
  .array(
    fc.oneof(
      fc.constantFrom('\t', '\n', '\r', '\r\n', '&', '<', '>', '"', "'", ']]>', '&amp;', '<!--', '\u{85}', '\u{2028}'),
      fc
        .string({ unit: 'binary', minLength: 1, maxLength: 1 })
        .filter((text) => /^[\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]$/u.test(text))
    ),
    { maxLength: 30 }
  )
  .map((pieces) => pieces.join(''))

describe('parseXml', () => {
  it('gives values as text, exactly as they stand', () => {
    const body = '<r><a>004211</a><b>1E5</b><c> \n x </c><d/><e>  </e></r>'
    expect(parseXmlRecord(body, 'r', ['a', 'b', 'c', 'd', 'e', 'f'])).toEqual({
      a: '004211',
      b: '1E5',
      c: ' \n x ',
      d: '',
      e: '  '
    })
  })

  it('decodes the five entities, character references and CDATA, and joins what comments part', () => {
    const body =
      '<r><a>&amp;&lt;&gt;&quot;&apos;&#39;&#x1F600;</a><b>x<![CDATA[<y>&amp;]]>z</b><c>ad<!-- no -->min</c></r>'
    expect(parseXmlRecord(body, 'r', ['a', 'b', 'c'])).toEqual({ a: `&<>"''😀`, b: 'x<y>&amp;z', c: 'admin' })
  })

  it('accepts a declaration of UTF-8, US-ASCII or nothing, and a byte order mark', () => {
    for (const declaration of [
      '',
      '<?xml version="1.0"?>',
      `<?xml version='1.0' encoding='utf-8' standalone='yes' ?>\n`,
      '<?xml version="1.0" encoding="US-ASCII"?>'
    ]) {
      const body = `\u{FEFF}${declaration}<r><a>ü</a></r>\n`
      expect(parseXmlRecord(body, 'r', ['a'])).toEqual({ a: 'ü' })
      expect(parseXmlRecord(Buffer.from(body), 'r', ['a'])).toEqual({ a: 'ü' })
    }
  })

  it('keeps attributes, also those named like parts of every object', () => {
    const root = parseXml('<r><Policy id="1" __proto__="x" constructor=" y&#10;z "/></r>', 'r')
    expect([...(root.children[0]?.attributes ?? [])]).toEqual([
      ['id', '1'],
      ['__proto__', 'x'],
      ['constructor', ' y\nz ']
    ])
  })

  it.each([
    '<!DOCTYPE r><r/>',
    '<!doctype r><r/>',
    '<!DocType\tr><r/>',
    '<! \n DOCTYPE r><r/>',
    '<!-- a comment --><!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>',
    '<?xml version="1.0"?>\n<!DOCTYPE r SYSTEM "http://127.0.0.1/x.dtd"><r/>',
    '<r><!DOCTYPE r></r>',
    '<r/><!DOCTYPE r>',
    '<r><a><![CDATA[<!DOCTYPE r>]]></a></r>',
    '<!DOCTYPE',
    '\u{FEFF}<!DOCTYPE r><r/>'
  ])('refuses the document type declaration in %j', (body) => {
    expect(refusalOfDocument(body)).toBe(doctypeRefusal)
    expect(refusalOfDocument(Buffer.from(body))).toBe(doctypeRefusal)
  })

  it('refuses a billion laughs and an external entity without looking at them', () => {
    const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('')
    expect(refusalOfDocument(`<!DOCTYPE r [<!ENTITY l0 "ha">${laughs}]><r>&l9;</r>`)).toBe(doctypeRefusal)
    expect(refusalOfDocument('<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>')).toBe(doctypeRefusal)
  })

  it.each([
    ['UTF-16 with a byte order mark', Buffer.from('\u{FEFF}<!DOCTYPE r><r/>', 'utf16le'), encodingRefusal],
    ['UTF-16 big-endian', Buffer.from('\u{FEFF}<!DOCTYPE r><r/>', 'utf16le').swap16(), encodingRefusal],
    ['UTF-16 without a byte order mark', Buffer.from('<!DOCTYPE r><r/>', 'utf16le'), malformedRefusal],
    ['UTF-32', Buffer.from('\0\0\0<\0\0\0r\0\0\0/\0\0\0>', 'latin1'), malformedRefusal],
    ['invalid UTF-8', Buffer.from('<r><a>\u{FC}</a></r>', 'latin1'), encodingRefusal],
    ['an overlong "<"', Buffer.from([0xc0, 0xbc, 0x72, 0x2f, 0x3e]), encodingRefusal],
    [
      'an encoded surrogate',
      Buffer.concat([Buffer.from('<r>'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('</r>')]),
      encodingRefusal
    ],
    ['half a surrogate pair', '<r a="\u{D800}"/>', encodingRefusal],
    ['a declared UTF-16', '<?xml version="1.0" encoding="UTF-16"?><r/>', encodingRefusal],
    ['a declared UTF-7', '<?xml version="1.0" encoding="UTF-7"?><r>+ADw-</r>', encodingRefusal]
  ])('refuses %s', (_what, body, refusal) => {
    expect(refusalOfDocument(body)).toBe(refusal)
  })

  it.each([
    '',
    ' ',
    'plain text',
    '{"Action":"ping"}',
    '<r>',
    '<r></R>',
    '<r/><r/>',
    '<r/>x',
    'x<r/>',
    ' <?xml version="1.0"?><r/>',
    '<r>&nbsp;</r>',
    '<r>&constructor;</r>',
    '<r>&#0;</r>',
    '<r>&#xD800;</r>',
    '<r>&#xFFFF;</r>',
    '<r>&#99999999999999999999;</r>',
    '<?xml version="1.1"?><r>&#1;</r>',
    '<r>\u{0}</r>',
    '<r>\u{1}</r>',
    '<r>a & b</r>',
    '<r>]]></r>',
    '<r a="1" a="2"/>',
    '<r a=1/>',
    '<r><![CDATA[</r>',
    '<r><!-- -- --></r>'
  ])('refuses %j as not well-formed', (body) => {
    expect(refusalOfDocument(body)).toBe(malformedRefusal)
  })

  it('refuses processing instructions', () => {
    expect(refusalOfDocument('<?xml-stylesheet href="x"?><r/>')).toMatch(/processing instruction/)
    expect(refusalOfDocument('<r><?php x ?></r>')).toMatch(/processing instruction/)
  })

  it('asks for its root by the exact name and interprets no namespaces', () => {
    for (const body of ['<R/>', '<x:r/>', '<x:r xmlns:x="y"/>', '<s><r/></s>']) {
      expect(refusalOfDocument(body)).toBe('This XML cannot be accepted because its root is not r.')
    }
    expect(parseXml('<r xmlns="urn:x" xmlns:a="urn:a"><a:b/></r>', 'r').children[0]?.name).toBe('a:b')
  })

  it('reads eight levels and refuses the ninth, however many would follow', () => {
    const nested = (depth: number): string => `<r>${'<a>'.repeat(depth - 1)}${'</a>'.repeat(depth - 1)}</r>`
    expect(parseXml(nested(8), 'r').children).toHaveLength(1)
    expect(refusalOfDocument(nested(9))).toBe(depthRefusal)
    expect(refusalOfDocument(`<r>${'<a>'.repeat(80_000)}`)).toBe(depthRefusal)
  })

  it('throws nothing but its refusal, whatever the bytes, and does not repeat them', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '<',
        '>',
        '/',
        '&',
        ';',
        '"',
        "'",
        '=',
        '<r>',
        '</r>',
        '<r/>',
        '<![CDATA[',
        ']]>',
        '<!--',
        '-->',
        '<?',
        '?>',
        '&#',
        'xml'
      ),
      fc.string({ unit: 'binary', maxLength: 4 })
    )
    const bodies = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
      fc.array(piece, { maxLength: 10 }).map((pieces) => Buffer.from(`<r>canary${pieces.join('')}</r>`))
    )
    fc.assert(
      fc.property(bodies, (body) => {
        try {
          expect(parseXml(body, 'r').name).toBe('r')
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
          expect((error as AppError).code).toBe('invalid-input')
          expect((error as AppError).message).not.toContain('canary')
        }
      }),
      { numRuns: 2000 }
    )
  })
})

describe('readLeaves', () => {
  const read = (body: string) => readLeaves(parseXml(body, 'r'), ['a', 'b'])

  it('ignores unknown elements, nested ones too', () => {
    expect(read('<r>\n  <x><y><a>no</a><a>no</a></y>text</x>\n  <a>yes</a><B>no</B>\n</r>')).toEqual({ a: 'yes' })
  })

  it('refuses an element that occurs twice, known or not', () => {
    for (const body of ['<r><a>1</a><a>1</a></r>', '<r><a/><b/><a/></r>', '<r><x/><x/></r>']) {
      expect(refusalOf(() => read(body))).toMatch(/repeated/)
    }
  })

  it('refuses a known element that holds others, and text between elements', () => {
    expect(refusalOf(() => read('<r><a>x<y/></a></r>'))).toMatch(/a holds other elements/)
    expect(refusalOf(() => read('<r>x<a/></r>'))).toMatch(/text between/)
    expect(refusalOf(() => read('<r><![CDATA[x]]><a/></r>'))).toMatch(/text between/)
  })

  it('is not confused by names that every object has', () => {
    const body = '<r><__proto__>x</__proto__><constructor>y</constructor><toString/></r>'
    expect(readLeaves(parseXml(body, 'r'), ['hasOwnProperty', 'constructor'])).toEqual({ constructor: 'y' })
  })
})

describe('formatXml', () => {
  it('writes no white space of its own', () => {
    const nodes = [
      { name: 'a', content: '1' },
      { name: 'b', content: [{ name: 'c', attributes: { id: 'x', show: 'true' }, content: '' }] }
    ]
    expect(formatXml('r', nodes)).toBe('<r><a>1</a><b><c id="x" show="true"></c></b></r>')
    expect(formatXmlDocument('r', [])).toBe('<?xml version="1.0" encoding="UTF-8"?><r></r>')
  })

  it('escapes what has a meaning and drops what XML cannot hold', () => {
    expect(formatXml('r', [{ name: 'a', content: `&<>"'\r\u{0}\u{1F}\u{FFFF}\u{D800}ü😀` }])).toBe(
      '<r><a>&amp;&lt;&gt;&quot;&#39;&#13;ü😀</a></r>'
    )
  })

  it('writes texts and attributes that read back as they were', () => {
    fc.assert(
      fc.property(xmlText, xmlText, (text, value) => {
        const body = formatXmlDocument('r', [{ name: 'a', attributes: { id: value }, content: text }])
        const read = parseXml(Buffer.from(body), 'r').children[0] as XmlElement
        expect(read.text).toBe(text)
        expect(read.attributes.get('id')).toBe(value)
      }),
      { numRuns: 1000 }
    )
  })

  it('writes well-formed XML whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.integer({ min: 0, max: 0xffff })), (text, units) => {
        const content = text + String.fromCharCode(...units)
        expect(parseXml(formatXml('r', [{ name: 'a', attributes: { b: content }, content }]), 'r').name).toBe('r')
      })
    )
  })
})
