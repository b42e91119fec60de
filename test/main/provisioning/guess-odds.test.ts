import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { chargeGuess, readStanding } from '../../../src/main/provisioning/lockout.ts'
import { openDatabase } from '../../../src/main/store/sqlite/open.ts'
import type { Db } from '../../../src/main/store/schema.ts'
import {
  maxGuessingNetworks,
  mostTriesOfNetworks,
  oddsAgainst,
  type GuessPolicy
} from '../../../src/shared/code-strength.ts'
import { settingDefaults } from '../../../src/shared/settings.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const startMs = Date.UTC(2026, 4, 4)
const usual: GuessPolicy = { wrongAttempts: 5, firstLockMs: 30_000, longestLockMs: hourMs, endAfter: null }

async function openTables(): Promise<Db> {
  const { db, close } = await openDatabase(':memory:')
  onTestFinished(close)
  return db
}

/** How somebody guesses for a while: with so many of their networks at a time, then so many others, and a pause between. */
interface Phase {
  networks: number
  moveOnBy: number
  pauseMs: number
  steps: number
}

/** Plays a day of guessing against the real tables. Returns how many guesses were compared with the code. */
async function playDay(db: Db, networks: number, phases: readonly Phase[], policy: GuessPolicy): Promise<number> {
  const usernameKey = `user ${Math.random()}`
  let nowMs = startMs
  let compared = 0
  let offset = 0
  while (nowMs < startMs + dayMs) {
    for (const phase of phases) {
      for (let step = 0; step < phase.steps && nowMs < startMs + dayMs; step++) {
        for (let index = 0; index < phase.networks; index++) {
          const guesser = { usernameKey, networkKey: `network ${(offset + index) % networks}` }
          for (;;) {
            const standing = await readStanding(db, guesser, nowMs)
            if (standing.waitsUntilMs > 0) break
            await chargeGuess(db, guesser, standing, policy, nowMs)
            compared += 1
          }
        }
        offset += phase.moveOnBy
        nowMs += phase.pauseMs
      }
    }
  }
  return compared
}

const phasesOf = (networks: number) =>
  fc.array(
    fc.record({
      networks: fc.oneof(fc.integer({ min: 1, max: networks }), fc.constantFrom(1, maxGuessingNetworks - 1, networks)),
      moveOnBy: fc.constantFrom(0, 1, maxGuessingNetworks - 1, maxGuessingNetworks),
      pauseMs: fc.oneof(fc.integer({ min: 600_000, max: 3 * hourMs }), fc.constantFrom(hourMs - 1, hourMs, hourMs + 1)),
      steps: fc.integer({ min: 1, max: 6 })
    }),
    { minLength: 1, maxLength: 4 }
  )

describe('the chance of a guesser', () => {
  it('stays under 1 in 10⁹ a day for each user with 10,000 networks, at the default length', () => {
    const { 'policy.codes.alphabet': alphabet, 'policy.codes.length': length } = settingDefaults
    const tries = mostTriesOfNetworks(dayMs, 10_000, usual)
    expect(oddsAgainst(alphabet, length, tries)).toBeGreaterThan(1e9)
  })

  it('is what the guide’s table says', () => {
    const table = [1, 50, 1000, 10_000, 65_536].map((networks) => mostTriesOfNetworks(dayMs, networks, usual))
    expect(table).toEqual([150, 7500, 97_250, 106_250, 161_786])
  })

  it('is bounded as said, however the networks are used', async () => {
    const db = await openTables()
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 120 }).chain((networks) => fc.tuple(fc.constant(networks), phasesOf(networks))),
        fc.constantFrom(usual, { ...usual, wrongAttempts: 2 }, { ...usual, firstLockMs: 600_000 }),
        async ([networks, phases], policy) => {
          const compared = await playDay(db, networks, phases, policy)
          expect(compared).toBeGreaterThan(0)
          expect(compared).toBeLessThanOrEqual(mostTriesOfNetworks(dayMs, networks, policy))
        }
      ),
      { numRuns: 25 }
    )
  })

  it('is bounded also for one who uses a thousand networks at once, and one who stays just below notice', async () => {
    const db = await openTables()
    const bound = mostTriesOfNetworks(dayMs, 1000, usual)
    const atOnce = await playDay(db, 1000, [{ networks: 1000, moveOnBy: 0, pauseMs: hourMs, steps: 1 }], usual)
    // Each network has one that nothing forbids, and gains little by more.
    expect(atOnce).toBeGreaterThan(1000)
    expect(atOnce).toBeLessThan(8000)
    const unnoticed = [
      { networks: maxGuessingNetworks - 1, moveOnBy: 0, pauseMs: 450_000, steps: 8 },
      { networks: 1, moveOnBy: maxGuessingNetworks - 1, pauseMs: 1, steps: 1 }
    ]
    const below = await playDay(db, 1000, unnoticed, usual)
    expect(below).toBeGreaterThan(atOnce)
    expect(below).toBeLessThanOrEqual(bound)
  })
})
