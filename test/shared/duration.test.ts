import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDuration, parseDuration } from '../../src/shared/duration.ts'

describe('parseDuration', () => {
  it.each([
    ['90s', 90_000],
    ['10m', 600_000],
    ['24h', 86_400_000],
    ['7d', 604_800_000],
    ['2w', 1_209_600_000],
    ['1d12h', 129_600_000],
    [' 24H ', 86_400_000],
    ['0s', 0]
  ])('reads %j', (text, durationMs) => {
    expect(parseDuration(text)).toBe(durationMs)
  })

  it.each(['', '24', 'h', '1.5h', '-1h', '24 h', '1h 30m', '24hours', '1y', '１h', '1h\n1', 'NaNs', '9999999999s'])(
    'reads no duration in %j',
    (text) => {
      expect(parseDuration(text)).toBeNull()
    }
  )

  it('gives a whole number or null, whatever the text', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0123456789smhdw ') }))
    fc.assert(
      fc.property(text, (given) => {
        const durationMs = parseDuration(given)
        return durationMs === null || (Number.isInteger(durationMs) && durationMs >= 0)
      })
    )
  })

  it('takes a long text without taking long', () => {
    expect(parseDuration(`${'1'.repeat(100_000)}x`)).toBeNull()
    expect(parseDuration(`${'1h'.repeat(50_000)}x`)).toBeNull()
  })
})

describe('formatDuration', () => {
  it.each([
    [0, '0s'],
    [1000, '1s'],
    [60_000, '1m'],
    [90_000, '1m30s'],
    [3_600_000, '1h'],
    [86_400_000, '24h'],
    [129_600_000, '36h'],
    [172_800_000, '2d'],
    [604_800_000, '7d'],
    [694_861_000, '8d1h1m1s']
  ])('writes %d ms', (durationMs, text) => {
    expect(formatDuration(durationMs)).toBe(text)
  })

  it('writes what reads back as the same, to the second', () => {
    fc.assert(
      fc.property(fc.nat(100_000_000), (seconds) => parseDuration(formatDuration(seconds * 1000)) === seconds * 1000)
    )
  })
})
