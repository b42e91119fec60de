import { describe, expect, it } from 'vitest'
import { codeBits, mostTries, oddsAgainst, type GuessPolicy } from '../../src/shared/code-strength.ts'

const hour = 3_600_000
const usual: GuessPolicy = { wrongAttempts: 5, firstLockMs: 30_000, longestLockMs: hour, endAfter: null }

describe('the strength of a code', () => {
  it('is 50 bits by default and 43 with thirteen digits', () => {
    expect(codeBits('base32', 10)).toBe(50)
    expect(Math.floor(codeBits('digits', 13))).toBe(43)
  })

  it('is one chance in 225 million million for five tries by default', () => {
    expect(Math.floor(oddsAgainst('base32', 10, 5) / 1e12)).toBe(225)
  })

  it('is never less than one chance in one', () => {
    expect(oddsAgainst('digits', 6, 1e9)).toBe(1)
  })
})

/** Tries one by one, waiting as the server makes a guesser wait. */
function triesByPlaying(lifeMs: number, policy: GuessPolicy): number {
  let [nowMs, tries, locks] = [0, 0, 0]
  while (nowMs < lifeMs) {
    tries += policy.wrongAttempts
    nowMs += Math.min(policy.longestLockMs, policy.firstLockMs * 2 ** locks++)
  }
  return Math.min(tries, policy.endAfter ?? Infinity)
}

describe('the tries that the lock-out lets through', () => {
  it.each([
    [24 * hour, usual],
    [7 * 24 * hour, usual],
    [60_000, usual],
    [30_000, usual],
    [10 * 60_000, { ...usual, wrongAttempts: 1 }],
    [24 * hour, { ...usual, firstLockMs: hour }],
    [24 * hour, { ...usual, firstLockMs: 2 * hour }],
    [24 * hour, { ...usual, firstLockMs: 1000, longestLockMs: 1000 }],
    [24 * hour, { ...usual, endAfter: 7 }]
  ])('in %d ms with %o', (lifeMs, policy) => {
    expect(mostTries(lifeMs, policy)).toBe(triesByPlaying(lifeMs, policy))
  })

  it('are counted in no time for the longest life and the shortest lock', () => {
    expect(mostTries(30 * 24 * hour, { ...usual, firstLockMs: 1000, longestLockMs: 1000 })).toBe(5 * 30 * 24 * 3600)
  })
})
