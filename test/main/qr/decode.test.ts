import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import fc from 'fast-check'
import QRCode from 'qrcode'
import { describe, expect, it } from 'vitest'
import { assertQrReads, decodeQrBitmap, decodeQrMatrix, readQrPicture } from '../../../src/main/qr/decode.ts'
import { createQrMatrix, type QrMatrix } from '../../../src/main/qr/matrix.ts'
import { renderQrPng } from '../../../src/main/qr/png.ts'
import { AppError } from '../../../src/shared/errors.ts'
import { parsePng } from './parse-png.ts'

const text = 'https://auth.example.com:8443/userportal/complete/48213/J%C3%B6rg/7K2M9QRT4W'

const readFixture = (name: string) => readFileSync(join(import.meta.dirname, 'pictures', name))

/** A PNG whose header says what the caller likes. */
function pngOf(header: { width: number; height: number; depth?: number; colourType?: number }, data: Buffer): Buffer {
  const chunk = (type: string, content: Buffer) => {
    const typed = Buffer.concat([Buffer.from(type), content])
    const edges = Buffer.alloc(8)
    edges.writeUInt32BE(content.length, 0)
    edges.writeUInt32BE(crc32(typed), 4)
    return Buffer.concat([edges.subarray(0, 4), typed, edges.subarray(4)])
  }
  const ihdr = Buffer.alloc(13)
  ihdr.writeUInt32BE(header.width, 0)
  ihdr.writeUInt32BE(header.height, 4)
  ihdr[8] = header.depth ?? 8
  ihdr[9] = header.colourType ?? 0
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', ihdr),
    chunk('IDAT', deflateSync(data)),
    chunk('IEND', Buffer.alloc(0))
  ])
}

/** A 24-bit BMP, its rows from bottom to top as most programs store them, or from top to bottom. */
function bmpOf(matrix: QrMatrix, isTopDown: boolean): Buffer {
  const { rows, width, height } = parsePng(renderQrPng(matrix))
  const stride = Math.ceil((width * 3) / 4) * 4
  const header = Buffer.alloc(54)
  header.write('BM', 0, 'latin1')
  header.writeUInt32LE(54 + stride * height, 2)
  header.writeUInt32LE(54, 10)
  header.writeUInt32LE(40, 14)
  header.writeInt32LE(width, 18)
  header.writeInt32LE(isTopDown ? -height : height, 22)
  header.writeUInt16LE(1, 26)
  header.writeUInt16LE(24, 28)
  const lines = rows.map((row) => {
    const line = Buffer.alloc(stride)
    row.forEach((sample, x) => line.fill(sample * 255, x * 3, x * 3 + 3))
    return line
  })
  return Buffer.concat([header, ...(isTopDown ? lines : lines.toReversed())])
}

describe('the decoder', () => {
  it('is started from the installed package, never from the network', async () => {
    const asked: unknown[] = []
    const realFetch = globalThis.fetch
    globalThis.fetch = (...request) => {
      asked.push(request[0])
      return Promise.reject(new Error('no network'))
    }
    try {
      expect(await decodeQrMatrix(createQrMatrix(text))).toBe(text)
      // A large picture gives the decoder up; what waits meanwhile, and what comes after, must start it anew from the package.
      const large = pngOf({ width: 3000, height: 3000, depth: 1 }, Buffer.alloc(376 * 3000))
      const codes = ['a', 'b', 'c'].map((value) => renderQrPng(createQrMatrix(value)))
      await Promise.allSettled([readQrPicture(large), ...codes.map(readQrPicture), readQrPicture(large)])
      expect(await decodeQrMatrix(createQrMatrix(text))).toBe(text)
    } finally {
      globalThis.fetch = realFetch
    }
    expect(asked).toEqual([])
  })
})

