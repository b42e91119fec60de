import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkUsername } from '../../src/main/users/user-rules.ts'
import { formatProvisionText, parseProvisionText, percentEncode } from '../../src/shared/provision-url.ts'

const completeUrl = 'https://otp.example.com:8443/userportal/complete/'

describe('percent-encoding', () => {
  it('covers the characters at which mail readers end a link', () => {
    expect(percentEncode("it's (a*b)!")).toBe('it%27s%20%28a%2Ab%29%21')
  })

  it('leaves nothing but unreserved characters and decodes back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(percentEncode(text)).toMatch(/^(?:[\w.~-]|%[\dA-F]{2})*$/)
        expect(decodeURIComponent(percentEncode(text))).toBe(text)
      })
    )
  })
})

describe('the text of a QR code', () => {
  it('is the complete URL with Site ID, username and code', () => {
    const text = formatProvisionText({ completeUrl, siteId: 4711, username: 'CORP\\jo doe+x', code: 'AB3DE6GH9J' })
    expect(text).toBe('https://otp.example.com:8443/userportal/complete/4711/CORP%5Cjo%20doe%2Bx/AB3DE6GH9J')
  })

  it('comes back from every username that the rules allow', () => {
    const usernames = fc.string({ unit: 'binary', minLength: 1, maxLength: 64 }).map(checkUsername)
    fc.assert(
      fc.property(
        usernames,
        fc.integer({ min: 1, max: 2_147_483_647 }),
        fc.stringMatching(/^[A-Za-z\d]{6,24}$/),
        (...given) => {
          const [checked, siteId, code] = given
          fc.pre('value' in checked)
          const user = { siteId, username: checked.value, code }
          const text = formatProvisionText({ completeUrl, ...user })
          expect(parseProvisionText(text)).toEqual({ base: completeUrl, ...user })
          // What a browser makes of the address must still be the same user.
          expect(new URL(text).href).toBe(text)
        }
      )
    )
  })

  const user = { base: completeUrl, siteId: 7, username: 'jdoe', code: 'AB3DE6GH9J' }
  it.each([
    ['with a signature', `${completeUrl}7/jdoe/AB3DE6GH9J?s=abc/def/ghi`],
    ['with a fragment', `${completeUrl}7/jdoe/AB3DE6GH9J#top`],
    ['as app link', `mobileclient:${completeUrl}7/jdoe/AB3DE6GH9J`],
    ['as app link in capitals', `MobileClient:${completeUrl}7/jdoe/AB3DE6GH9J?s=abc`]
  ])('is read %s', (_, text) => {
    expect(parseProvisionText(text)).toEqual(user)
  })

  it('is read from a server without a path of its own', () => {
    expect(parseProvisionText('http://host/7/jdoe/CODE')).toMatchObject({ base: 'http://host/', username: 'jdoe' })
  })

  it.each([
    '',
    'jdoe',
    'https://7/jdoe/CODE',
    'https://host/jdoe/CODE',
    'https://host/7/jdoe/',
    'https://host/7//CODE',
    'https://[::1/7/jdoe/CODE',
    'https://host/seven/jdoe/CODE',
    'https://host/7/j%ZZdoe/CODE',
    'https://host/7/j%C3/CODE',
    'https://host/x?p=7/jdoe/CODE',
    'ftp://host/7/jdoe/CODE',
    'javascript:https://host/7/jdoe/CODE',
    'see https://host/7/jdoe/CODE',
    'https://ho st/7/jdoe/CODE',
    'https://host/\n7/jdoe/CODE',
    'otpauth://totp/x:jdoe?secret=ABC'
  ])('is not %j', (text) => {
    expect(parseProvisionText(text)).toBeNull()
  })

  it('is looked for in any text without failing', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('/', '%', '?', '#', ':', 'a', '7', '%41', 'mobileclient:', 'http://h') })
    )
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parseProvisionText(text)
        expect(parsed === null || URL.canParse(parsed.base)).toBe(true)
      })
    )
  })
})
