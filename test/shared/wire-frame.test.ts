import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeFrame, encodeFrame } from '../../src/shared/wire-frame.ts'

const pack = (value: unknown) => new Uint8Array(Buffer.concat(encodeFrame(value)))

function frameOf(json: string, files = ''): Uint8Array {
  const text = Buffer.from(json)
  const head = Buffer.alloc(4)
  head.writeUInt32BE(text.length)
  return Buffer.concat([head, text, Buffer.from(files)])
}

describe('a frame', () => {
  it('gives back every plain value and all bytes it was given', () => {
    const members = fc.dictionary(
      fc.string({ unit: 'binary' }).filter((key) => key !== '$bytes' && key !== '__proto__'),
      fc.oneof(fc.string(), fc.integer(), fc.uint8Array(), fc.constant(null)),
      { noNullPrototype: true }
    )
    fc.assert(
      fc.property(fc.array(members), (value) => {
        expect(decodeFrame(pack(value))).toEqual(value)
      })
    )
  })

  it.each([
    ['no head', new Uint8Array(3)],
    ['more JSON than there is', new Uint8Array([0xff, 0xff, 0xff, 0xff, 0x7b])],
    ['bytes past the end', frameOf('{"content":{"$bytes":[0,5]}}', 'four')],
    ['bytes that end before they start', frameOf('{"content":{"$bytes":[3,1]}}', 'four')],
    ['a negative place', frameOf('{"content":{"$bytes":[-1,2]}}', 'four')],
    ['a place that is none', frameOf('{"content":{"$bytes":"AAAA"}}', 'four')],
    ['another member beside', frameOf('{"content":{"$bytes":[0,1],"a":1}}', 'four')],
    ['__proto__', frameOf('{"__proto__":{"a":1}}')],
    ['no JSON', frameOf('{')]
  ])('with %s is refused', (_what, frame) => {
    expect(() => decodeFrame(frame)).toThrow(SyntaxError)
  })

  it('of any bytes is read or refused, and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (frame) => {
        try {
          decodeFrame(frame)
        } catch (error) {
          expect(error instanceof SyntaxError || error instanceof TypeError).toBe(true)
        }
      })
    )
  })
})
