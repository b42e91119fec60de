import { performance } from 'node:perf_hooks'

/** A batch of work that is timed as a whole; `operations` is how many it does each time it runs. */
export interface BenchWork {
  operations: number
  run(): void | Promise<void>
}

/** Ours against a named reference, in operations per second, both timed in turn. */
export interface SpeedRow {
  kind: 'speed'
  name: string
  ours: BenchWork
  reference: BenchWork & { name: string }
  /** Least ours / reference that must be held, and what is aimed at. */
  holdRatio: number
  aimRatio?: number
  /** Least operations per second that must be held besides. */
  holdPerSecond?: number
  /** Timed runs of each side; 15 if not given. */
  rounds?: number
}

/** One measured number with a limit, for instance bytes or milliseconds; the reference is shown beside it. */
export interface LimitRow {
  kind: 'limit'
  name: string
  unit: string
  measure(): number | Promise<number>
  reference?: { name: string; value: number }
  hold: { atMost: number } | { atLeast: number }
}

export type BenchRow = SpeedRow | LimitRow

/** What a `*.bench.ts` file gives from the function `bench` that it exports. */
export interface Bench {
  rows: BenchRow[]
  close?(): void | Promise<void>
}

/** A row as it is printed and written; ratio is null where there is no reference. */
export interface BenchResult {
  name: string
  unit: string
  ours: number
  reference: { name: string; value: number } | null
  ratio: number | null
  hold: string
  verdict: 'held' | 'aim reached' | 'MISSED'
}

export function measureRow(row: BenchRow): Promise<BenchResult> {
  return row.kind === 'speed' ? measureSpeed(row) : measureLimit(row)
}

async function measureSpeed(row: SpeedRow): Promise<BenchResult> {
  const { ours, reference, rounds = 15 } = row
  const oursPerSecond: number[] = []
  const referencePerSecond: number[] = []
  // The first two rounds let the compiler settle. The order changes each round, so that neither side always runs on a warmer cache.
  for (let round = -2; round < rounds; round++) {
    const sides: [BenchWork, number[]][] = [
      [ours, oursPerSecond],
      [reference, referencePerSecond]
    ]
    for (const [work, perSecond] of round % 2 === 0 ? sides : sides.toReversed()) {
      const startedMs = performance.now()
      await work.run()
      const tookMs = performance.now() - startedMs
      if (round >= 0) perSecond.push((work.operations / tookMs) * 1000)
    }
  }
  const measured = median(oursPerSecond)
  const compared = median(referencePerSecond)
  const ratio = measured / compared
  const isHeld = ratio >= row.holdRatio && measured >= (row.holdPerSecond ?? 0)
  const isAimReached = row.aimRatio !== undefined && ratio >= row.aimRatio
  return {
    name: row.name,
    unit: '/s',
    ours: measured,
    reference: { name: reference.name, value: compared },
    ratio,
    hold: `≥${row.holdRatio}×` + (row.holdPerSecond === undefined ? '' : `, ≥${row.holdPerSecond}/s`),
    verdict: !isHeld ? 'MISSED' : isAimReached ? 'aim reached' : 'held'
  }
}

async function measureLimit(row: LimitRow): Promise<BenchResult> {
  const ours = await row.measure()
  const isHeld = 'atMost' in row.hold ? ours <= row.hold.atMost : ours >= row.hold.atLeast
  return {
    name: row.name,
    unit: row.unit,
    ours,
    reference: row.reference ?? null,
    ratio: row.reference === undefined ? null : ours / row.reference.value,
    hold: 'atMost' in row.hold ? `≤${row.hold.atMost}` : `≥${row.hold.atLeast}`,
    verdict: isHeld ? 'held' : 'MISSED'
  }
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >>> 1
  const upper = sorted[middle]
  if (upper === undefined) throw new RangeError('the median of nothing')
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2
}
