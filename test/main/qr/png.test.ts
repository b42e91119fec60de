import { describe, expect, it } from 'vitest'
import { readQrPicture } from '../../../src/main/qr/decode.ts'
import { createQrMatrix } from '../../../src/main/qr/matrix.ts'
import { renderQrPng } from '../../../src/main/qr/png.ts'
import { parsePng } from './parse-png.ts'

const url = 'https://auth.example.com:8443/userportal/complete/48213/firstname.lastname@example.com/7K2M9QRT4WX5ABC'

describe('renderQrPng', () => {
  it.each([1, 2, 3, 4, 5, 7, 8, 9, 16, 20])(
    'draws every module and a quiet zone of 4 with %i pixels a module',
    (scale) => {
      const matrix = createQrMatrix(url)
      const png = parsePng(renderQrPng(matrix, { scale }))
      const side = (matrix.size + 8) * scale
      expect(png).toMatchObject({ width: side, height: side, bitDepth: 1, colourType: 0, interlace: 0 })
      expect(png.chunks).toEqual(['IHDR', 'IDAT', 'IEND'])
      const expected = Array.from({ length: side }, (_, y) =>
        Array.from({ length: side }, (_none, x) => {
          const [row, column] = [Math.floor(y / scale) - 4, Math.floor(x / scale) - 4]
          const isInside = row >= 0 && row < matrix.size && column >= 0 && column < matrix.size
          return isInside && matrix.modules[row * matrix.size + column] === 1 ? 0 : 1
        })
      )
      expect(png.rows).toEqual(expected)
    }
  )

  it('draws the smallest and the largest symbol so that they read back', async () => {
    for (const text of ['a', 'b'.repeat(768)]) {
      for (const scale of [2, 4, 20]) {
        expect(await readQrPicture(renderQrPng(createQrMatrix(text), { scale }))).toEqual([{ text }])
      }
    }
  })

  it('needs at most 650 bytes for 102-character URLs at 4 pixels a module, which is the default', () => {
    for (let index = 0; index < 200; index++) {
      const text = `https://auth.example.com:8443/userportal/complete/48213/user.${index * 7919}@example.com/`.padEnd(
        102,
        'X7K2M9QRT4'
      )
      const png = renderQrPng(createQrMatrix(text))
      expect(parsePng(png).width).toBe((41 + 8) * 4)
      expect(png.length).toBeLessThanOrEqual(650)
    }
  })

  it('refuses a scale that is not a whole number from 1 to 20', () => {
    const matrix = createQrMatrix('a')
    for (const scale of [0, 21, 2.5, Number.NaN, -4, Infinity]) {
      expect(() => renderQrPng(matrix, { scale })).toThrow(expect.objectContaining({ code: 'invalid-input' }))
    }
  })
})
