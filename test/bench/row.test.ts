import { describe, expect, it } from 'vitest'
import { measureRow, median, type LimitRow, type SpeedRow } from './row.ts'

/** Which side is the faster is left to chance here: the figures to hold are so low or so high that it cannot matter. */
function speedRow(change: Partial<SpeedRow>): SpeedRow {
  const work = { operations: 10, run: () => {} }
  return { kind: 'speed', name: 'work', ours: work, reference: { name: 'other', ...work }, holdRatio: 0, ...change }
}

const limitRow: LimitRow = { kind: 'limit', name: 'size', unit: 'bytes', measure: () => 650, hold: { atMost: 650 } }

describe('measureRow', () => {
  it('compares operations per second and says whether the figure was held, reached its aim or was missed', async () => {
    const held = await measureRow(speedRow({}))
    expect(held).toMatchObject({ unit: '/s', hold: '≥0×', verdict: 'held' })
    expect(held.ratio).toBeCloseTo(held.ours / (held.reference?.value ?? 0))
    expect(await measureRow(speedRow({ aimRatio: 0 }))).toMatchObject({ verdict: 'aim reached' })
    expect(await measureRow(speedRow({ holdRatio: Infinity }))).toMatchObject({ verdict: 'MISSED' })
  })

  it('misses a figure whose ratio is held but whose operations per second are too few', async () => {
    expect(await measureRow(speedRow({ holdPerSecond: Infinity }))).toMatchObject({
      hold: '≥0×, ≥Infinity/s',
      verdict: 'MISSED'
    })
  })

  it('runs both sides equally often and in turn', async () => {
    const order: string[] = []
    const side = (name: string) => ({ operations: 1, run: () => void order.push(name) })
    await measureRow(
      speedRow({ ours: side('ours'), reference: { name: 'reference', ...side('reference') }, rounds: 3 })
    )
    expect(order).toEqual([
      'ours',
      'reference',
      'reference',
      'ours',
      'ours',
      'reference',
      'reference',
      'ours',
      'ours',
      'reference'
    ])
  })

  it('holds a number against a limit from above or below', async () => {
    expect(await measureRow(limitRow)).toMatchObject({ ours: 650, ratio: null, hold: '≤650', verdict: 'held' })
    expect(await measureRow({ ...limitRow, measure: () => 651 })).toMatchObject({ verdict: 'MISSED' })
    expect(await measureRow({ ...limitRow, hold: { atLeast: 651 } })).toMatchObject({ hold: '≥651', verdict: 'MISSED' })
    expect(await measureRow({ ...limitRow, reference: { name: 'other', value: 1300 } })).toMatchObject({ ratio: 0.5 })
  })
})

describe('median', () => {
  it('takes the middle value, or the mean of the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5)
    expect(median([4, 1, 2, 9])).toBe(3)
    expect(() => median([])).toThrow(RangeError)
  })
})
