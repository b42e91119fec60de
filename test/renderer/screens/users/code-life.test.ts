import { describe, expect, it } from 'vitest'
import { codeLifeOf, groupCode, pictureWidth, toDateField } from '../../../../src/renderer/screens/users/code-life.ts'
import { now } from './a-user.ts'

describe('how long a code is to live', () => {
  it('is left to the policy unless chosen', () => {
    expect(codeLifeOf('default', '', now)).toEqual({})
    expect(codeLifeOf('week', '', now)).toEqual({ validForMs: 604_800_000 })
  })

  it('until a date is that time in the zone of this machine', () => {
    const friday = new Date(2026, 10, 27, 17, 30).getTime()
    expect(toDateField(friday)).toBe('2026-11-27T17:30')
    expect(codeLifeOf('until', '2026-11-27T17:30', now)).toEqual({ untilMs: friday })
  })

  it('is not taken in the past, beyond 30 days, or unreadable', () => {
    expect(codeLifeOf('until', toDateField(now - 60_000), now)).toBeNull()
    expect(codeLifeOf('until', toDateField(now + 31 * 86_400_000), now)).toBeNull()
    expect(codeLifeOf('until', '', now)).toBeNull()
  })
})

describe('a code on the screen', () => {
  it('is grouped in fives for reading', () => {
    expect(groupCode('KHEHCPY3HA')).toBe('KHEHC PY3HA')
    expect(groupCode('1234567890123')).toBe('12345 67890 123')
  })

  it('has whole pixels a module, as many as fit', () => {
    expect(pictureWidth(45 * 8, 8, 4, 344)).toBe(45 * 7)
    expect(pictureWidth(41 * 8, 8, 4, 400)).toBe(41 * 8)
  })

  it('is never drawn smaller than can be scanned', () => {
    expect(pictureWidth(105 * 8, 8, 4, 344)).toBe(105 * 4)
  })
})
