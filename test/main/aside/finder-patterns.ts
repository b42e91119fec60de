import { crc32, deflateSync } from 'node:zlib'

/** A PNG of a few kilobytes, full of the corner patterns of QR codes: a decoder tries every three of them that could be one code. */
export function drawFinderPatterns({ sidePx, modulePx, everyPx }: Record<'sidePx' | 'modulePx' | 'everyPx', number>) {
  const margin = 20
  const isDark = (x: number, y: number): boolean => {
    if (Math.min(x, y) < margin || Math.max(x, y) >= sidePx - margin - 7 * modulePx) return false
    const column = Math.floor(((x - margin) % everyPx) / modulePx)
    const row = Math.floor(((y - margin) % everyPx) / modulePx)
    return column < 7 && row < 7 && Math.max(Math.abs(column - 3), Math.abs(row - 3)) !== 2
  }
  const rowBytes = 1 + Math.ceil(sidePx / 8)
  const data = Buffer.alloc(rowBytes * sidePx, 0xff)
  for (let y = 0; y < sidePx; y++) {
    data[y * rowBytes] = 0
    for (let x = 0; x < sidePx; x++) {
      const at = y * rowBytes + 1 + (x >> 3)
      if (isDark(x, y)) data[at] = (data[at] ?? 0) & ~(128 >> (x & 7))
    }
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(sidePx, 0)
  header.writeUInt32BE(sidePx, 4)
  header[8] = 1
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(data)),
    chunk('IEND', Buffer.alloc(0))
  ])
}

/** Takes a decoder half a minute on a machine of 2026. */
export const slowPicture = () => drawFinderPatterns({ sidePx: 7000, modulePx: 3, everyPx: 34 })

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(content.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
