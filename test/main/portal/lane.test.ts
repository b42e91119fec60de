import { setImmediate as nextRound } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFairQueue } from '../../../src/main/portal/fair-queue.ts'
import { createLane } from '../../../src/main/portal/lane.ts'

function openLane(limits: { maxRunning: number; maxWaiting: number }) {
  const lane = createLane(limits)
  const gone: string[] = []
  const refused: string[] = []
  const leaves = new Map<string, () => void>()
  const enter = (name: string, { client = 'one', hasLeft = (): boolean => false } = {}) =>
    lane.enter({
      client,
      isGone: hasLeft,
      go(leave) {
        gone.push(name)
        leaves.set(name, leave)
      },
      refuse: () => void refused.push(name)
    })
  const rounds = async (count: number) => {
    for (let round = 0; round < count; round++) await nextRound()
  }
  return { enter, gone, refused, rounds, leave: (name: string) => leaves.get(name)?.() }
}

describe('a lane of requests', () => {
  it('lets one go on in each round, in the order in which they came', async () => {
    const { enter, gone, rounds } = openLane({ maxRunning: 10, maxWaiting: 10 })
    for (const name of ['a', 'b', 'c', 'd']) enter(name)
    const seen: number[] = []
    for (let round = 0; round < 6; round++) {
      await rounds(1)
      seen.push(gone.length)
    }
    expect(gone).toEqual(['a', 'b', 'c', 'd'])
    expect(seen.every((count, index) => count - (seen[index - 1] ?? 0) <= 1)).toBe(true)
  })

  it('works on so many at once and no more, and goes on when one has left, however often it says so', async () => {
    const { enter, gone, rounds, leave } = openLane({ maxRunning: 2, maxWaiting: 10 })
    for (const name of ['a', 'b', 'c', 'd', 'e']) enter(name)
    await rounds(10)
    expect(gone).toEqual(['a', 'b'])
    leave('a')
    leave('a')
    await rounds(10)
    expect(gone).toEqual(['a', 'b', 'c'])
  })

  it('refuses who finds no room, and spends neither turn nor room on who has left', async () => {
    const { enter, gone, refused, rounds, leave } = openLane({ maxRunning: 1, maxWaiting: 2 })
    enter('a')
    await rounds(2)
    let hasLeft = false
    enter('b', { hasLeft: () => hasLeft })
    enter('c')
    enter('d')
    expect(refused).toEqual(['d'])
    hasLeft = true
    enter('e')
    leave('a')
    await rounds(3)
    leave('c')
    await rounds(3)
    expect([gone, refused]).toEqual([['a', 'c', 'e'], ['d']])
  })

  it('gives a client its turn however many another one has waiting, and takes the room for it from that one', async () => {
    const { enter, gone, refused, rounds, leave } = openLane({ maxRunning: 1, maxWaiting: 4 })
    enter('first', { client: 'crowd' })
    await rounds(2)
    for (const name of ['c1', 'c2', 'c3', 'c4']) enter(name, { client: 'crowd' })
    enter('good', { client: 'good' })
    expect(refused).toEqual(['c4'])
    leave('first')
    await rounds(3)
    leave('c1')
    await rounds(3)
    expect(gone).toEqual(['first', 'c1', 'good'])
  })
})

describe('a fair queue', () => {
  it('never holds more than it may, loses nothing, and keeps the order of each client', () => {
    const steps = fc.array(
      fc.oneof({ weight: 3, arbitrary: fc.constantFrom('a', 'b', 'c') }, { weight: 1, arbitrary: fc.constant(null) }),
      { maxLength: 200 }
    )
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 6 }), (given, maxWaiting) => {
        const queue = createFairQueue<{ client: string; number: number }>(maxWaiting)
        const taken: { client: string; number: number }[] = []
        const displaced: typeof taken = []
        let added = 0
        for (const client of given) {
          if (client === null) taken.push(...[queue.take()].filter((item) => item !== undefined))
          else displaced.push(...[queue.add(client, { client, number: added++ })].filter((item) => item !== null))
          expect(queue.size()).toBeLessThanOrEqual(maxWaiting)
        }
        while (queue.size() > 0) taken.push(...[queue.take()].filter((item) => item !== undefined))
        expect(taken.length + displaced.length).toBe(added)
        for (const client of ['a', 'b', 'c']) {
          const numbers = taken.filter((item) => item.client === client).map(({ number }) => number)
          expect(numbers).toEqual(numbers.toSorted((one, other) => one - other))
        }
      })
    )
  })
})
