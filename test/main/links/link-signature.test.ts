import { createSecretKey } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLinkSignature, signLink, type SignedLink } from '../../../src/main/links/link-signature.ts'

const signing = createSecretKey(Buffer.alloc(32, 7))
const link: SignedLink = { siteId: 123_456_789, userId: 42, code: 'ABCDE12345' }

const someLink = fc.record({
  siteId: fc.integer({ min: 1, max: 2_147_483_647 }),
  userId: fc.integer({ min: 1 }),
  code: fc.string({ maxLength: 24 })
})

describe('the signature of a link', () => {
  it('is 160 bits in letters that need no escape in an address, the same every time', () => {
    expect(signLink(signing, link)).toMatch(/^[\w-]{27}$/)
    expect(signLink(signing, { ...link })).toBe(signLink(signing, link))
  })

  it('fits what was signed and nothing else', () => {
    fc.assert(
      fc.property(someLink, someLink, (one, other) => {
        const isSame = one.siteId === other.siteId && one.userId === other.userId && one.code === other.code
        expect(isLinkSignature(signing, one, signLink(signing, one))).toBe(true)
        expect(isLinkSignature(signing, other, signLink(signing, one))).toBe(isSame)
      })
    )
  })

  it('keeps the members apart: digits that move from one to the next make another link', () => {
    const moved = { siteId: 12_345_678, userId: 942, code: link.code }
    expect(isLinkSignature(signing, moved, signLink(signing, { ...moved, siteId: 123_456_789, userId: 42 }))).toBe(
      false
    )
  })

  it('does not fit under another key', () => {
    expect(isLinkSignature(createSecretKey(Buffer.alloc(32, 8)), link, signLink(signing, link))).toBe(false)
  })

  it('refuses whatever else is given for one, without a fault', () => {
    const right = signLink(signing, link)
    for (const wrong of ['', right.slice(1), `${right}A`, right.toLowerCase(), 'ü'.repeat(27)]) {
      expect(isLinkSignature(signing, link, wrong)).toBe(false)
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(isLinkSignature(signing, link, text)).toBe(false)
      })
    )
  })
})
