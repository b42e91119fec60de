import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isOwnHost, isSameOrigin } from '../../../src/main/host/same-origin.ts'
import { readCookie } from '../../../src/main/host/sign-in.ts'

describe('isOwnHost', () => {
  it('takes no other name than the three of this machine, whatever is sent', () => {
    const own = new Set(['127.0.0.1:8642', 'localhost:8642', '[::1]:8642'])
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.domain(), fc.mixedCase(fc.constantFrom(...own))), (host) => {
        expect(isOwnHost(host, 8642)).toBe(own.has(host))
      })
    )
  })

  it('needs no port where it is that of HTTP', () => {
    expect([isOwnHost('localhost', 80), isOwnHost('localhost:80', 80), isOwnHost('localhost', 8642)]).toEqual([
      true,
      true,
      false
    ])
  })
})

describe('isSameOrigin', () => {
  const host = '127.0.0.1:8642'

  it('takes a call only from the very origin that the host header names', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl(), fc.string(), fc.constant(`http://${host}`)), (origin) => {
        const isOwn = origin === `http://${host}`
        expect(isSameOrigin({ method: 'POST', host, origin, fetchSite: undefined })).toBe(isOwn)
      })
    )
  })

  it('takes a GET that names no origin only when the browser says that it comes from here', () => {
    const ask = (fetchSite: string | undefined) => isSameOrigin({ method: 'GET', host, origin: undefined, fetchSite })
    expect(['same-origin', 'same-site', 'cross-site', 'none', undefined].filter(ask)).toEqual(['same-origin'])
  })
})

describe('readCookie', () => {
  it('finds one cookie among those of other programs on this machine', () => {
    expect(readCookie('a=1; provision-console-80=x=y; provision-console-8=z', 'provision-console-80')).toBe('x=y')
    expect(readCookie('a=1; provision-console-801=x', 'provision-console-80')).toBeUndefined()
    expect(readCookie(undefined, 'provision-console-80')).toBeUndefined()
  })
})
