import { describe, expect, it } from 'vitest'
import {
  briefTime,
  earlierTime,
  exactTime,
  relativeTime,
  spanWords,
  timeZone,
  zoneName
} from '../../../src/renderer/words/time.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

describe('times in words', () => {
  it.each([
    [0, 'less than a minute'],
    [minute, '1 min'],
    [90 * minute, '90 min'],
    [3 * hour - 1000, '3 h'],
    [24 * hour - 1, '24 h'],
    [47 * hour, '47 h'],
    [2 * day, '2 days'],
    [7 * day - hour, '7 days']
  ])('%i ms are %s', (durationMs, words) => {
    expect(spanWords(durationMs)).toBe(words)
  })

  const now = Date.UTC(2026, 10, 24, 12)
  it.each([
    [now + 3 * hour, 'in 3 h'],
    [now + 20_000, 'in less than a minute'],
    [now, 'just now'],
    [now - 59_000, 'just now'],
    [now - 2 * minute, '2 min ago'],
    [now - 5 * day, '5 days ago']
  ])('%i is %s', (atMs, words) => {
    expect(relativeTime(atMs, now)).toBe(words)
  })

  it('is a date where it is long ago', () => {
    expect(relativeTime(now - 200 * day, now)).toMatch(/May.*2026/)
  })

  it('always names a zone and never counts from GMT', () => {
    for (const atMs of [now, now + 180 * day]) {
      expect(zoneName(atMs)).toMatch(/^[A-Z]/)
      expect(zoneName(atMs)).not.toMatch(/[+-]\d/)
      expect(briefTime(atMs)).toContain(zoneName(atMs))
      expect(exactTime(atMs)).toContain(timeZone)
      expect(exactTime(atMs).split(timeZone)).toHaveLength(2)
    }
  })

  it('says how long before another time one was, never in the negative', () => {
    expect(earlierTime(now - 4 * minute, now)).toBe('4 min earlier')
    expect(earlierTime(now + minute, now)).toBe('less than a minute earlier')
  })
})
