import { create, type QRCodeMaskPattern } from 'qrcode'

// `qrcode` can choose the mask itself but spends nine tenths of its time on that. Here rows and columns are packed into words,
// so that one operation looks at 32 of them. Line r is `words` 32-bit words from r × words on; place c of it is bit c mod 32 of
// word c / 32.

const maskPatterns: readonly QRCodeMaskPattern[] = [0, 1, 2, 3, 4, 5, 6, 7]

/** What a mask changes against mask 0: data modules, and the format bits that name the mask. */
interface MaskChange {
  modules: Uint8Array
  rows: Int32Array
  columns: Int32Array
}

const changesByVersion = new Map<number, MaskChange[]>()

/** The symbol, given with mask 0 and level M, redrawn with the mask that ISO/IEC 18004 rates best. */
export function bestMaskedModules(modules: Uint8Array, size: number, version: number): Uint8Array {
  const penalties = maskPenalties(modules, size, version)
  const change = changesOf(version)[penalties.indexOf(Math.min(...penalties))]
  return change === undefined ? modules : changeModules(modules, change.modules)
}

/** The penalty (ISO/IEC 18004:2015, 7.8.3) of each of the eight masks, for a symbol given with mask 0 and level M. */
export function maskPenalties(modules: Uint8Array, size: number, version: number): number[] {
  const rows = packLines(modules, size, size, 1)
  const columns = packLines(modules, size, 1, size)
  return changesOf(version).map((change) => {
    const maskedRows = exclusiveOr(rows, change.rows)
    const maskedColumns = exclusiveOr(columns, change.columns)
    return alongPenalty(maskedRows, size) + alongPenalty(maskedColumns, size) + areaPenalty(maskedRows, size)
  })
}

/** The changes depend on the version alone, so drawing any one text with every mask tells them. */
function changesOf(version: number): MaskChange[] {
  const known = changesByVersion.get(version)
  if (known !== undefined) return known
  const drawn = maskPatterns.map(
    (maskPattern) =>
      create([{ mode: 'byte', data: Buffer.of(0) }], { version, errorCorrectionLevel: 'M', maskPattern }).modules
  )
  const changes = drawn.map(({ data, size }) => {
    const modules = changeModules(data, drawn[0]?.data ?? data)
    return { modules, rows: packLines(modules, size, size, 1), columns: packLines(modules, size, 1, size) }
  })
  changesByVersion.set(version, changes)
  return changes
}

function exclusiveOr(some: Int32Array, others: Int32Array): Int32Array {
  const result = new Int32Array(some.length)
  for (let index = 0; index < result.length; index++) result[index] = (some[index] ?? 0) ^ (others[index] ?? 0)
  return result
}

/** Apart from `exclusiveOr`, for a loop over two kinds of array is three times slower. */
function changeModules(modules: Uint8Array, change: Uint8Array): Uint8Array {
  const result = new Uint8Array(modules.length)
  for (let index = 0; index < result.length; index++) result[index] = (modules[index] ?? 0) ^ (change[index] ?? 0)
  return result
}

const wordsOf = (size: number): number => (size + 31) >>> 5

/** Which bits of a line's word are modules: the last word is seldom full. */
const usedBits = (size: number, word: number): number => (size - word * 32 >= 32 ? -1 : (1 << (size & 31)) - 1)

function packLines(modules: Uint8Array, size: number, lineStep: number, placeStep: number): Int32Array {
  const words = wordsOf(size)
  const lines = new Int32Array(size * words)
  for (let line = 0; line < size; line++) {
    for (let word = 0; word < words; word++) {
      const places = Math.min(32, size - word * 32)
      let bits = 0
      let index = line * lineStep + word * 32 * placeStep
      for (let place = 0; place < places; place++, index += placeStep) bits |= (modules[index] ?? 0) << place
      lines[line * words + word] = bits
    }
  }
  return lines
}

function countBits(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Runs of one colour (3 points for five modules, 1 for each more) and finder-like patterns (40), from line to line. */
function alongPenalty(lines: Int32Array, size: number): number {
  const words = wordsOf(size)
  let points = 0
  for (let word = 0; word < words; word++) {
    const used = usedBits(size, word)
    const at = (line: number): number => lines[line * words + word] ?? 0
    let [same, pair, pairBefore, runBefore] = [0, 0, 0, 0]
    for (let line = 1; line < size; line++) {
      const sameNow = ~(at(line) ^ at(line - 1)) & used
      const pairNow = sameNow & same
      const run = pairNow & pairBefore
      if (run !== 0) points += countBits(run) + 2 * countBits(run & ~runBefore)
      same = sameNow
      pairBefore = pair
      pair = pairNow
      runBefore = run
      if (line < 6) continue
      const blackEnds = at(line) & at(line - 2) & at(line - 3) & at(line - 4) & at(line - 6)
      const finder = blackEnds & ~(at(line - 1) | at(line - 5))
      if (finder === 0) continue
      if (line >= 10) {
        points += 40 * countBits(finder & ~(at(line - 7) | at(line - 8) | at(line - 9) | at(line - 10)))
      }
      if (line + 4 < size) {
        points += 40 * countBits(finder & ~(at(line + 1) | at(line + 2) | at(line + 3) | at(line + 4)))
      }
    }
  }
  return points
}

/** Blocks of 2 × 2 modules of one colour (3 points each) and the share of black (10 for every 5 % away from half). */
function areaPenalty(rows: Int32Array, size: number): number {
  const words = wordsOf(size)
  let blocks = 0
  let blackModules = 0
  for (let row = 0; row < size; row++) {
    let [blackRight, whiteRight] = [0, 0]
    for (let word = words - 1; word >= 0; word--) {
      const upper = rows[row * words + word] ?? 0
      blackModules += countBits(upper)
      if (row + 1 === size) continue
      const lower = rows[(row + 1) * words + word] ?? 0
      const black = upper & lower
      const white = ~(upper | lower) & usedBits(size, word)
      blocks += countBits(black & ((black >>> 1) | (blackRight << 31)))
      blocks += countBits(white & ((white >>> 1) | (whiteRight << 31)))
      blackRight = black
      whiteRight = white
    }
  }
  const share = Math.abs(Math.ceil((blackModules * 100) / (size * size) / 5) - 10)
  return 3 * blocks + 10 * share
}
