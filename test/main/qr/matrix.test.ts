import fc from 'fast-check'
import QRCode from 'qrcode'
import { describe, expect, it } from 'vitest'
import { decodeQrMatrix } from '../../../src/main/qr/decode.ts'
import { createQrMatrix } from '../../../src/main/qr/matrix.ts'
import { qrTextBytes } from '../../../src/shared/qr.ts'

describe('createQrMatrix', () => {
  it('makes the symbol that qrcode makes when it chooses the mask itself, for every length', () => {
    for (let bytes = 1; bytes <= qrTextBytes; bytes += 11) {
      const text = Array.from({ length: bytes }, (_, index) =>
        String.fromCharCode(33 + ((index * bytes * 7) % 90))
      ).join('')
      const reference = QRCode.create([{ mode: 'byte', data: Buffer.from(text) }], { errorCorrectionLevel: 'M' })
      expect(createQrMatrix(text)).toEqual({
        size: reference.modules.size,
        modules: reference.modules.data,
        version: reference.version
      })
    }
  })

  it('makes a code that reads back as exactly the text, whatever characters it has', async () => {
    const text = fc
      .string({ unit: 'binary', minLength: 1, maxLength: qrTextBytes })
      .filter((value) => Buffer.byteLength(value) <= qrTextBytes)
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        expect(await decodeQrMatrix(createQrMatrix(value))).toBe(value)
      }),
      { numRuns: 300 }
    )
  })

  it('keeps what decoders like to change: white space, a byte order mark, NUL, GS1 brackets, combining marks', async () => {
    for (const text of [
      ' a\r\n\t ',
      '\uFEFFa',
      'a\0b',
      '\x1d01234567890128',
      '[)>\x1e05\x1d',
      'e\u0301 é',
      '%C3%A9+%2F',
      '\u{1F511}鍵'
    ]) {
      expect(await decodeQrMatrix(createQrMatrix(text))).toBe(text)
    }
  })

  it('takes 768 bytes and refuses one more, counting bytes and not characters', () => {
    expect(createQrMatrix('é'.repeat(384)).version).toBe(22)
    expect(() => createQrMatrix('é'.repeat(384) + 'a')).toThrow(expect.objectContaining({ code: 'text-too-long' }))
  })

  it('refuses an empty text and half a character', () => {
    expect(() => createQrMatrix('')).toThrow(expect.objectContaining({ code: 'invalid-input' }))
    expect(() => createQrMatrix('a\ud83d')).toThrow(expect.objectContaining({ code: 'invalid-input' }))
  })
})
