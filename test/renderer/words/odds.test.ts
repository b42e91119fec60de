import { describe, expect, it } from 'vitest'
import { largeNumberWords } from '../../../src/renderer/words/odds.ts'
import { exactSpan } from '../../../src/renderer/words/time.ts'

describe('a large number in words', () => {
  it.each([
    [1, '1'],
    [200_000, '200,000'],
    [1_999_999, '1.99 million'],
    [1_070_000_000, '1,070 million'],
    [2 ** 50 / 5, '225 million million'],
    [2 ** 60, '1.15 million million million'],
    [36 ** 24, 'more than a million million million million']
  ])('%d', (value, words) => {
    expect(largeNumberWords(value)).toBe(words)
  })
})

describe('a length of time in words', () => {
  it.each([
    [30_000, '30 seconds'],
    [86_400_000, '1 day'],
    [129_600_000, '1 day 12 hours'],
    [3_661_000, '1 hour 1 minute 1 second']
  ])('%d ms', (durationMs, words) => {
    expect(exactSpan(durationMs)).toBe(words)
  })
})
