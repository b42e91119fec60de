import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { systemRandom } from '../../../src/main/system/clock.ts'
import { generateCode, normaliseCode } from '../../../src/main/codes/text.ts'
import { codeAlphabets } from '../../../src/shared/settings.ts'

describe('a provision code', () => {
  it('has the length and only the symbols of its alphabet, and all of them turn up', () => {
    const symbols = { base32: /^[0-9A-HJKMNP-TV-Z]+$/, digits: /^\d+$/, alphanumeric: /^[0-9A-HJKMNP-Z]+$/ }
    for (const alphabet of codeAlphabets) {
      const codes = Array.from({ length: 300 }, () => generateCode(systemRandom, alphabet, 24))
      for (const code of codes) expect(code).toMatch(symbols[alphabet])
      expect(codes.every((code) => code.length === 24)).toBe(true)
      expect(new Set(codes.join('')).size).toBe({ base32: 32, digits: 10, alphanumeric: 33 }[alphabet])
    }
  })

  it('is unchanged by normalising, whatever the alphabet', () => {
    fc.assert(
      fc.property(fc.constantFrom(...codeAlphabets), fc.integer({ min: 6, max: 24 }), (alphabet, length) => {
        const code = generateCode(systemRandom, alphabet, length)
        expect(normaliseCode(code)).toBe(code)
      })
    )
  })

  it('may be typed in small letters, with spaces and hyphens, O for 0, I and L for 1', () => {
    expect(normaliseCode(' k7q2o-9xwil \u2013\u00a0')).toBe('K7Q209XW11')
    expect(normaliseCode('０１２')).toBe('012')
  })

  it('is normalised once and for all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (typed) => {
        expect(normaliseCode(normaliseCode(typed))).toBe(normaliseCode(typed))
      })
    )
  })
})
