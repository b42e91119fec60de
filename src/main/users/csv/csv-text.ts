import { isUtf8 } from 'node:buffer'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { AppError } from '../../../shared/errors.ts'
import { maxFileBytes, maxFileMib } from '../../../shared/file-limit.ts'
import type { ImportReading } from '../../../shared/user.ts'

/** Decoding this much takes a few milliseconds, after which other work may run. */
const utf16SliceBytes = 1024 * 1024
const lineFeed = 0x0a
const carriageReturn = 0x0d

/** The text of a file as UTF-8 without byte order mark, and how it was encoded. Throws `import-unreadable` for what is no text. */
export async function decodeText(content: Uint8Array): Promise<{ encoding: ImportReading['encoding']; text: Buffer }> {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  if (bytes.length > maxFileBytes) {
    throw new AppError('import-unreadable', `The file is larger than ${maxFileMib} MiB. Import it in parts.`)
  }
  refuseOtherFormats(bytes)
  const encoding = detectEncoding(bytes)
  return { encoding, text: encoding === 'utf-8' ? fromUtf8(bytes) : await fromUtf16(bytes, encoding) }
}

function refuseOtherFormats(bytes: Buffer): void {
  const hasSignature = (...signature: number[]) => bytes.subarray(0, signature.length).equals(Buffer.from(signature))
  const isUtf32 = hasSignature(0xff, 0xfe, 0, 0) || hasSignature(0, 0, 0xfe, 0xff)
  if (isUtf32) throw new AppError('import-unreadable', 'This file is UTF-32; save it as UTF-8.')
  if (hasSignature(...Buffer.from('%PDF-'))) {
    throw new AppError('import-unreadable', 'This is a PDF file; save the list of users as CSV in UTF-8.')
  }
  const isZip = hasSignature(0x50, 0x4b, 0x03, 0x04)
  const isOpenDocument = isZip && bytes.subarray(0, 128).includes('opendocument.spreadsheet')
  const isWorkbook = isZip && ['[Content_Types].xml', 'xl/'].some((part) => bytes.includes(part))
  // The compound file of Excel until 2003.
  const isOldWorkbook = hasSignature(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1)
  if (isOpenDocument) {
    throw new AppError('import-unreadable', 'This is an OpenDocument spreadsheet; save it as CSV in UTF-8.')
  }
  if (isWorkbook || isOldWorkbook) {
    throw new AppError('import-unreadable', 'This is an Excel workbook; save it as “CSV UTF-8”.')
  }
  if (isZip) throw new AppError('import-unreadable', 'This is a ZIP archive; import the CSV file that is in it.')
}

/** By the byte order mark; without one by the header, which is mostly ASCII: UTF-16 makes every other of its bytes a NUL. */
function detectEncoding(bytes: Buffer): ImportReading['encoding'] {
  if (hasByteOrderMark(bytes)) return bytes[0] === 0xff ? 'utf-16le' : 'utf-16be'
  const start = bytes.subarray(0, 256)
  const lineBreak = start.findIndex(isLineBreak)
  const header = lineBreak === -1 ? start : start.subarray(0, lineBreak)
  let even = 0
  let odd = 0
  for (const [index, byte] of header.entries()) {
    if (byte === 0 && index % 2 === 0) even += 1
    else if (byte === 0) odd += 1
  }
  const many = header.length / 4
  if (odd > many && even < odd / 10) return 'utf-16le'
  if (even > many && odd < even / 10) return 'utf-16be'
  return 'utf-8'
}

function fromUtf8(bytes: Buffer): Buffer {
  const text = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
  if (isUtf8(text)) return text
  if (bytes.subarray(0, 4096).includes(0)) {
    throw new AppError('import-unreadable', 'This is not a text file; save the list of users as CSV in UTF-8.')
  }
  throw notText(lineOfBadUtf8(text), 'UTF-8')
}

async function fromUtf16(bytes: Buffer, encoding: 'utf-16le' | 'utf-16be'): Promise<Buffer> {
  if (bytes.length % 2 !== 0) {
    throw new AppError('import-unreadable', 'The file is cut off: UTF-16 text has an even number of bytes.')
  }
  const isSwapped = encoding === 'utf-16be'
  const highByte = isSwapped ? 0 : 1
  const parts: Buffer[] = []
  let end = 0
  for (let start = hasByteOrderMark(bytes) ? 2 : 0; start < bytes.length; start = end) {
    end = Math.min(start + utf16SliceBytes, bytes.length)
    // The second half of a pair must stay with its first.
    if (((bytes[end - 2 + highByte] ?? 0) & 0xfc) === 0xd8) end = Math.min(end + 2, bytes.length)
    const slice = bytes.subarray(start, end)
    const text = (isSwapped ? Buffer.from(slice).swap16() : slice).toString('utf16le')
    if (!text.isWellFormed()) {
      const before = Buffer.concat([...parts, Buffer.from(text.slice(0, /\p{Cs}/u.exec(text)?.index))])
      throw notText(1 + countLineBreaks(before), 'UTF-16')
    }
    parts.push(Buffer.from(text))
    await nextTurn()
  }
  return Buffer.concat(parts)
}

function hasByteOrderMark(bytes: Buffer): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
}

function notText(line: number, encoding: string): AppError {
  return new AppError('import-unreadable', `Line ${line} is not ${encoding} text; save the file as “CSV UTF-8”.`)
}

export function isLineBreak(byte: number | undefined): boolean {
  return byte === lineFeed || byte === carriageReturn
}

/** Line breaks that end in bytes `start` to `end` of a text: `\r\n`, `\n` and a lone `\r` are one each. */
export function countLineBreaks(text: Uint8Array, start = 0, end = text.length): number {
  let breaks = 0
  for (let at = start; at < end; at++) {
    if (text[at] === lineFeed || (text[at] === carriageReturn && text[at + 1] !== lineFeed)) breaks += 1
  }
  return breaks
}

function lineOfBadUtf8(text: Buffer): number {
  let start = 0
  // Line breaks are bytes of no other character, so lines can be judged apart; in blocks first, as there may be millions.
  for (let end = 0; end < text.length;) {
    end = text.indexOf(lineFeed, start + 65_536) + 1 || text.length
    if (!isUtf8(text.subarray(start, end))) break
    start = end
  }
  for (let at = start; at < text.length; at++) {
    if (!isLineBreak(text[at])) continue
    if (!isUtf8(text.subarray(start, at))) break
    start = at + 1
  }
  return 1 + countLineBreaks(text, 0, start)
}
