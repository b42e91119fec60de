import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeWire, encodeWire } from '../../src/shared/wire.ts'

describe('the wire format', () => {
  it('writes bytes as base64 under $bytes, wherever they stand', () => {
    const value = { content: new Uint8Array([0, 1, 254, 255]), list: [new Uint8Array()] }
    expect(encodeWire(value)).toBe('{"content":{"$bytes":"AAH+/w=="},"list":[{"$bytes":""}]}')
  })

  it('writes a Buffer as bytes, not as what its toJSON makes of it', () => {
    expect(encodeWire({ image: Buffer.from('png') })).toBe('{"image":{"$bytes":"cG5n"}}')
  })

  it('gives back every plain value it was given', () => {
    const members = fc.dictionary(
      fc.string({ unit: 'binary' }).filter((key) => key !== '$bytes' && key !== '__proto__'),
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
        fc.uint8Array(),
        fc.constant(null)
      ),
      { noNullPrototype: true }
    )
    fc.assert(
      fc.property(fc.array(members), (value) => {
        expect(decodeWire(encodeWire(value))).toEqual(value)
      })
    )
  })

  it('gives back seven million bytes', () => {
    const content = new Uint8Array(7_000_000).map((_, index) => (index * 31 + (index >> 8)) & 0xff)
    const { content: back } = decodeWire(encodeWire({ content })) as { content: Uint8Array }
    expect(Buffer.compare(back, content)).toBe(0)
  })

  it.each([
    '{"__proto__":{"isAdministrator":true}}',
    '{"input":[{"__proto__":1}]}',
    '{"\\u005f_proto__":{"isAdministrator":true}}',
    '{"\\u005f\\u005f\\u0070roto\\u005f\\u005f":{}}'
  ])('refuses a member named __proto__: %s', (text) => {
    expect(() => decodeWire(text)).toThrow(SyntaxError)
  })

  it.each(['{"$bytes":1}', '{"$bytes":"AA==","more":1}', '{"$bytes":"%"}', '{"$bytes":"A"}', '{', ''])(
    'refuses damaged text: %s',
    (text) => {
      expect(() => decodeWire(text)).toThrow(SyntaxError)
    }
  )

  it('reads __proto__ where it is a value, not a name', () => {
    expect(decodeWire('{"query":"__proto__"}')).toEqual({ query: '__proto__' })
  })

  it('will not write an object that would read back as bytes', () => {
    expect(() => encodeWire({ changes: { $bytes: 'AA==' } })).toThrow(TypeError)
  })

  it('meets hostile text with a value or a SyntaxError and leaves every prototype alone', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '"$bytes"',
      '"__proto__"',
      '"\\u0024bytes"',
      ':',
      ',',
      '"AA=="',
      '[',
      ']',
      '1',
      '"x"'
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        try {
          decodeWire(pieces.join(''))
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError)
        }
        expect(Object.keys(Object.prototype)).toEqual([])
      })
    )
  })
})
