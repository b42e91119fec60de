import { closeSync, openSync, readSync } from 'node:fs'

/*
 * SQLite reads its write-ahead log up to the first frame that does not fit, since a power cut may leave such an end. A byte that
 * changed further up looks the same to it: what was committed after it would be gone without a word, and used codes would live
 * again. (https://sqlite.org/fileformat2.html#the_write_ahead_log)
 */

const headerBytes = 32
const frameHeaderBytes = 24
const usualPageBytes = 4096

interface Sums {
  one: number
  two: number
}

/**
 * Whether frames that were committed lie behind one that does not fit. After a power cut the last transaction alone may be torn:
 * nothing follows it, since the next one begins only when it is on the disk. So a frame that continues from a commit proves that
 * what came before was whole once. The last transaction itself cannot be told from a torn one.
 */
export function hasLostCommits(logFile: string): boolean {
  const descriptor = openSync(logFile, 'r')
  try {
    for (;;) {
      const first = findBreak(descriptor)
      if (first === null) return false
      // Another program may write meanwhile, over what was left there or from the beginning: the header first, then each frame.
      const isStill = first.every(({ at, bytes }) => read(descriptor, at, bytes.length).equals(bytes))
      if (isStill) return true
    }
  } finally {
    closeSync(descriptor)
  }
}

interface Piece {
  at: number
  bytes: Buffer
}

/** The header and the first frame that does not fit, where there is a frame behind it that continues from a commit; else null. */
function findBreak(descriptor: number): Piece[] | null {
  const header = read(descriptor, 0, headerBytes)
  if (header.length < headerBytes || header.every((byte) => byte === 0)) return null
  const magic = header.readUInt32BE(0)
  const isLittle = magic !== 0x377f0683
  const start = sumsAt(header, 24)
  const isHeaderWhole =
    (magic & 0xfffffffe) === 0x377f0682 && isSame(sum(header.subarray(0, 24), { one: 0, two: 0 }, isLittle), start)
  const pageBytes = isHeaderWhole ? header.readUInt32BE(8) : usualPageBytes
  const broken: Piece[] = [{ at: 0, bytes: header }]
  let before = { salts: header.subarray(16, 24), sums: start }
  let isWhole = isHeaderWhole
  let isAfterCommit = false
  for (let at = headerBytes; ; at += frameHeaderBytes + pageBytes) {
    const frame = read(descriptor, at, frameHeaderBytes + pageBytes)
    if (frame.length < frameHeaderBytes + pageBytes) return null
    const salts = frame.subarray(8, 16)
    const sums = sumsAt(frame, 16)
    const fits =
      salts.equals(before.salts) &&
      isSame(sum(frame.subarray(frameHeaderBytes), sum(frame.subarray(0, 8), before.sums, isLittle), isLittle), sums)
    if (!isWhole && fits && isAfterCommit) return broken
    if (isWhole && !fits) broken.push({ at, bytes: frame })
    isWhole &&= fits
    isAfterCommit = fits && frame.readUInt32BE(4) !== 0
    before = { salts: isHeaderWhole ? before.salts : salts, sums }
  }
}

function sum(bytes: Buffer, { one, two }: Sums, isLittle: boolean): Sums {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let at = 0; at < bytes.length; at += 8) {
    one = (one + view.getUint32(at, isLittle) + two) >>> 0
    two = (two + view.getUint32(at + 4, isLittle) + one) >>> 0
  }
  return { one, two }
}

function sumsAt(bytes: Buffer, at: number): Sums {
  return { one: bytes.readUInt32BE(at), two: bytes.readUInt32BE(at + 4) }
}

function isSame(sums: Sums, others: Sums): boolean {
  return sums.one === others.one && sums.two === others.two
}

function read(descriptor: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  return bytes.subarray(0, readSync(descriptor, bytes, 0, length, at))
}