describe('decodeQrBitmap', () => {
  const { rows, width, height } = parsePng(renderQrPng(createQrMatrix(text)))
  const luminance = Uint8Array.from(rows.flat(), (sample) => sample * 255)

  it('reads a byte of brightness a pixel and four bytes of colour a pixel alike', async () => {
    const rgba = new Uint8ClampedArray(luminance.length * 4)
    luminance.forEach((value, index) => rgba.fill(value, index * 4, index * 4 + 3))
    expect(await decodeQrBitmap({ width, height, luminance })).toBe(text)
    expect(await decodeQrBitmap({ width, height, rgba })).toBe(text)
    expect(await decodeQrBitmap({ width, height, rgba: new Uint8Array(rgba.buffer) })).toBe(text)
  })

  it('answers null when there is no QR code', async () => {
    expect(await decodeQrBitmap({ width, height, luminance: new Uint8Array(width * height).fill(255) })).toBeNull()
  })

  it('reads nothing past the end of a bitmap that is shorter than its size says', async () => {
    await expect(decodeQrBitmap({ width: width + 1, height, luminance })).rejects.toThrow(RangeError)
    await expect(decodeQrBitmap({ width, height, rgba: luminance })).rejects.toThrow(RangeError)
  })
})

describe('assertQrReads', () => {
  it('passes a code that says what it should', async () => {
    await expect(assertQrReads(createQrMatrix(text), text)).resolves.toBeUndefined()
  })

  it('refuses a code that says something else, and does not repeat the text', async () => {
    const refusal: unknown = await assertQrReads(createQrMatrix(`${text}X`), text).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'qr-unreadable', details: undefined })
    expect((refusal as AppError).message).not.toContain('7K2M9QRT4W')
  })

  it('refuses a code that does not read at all', async () => {
    const matrix = createQrMatrix(text)
    matrix.modules.fill(1, 0, matrix.size * 7)
    await expect(assertQrReads(matrix, text)).rejects.toMatchObject({ code: 'qr-unreadable' })
  })
})

