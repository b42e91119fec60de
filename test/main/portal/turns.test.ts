import { setImmediate as nextRound } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createTurns } from '../../../src/main/portal/turns.ts'

it('lets one go on in each round, in the order in which they came, also those who come meanwhile', async () => {
  const turn = createTurns()
  const gone: number[] = []
  const go = async (number: number) => {
    await turn()
    gone.push(number)
    if (number === 1) void go(4)
  }
  for (const number of [1, 2, 3]) void go(number)
  const seen: number[] = []
  for (let round = 0; round < 6; round++) {
    await nextRound()
    seen.push(gone.length)
  }
  expect(gone).toEqual([1, 2, 3, 4])
  expect(seen.every((count, index) => count - (seen[index - 1] ?? 0) <= 1)).toBe(true)
})
