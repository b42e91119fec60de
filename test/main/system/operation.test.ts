import { describe, expect, it } from 'vitest'
import { chunkRows, createPace, firstChunkRows } from '../../../src/main/system/operation.ts'

const act = { actor: 'tester' }

/** Goes through rows of which each takes so long, and gives the sizes of the chunks. */
async function sizesAt(msOfRow: (row: number) => number, rows: number): Promise<number[]> {
  let nowMs = 0
  const pace = createPace(() => nowMs)
  const sizes: number[] = []
  const seen: number[] = []
  for (const chunk of pace.chunksOf(Array.from({ length: rows }, (_, row) => row))) {
    sizes.push(chunk.length)
    seen.push(...chunk)
    nowMs += chunk.reduce((sum, row) => sum + msOfRow(row), 0)
    await pace.breathe(act)
  }
  expect(seen).toEqual(Array.from({ length: rows }, (_, row) => row))
  return sizes
}

describe('the pace of a bulk act', () => {
  it('grows to the most rows where they are quick, and no further', async () => {
    expect(await sizesAt(() => 0.001, 2000)).toEqual([firstChunkRows, 250, chunkRows, chunkRows, chunkRows, 125])
  })

  it('takes so many slow rows that a chunk stays under 15 ms', async () => {
    expect(await sizesAt(() => 0.055, 1000)).toEqual([firstChunkRows, 250, 250, 250, 125])
  })

  it('falls where rows become slow, but never to nothing, and rises again', async () => {
    const sizes = await sizesAt((row) => (row >= 700 && row < 1600 ? 1 : 0.01), 4000)
    expect(Math.min(...sizes.slice(0, -1))).toBe(63)
    expect(sizes.slice(-3, -1)).toEqual([chunkRows, chunkRows])
  })

  it('does not count what comes between two chunks', async () => {
    let nowMs = 0
    const pace = createPace(() => nowMs)
    pace.chunkRows()
    nowMs += 1
    await pace.breathe(act)
    nowMs += 10_000
    expect(pace.chunkRows()).toBe(250)
    nowMs += 1
    await pace.breathe(act)
    expect(pace.chunkRows()).toBe(500)
  })
})