describe('readQrPicture', () => {
  it.each(['code.jpg', 'code-progressive.jpg', 'code.gif'])('reads %s', async (name) => {
    expect(await readQrPicture(readFixture(name))).toEqual([{ text: 'JPEG ✓' }])
  })

  it('reads BMP files of either order of rows', async () => {
    const matrix = createQrMatrix(text)
    expect(await readQrPicture(bmpOf(matrix, false))).toEqual([{ text }])
    expect(await readQrPicture(bmpOf(matrix, true))).toEqual([{ text }])
  })

  it('reads every code in a picture', async () => {
    const pictures = ['one', 'two'].map((value) => parsePng(renderQrPng(createQrMatrix(value))))
    const [left, right] = pictures.map(({ rows }) => rows)
    const lines = (left ?? []).map((row, y) => Buffer.from([0, ...[...row, ...(right?.[y] ?? [])].map((v) => v * 255)]))
    const picture = pngOf({ width: (lines[0]?.length ?? 1) - 1, height: lines.length }, Buffer.concat(lines))
    const texts = (await readQrPicture(picture)).map((found) => found.text)
    expect(texts.toSorted()).toEqual(['one', 'two'])
  })

  it('reads a code of another maker that is Latin-1 and not UTF-8', async () => {
    const data = Buffer.from('Zürich, Gödel, Straße', 'latin1')
    const { modules, version } = QRCode.create([{ mode: 'byte', data }], { errorCorrectionLevel: 'M' })
    const png = renderQrPng({ size: modules.size, modules: modules.data, version })
    expect(await readQrPicture(png)).toEqual([{ text: 'Zürich, Gödel, Straße' }])
  })

  it('says that there is no QR code in a picture without one', async () => {
    const blank = pngOf({ width: 200, height: 200 }, Buffer.alloc(201 * 200, 0))
    await expect(readQrPicture(blank)).rejects.toMatchObject({ code: 'qr-not-found' })
  })

  it.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['a WebP file', readFixture('code.webp')],
    ['half a PNG', renderQrPng(createQrMatrix(text)).subarray(0, 200)],
    ['half a JPEG header', readFixture('code.jpg').subarray(0, 30)],
    ['a PNG without pixels', pngOf({ width: 0, height: 10 }, Buffer.alloc(10))],
    ['a PNG of colours without their palette', pngOf({ width: 10, height: 10, colourType: 3 }, Buffer.alloc(110))],
    ['a PNG of an unknown kind', pngOf({ width: 10, height: 10, colourType: 5 }, Buffer.alloc(110))]
  ])('refuses %s and names the formats that it reads', async (_, file) => {
    const refusal: unknown = await readQrPicture(file).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'picture-unreadable' })
    expect((refusal as AppError).message).toContain('PNG, JPEG, GIF and BMP')
  })

  it('refuses a file of more than 20 MB', async () => {
    await expect(readQrPicture(new Uint8Array(20 * 1024 * 1024 + 1))).rejects.toThrow(/larger than 20 MB/)
  })

  it.each<[string, () => Buffer]>([
    ['PNG', () => pngOf({ width: 10_000, height: 5_001 }, Buffer.alloc(1))],
    ['GIF', () => Buffer.concat([Buffer.from('GIF89a'), Buffer.from([0xff, 0xff, 0xff, 0xff]), Buffer.alloc(20)])],
    [
      'BMP',
      () => {
        const file = bmpOf(createQrMatrix('a'), true)
        file.writeInt32LE(-2_000_000, 22)
        return file
      }
    ],
    [
      'JPEG',
      () => {
        const file = Buffer.from(readFixture('code.jpg'))
        const frame = file.indexOf(Buffer.of(0xff, 0xc0))
        file.writeUInt32BE(0xffffffff, frame + 5)
        return file
      }
    ]
  ])('refuses a %s of more than 50 megapixels by its header', async (_, file) => {
    await expect(readQrPicture(file())).rejects.toThrow(/megapixels and may have 50/)
  })

  it('refuses a PNG whose data unfolds to more than its header promises', async () => {
    const honest = Buffer.alloc(101 * 100)
    await expect(readQrPicture(pngOf({ width: 100, height: 100 }, honest))).rejects.toMatchObject({
      code: 'qr-not-found'
    })
    const bomb = pngOf({ width: 100, height: 100 }, Buffer.alloc(64 * 1024 * 1024))
    await expect(readQrPicture(bomb)).rejects.toMatchObject({ code: 'picture-unreadable' })
  })

  it('reads a JPEG of a few scans and refuses one of very many, each of which would cost a pass over the picture', async () => {
    const file = readFixture('code-progressive.jpg')
    const start = file.indexOf(Buffer.of(0xff, 0xda))
    const end = file.indexOf(0xff, start + 2)
    const withScans = (times: number) =>
      Buffer.concat([file.subarray(0, start), ...Array(times).fill(file.subarray(start, end)), file.subarray(end)])
    expect(await readQrPicture(withScans(20))).toEqual([{ text: 'JPEG ✓' }])
    await expect(readQrPicture(withScans(65))).rejects.toMatchObject({ code: 'picture-unreadable' })
  })

  it('is not misled by the frame header of a thumbnail inside a JPEG', async () => {
    const file = readFixture('code.jpg')
    const thumbnail = Buffer.of(
      0xff,
      0xe1,
      0,
      19,
      0xff,
      0xd8,
      0xff,
      0xc0,
      0,
      17,
      8,
      0xff,
      0xff,
      0xff,
      0xff,
      1,
      1,
      17,
      0,
      0,
      0
    )
    const picture = Buffer.concat([file.subarray(0, 2), thumbnail, file.subarray(2)])
    expect(await readQrPicture(picture)).toEqual([{ text: 'JPEG ✓' }])
  })

  it('ends in texts or in a refusal whatever is done to a picture', async () => {
    const files: Buffer[] = ['code.jpg', 'code-progressive.jpg', 'code.gif'].map(readFixture)
    files.push(renderQrPng(createQrMatrix(text)), bmpOf(createQrMatrix('a'), false))
    const change = fc.record({ at: fc.double({ min: 0, max: 0.999, noNaN: true }), to: fc.nat(255) })
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(change, { minLength: 1, maxLength: 6 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (original, changes, kept) => {
          const file = Buffer.from(original)
          // Squared, since most of what steers a decoder lies near the beginning.
          for (const { at, to } of changes) file[Math.floor(at * at * file.length)] = to
          const outcome = await readQrPicture(file.subarray(0, Math.ceil((1 - kept ** 4) * file.length))).catch(
            (error: unknown) => error
          )
          if (Array.isArray(outcome)) expect(outcome.length).toBeGreaterThan(0)
          else expect(outcome).toBeInstanceOf(AppError)
        }
      ),
      { numRuns: 400 }
    )
  })
})
