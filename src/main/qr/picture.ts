import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createInflate } from 'node:zlib'
import { AppError } from '../../shared/errors.ts'
import { largestPictureBytes } from '../../shared/qr.ts'

/** What a picture file says of itself before it is decoded. */
interface PictureHeader {
  width: number
  height: number
  /** Most bytes that a PNG's compressed data may unfold to; the other formats' data cannot outgrow the picture. */
  mostDataBytes?: number
}

const mostPixels = 50_000_000
/** A usual progressive JPEG has ten scans; each one costs a pass over the whole picture however few bytes it has. */
const mostJpegScans = 64

/**
 * The size of a picture file in pixels. Refuses with `picture-unreadable` what the decoder cannot read, and what would cost it far
 * more memory or time than the length of the file lets expect.
 */
export async function checkPicture(bytes: Uint8Array): Promise<{ width: number; height: number }> {
  if (bytes.length > largestPictureBytes) {
    throw new AppError('picture-unreadable', 'The picture is larger than 20 MB; crop it to the QR code and try again.')
  }
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const header = readPngHeader(file) ?? readGifHeader(file) ?? readBmpHeader(file) ?? readJpegHeader(file)
  if (header === null || header.width === 0 || header.height === 0) throw unreadablePicture()
  if (header.width * header.height > mostPixels) {
    throw new AppError(
      'picture-unreadable',
      `The picture has ${Math.ceil((header.width * header.height) / 1e6)} megapixels and may have ${mostPixels / 1e6}; crop it to the QR code and try again.`
    )
  }
  if (header.mostDataBytes !== undefined) await checkPngData(file, header.mostDataBytes)
  return { width: header.width, height: header.height }
}

export function unreadablePicture(): AppError {
  return new AppError(
    'picture-unreadable',
    'The file is not a picture that can be read here, or it is damaged; PNG, JPEG, GIF and BMP files are read.'
  )
}

function readPngHeader(file: Buffer): PictureHeader | null {
  if (file.length < 33 || file.toString('latin1', 0, 8) !== '\x89PNG\r\n\x1a\n') return null
  if (file.readUInt32BE(8) !== 13 || file.toString('latin1', 12, 16) !== 'IHDR') return null
  const width = file.readUInt32BE(16)
  const height = file.readUInt32BE(20)
  const depth = file.readUInt8(24)
  const channels = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[file.readUInt8(25)]
  if (depth > 16 || channels === undefined) return null
  const rowBytes = 1 + Math.ceil((width * channels * depth) / 8)
  // An interlaced picture has nearly twice as many rows, each with a filter byte and a rounding-up of its own.
  return { width, height, mostDataBytes: (rowBytes + 8) * height + 64 }
}

function readGifHeader(file: Buffer): PictureHeader | null {
  if (file.length < 10 || !/^GIF8[79]a$/.test(file.toString('latin1', 0, 6))) return null
  return { width: file.readUInt16LE(6), height: file.readUInt16LE(8) }
}

function readBmpHeader(file: Buffer): PictureHeader | null {
  if (file.length < 26 || file.toString('latin1', 0, 2) !== 'BM') return null
  if (file.readUInt32LE(14) === 12) {
    return { width: file.readUInt16LE(18), height: file.readUInt16LE(20) }
  }
  // A negative height means that the rows are stored from top to bottom.
  return { width: file.readUInt32LE(18), height: Math.abs(file.readInt32LE(22)) }
}

/** Walks the segments up to the frame header just as the decoder does, so that both find the same one. */
function readJpegHeader(file: Buffer): PictureHeader | null {
  if (file.length < 4 || file.readUInt16BE(0) !== 0xffd8) return null
  let offset = 2
  for (;;) {
    offset = file.indexOf(0xff, offset)
    if (offset < 0) return null
    while (file[offset] === 0xff) offset++
    const marker = file[offset++]
    if (marker === undefined || offset + 7 > file.length) return null
    if (marker >= 0xc0 && marker <= 0xc2) {
      if (countJpegScans(file) > mostJpegScans) return null
      return { height: file.readUInt16BE(offset + 3), width: file.readUInt16BE(offset + 5) }
    }
    const isTable = marker === 0xc4 || marker === 0xdb || marker === 0xdd
    const isText = marker === 0xfe || (marker >= 0xe0 && marker <= 0xef)
    if (!isTable && !isText) return null
    offset += file.readUInt16BE(offset)
  }
}

/** Counts start-of-scan markers anywhere, a thumbnail's too; compressed data never holds one. */
function countJpegScans(file: Buffer): number {
  const startOfScan = Buffer.of(0xff, 0xda)
  let scans = 0
  for (let offset = file.indexOf(startOfScan); offset >= 0; offset = file.indexOf(startOfScan, offset + 2)) scans++
  return scans
}

/** Unfolds a PNG's data piece by piece, keeping none, since a small header does not keep 20 MB from unfolding to 20 GB. */
async function checkPngData(file: Buffer, mostDataBytes: number): Promise<void> {
  const parts: Buffer[] = []
  let offset = 8
  while (offset + 12 <= file.length) {
    const length = file.readUInt32BE(offset)
    const type = file.toString('latin1', offset + 4, offset + 8)
    if (type === 'IDAT') parts.push(file.subarray(offset + 8, offset + 8 + length))
    if (type === 'IEND') break
    offset += 12 + length
  }
  let dataBytes = 0
  try {
    await pipeline(Readable.from(parts), createInflate(), async (pieces: AsyncIterable<Buffer>) => {
      for await (const piece of pieces) {
        dataBytes += piece.length
        if (dataBytes > mostDataBytes) throw unreadablePicture()
      }
    })
  } catch {
    throw unreadablePicture()
  }
}
