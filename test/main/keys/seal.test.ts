import { createSecretKey, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seal, unseal } from '../../../src/main/keys/seal.ts'

const key = randomBytes(32)
const bytes = fc.uint8Array({ maxLength: 100 })

describe('seal', () => {
  it('gives back what was sealed, at the same place', () => {
    fc.assert(
      fc.property(bytes, fc.string({ unit: 'grapheme' }), (plaintext, place) => {
        expect(unseal(key, seal(key, plaintext, place), place)).toEqual(Buffer.from(plaintext))
      })
    )
  })

  it('takes a key object for the same key', () => {
    expect(unseal(createSecretKey(key), seal(key, Buffer.from('secret'), 'a'), 'a')?.toString()).toBe('secret')
  })

  it('never seals the same thing to the same bytes', () => {
    const sealed = Array.from({ length: 50 }, () => seal(key, Buffer.from('secret'), 'a').toString('hex'))
    expect(new Set(sealed).size).toBe(sealed.length)
  })

  it('shows nothing of the plaintext', () => {
    expect(seal(key, Buffer.alloc(64, 'A'), 'a').includes('AAAA')).toBe(false)
  })
})

describe('unseal', () => {
  it('refuses what was sealed for another place', () => {
    fc.assert(
      fc.property(bytes, fc.string(), fc.string(), (plaintext, place, other) => {
        fc.pre(place !== other)
        expect(unseal(key, seal(key, plaintext, place), other)).toBeNull()
      })
    )
  })

  it('refuses what was sealed with another key', () => {
    expect(unseal(randomBytes(32), seal(key, Buffer.from('secret'), 'a'), 'a')).toBeNull()
  })

  it('refuses whatever was changed in any byte', () => {
    const sealed = seal(key, Buffer.from('a device secret'), 'devices/secret/7')
    for (const [position, byte] of sealed.entries()) {
      for (let bit = 0; bit < 8; bit++) {
        const changed = Buffer.from(sealed)
        changed[position] = byte ^ (1 << bit)
        expect(unseal(key, changed, 'devices/secret/7')).toBeNull()
      }
    }
  })

  it('refuses what was cut off or lengthened', () => {
    const sealed = seal(key, Buffer.from('a device secret'), 'a')
    for (let length = 0; length < sealed.length; length++) {
      expect(unseal(key, sealed.subarray(0, length), 'a')).toBeNull()
    }
    expect(unseal(key, Buffer.concat([sealed, Buffer.of(0)]), 'a')).toBeNull()
  })

  it('refuses arbitrary bytes without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.string(), (given, place) => unseal(key, given, place) === null)
    )
  })
})
