import { crc32, inflateSync } from 'node:zlib'

export interface ParsedPng {
  width: number
  height: number
  bitDepth: number
  colourType: number
  interlace: number
  chunks: string[]
  /** Rows of samples, 0 or 1, with the filters undone. */
  rows: number[][]
}

/** Reads a 1-bit greyscale PNG by the specification alone; throws where the file breaks it. */
export function parsePng(file: Buffer): ParsedPng {
  if (file.toString('latin1', 0, 8) !== '\x89PNG\r\n\x1a\n') throw new Error('no PNG signature')
  const chunks: { type: string; data: Buffer }[] = []
  for (let offset = 8; offset < file.length;) {
    const length = file.readUInt32BE(offset)
    const end = offset + 8 + length
    if (crc32(file.subarray(offset + 4, end)) !== file.readUInt32BE(end)) throw new Error('wrong checksum')
    chunks.push({ type: file.toString('latin1', offset + 4, offset + 8), data: file.subarray(offset + 8, end) })
    offset = end + 4
  }
  const header = chunks[0]?.data ?? Buffer.alloc(13)
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  const data = inflateSync(Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map((chunk) => chunk.data)))
  const stride = 1 + Math.ceil(width / 8)
  if (data.length !== stride * height) throw new Error('wrong length of data')
  let above = Buffer.alloc(stride - 1)
  const rows = Array.from({ length: height }, (_, y) => {
    const filter = data[y * stride]
    if (filter !== 0 && filter !== 2) throw new Error(`filter ${filter}`)
    const packed = Buffer.from(data.subarray(y * stride + 1, (y + 1) * stride))
    if (filter === 2) packed.forEach((byte, x) => packed.writeUInt8((byte + (above[x] ?? 0)) & 0xff, x))
    above = packed
    return Array.from({ length: width }, (_none, x) => ((packed[x >>> 3] ?? 0) >>> (7 - (x & 7))) & 1)
  })
  return {
    width,
    height,
    bitDepth: header.readUInt8(8),
    colourType: header.readUInt8(9),
    interlace: header.readUInt8(12),
    chunks: chunks.map(({ type }) => type),
    rows
  }
}
