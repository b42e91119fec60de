import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatRoute, parseRoute } from '../../src/renderer/routes.ts'

describe('the address of the window', () => {
  it('names screen, open user and search', () => {
    expect(parseRoute('#/users/jdoe?q=mar&code=live')).toEqual({
      screen: 'users',
      item: 'jdoe',
      params: { q: 'mar', code: 'live' }
    })
  })

  it.each(['', '#', '#/', '#users', '#/../etc', '#/Users', 'https://example.com/#/users'])(
    'is the first screen where it says nothing of use: %s',
    (hash) => {
      expect(parseRoute(hash)).toEqual({ screen: 'status', item: null, params: {} })
    }
  )

  it('leaves empty parameters out', () => {
    expect(formatRoute({ screen: 'users', item: null, params: { q: '', app: 'none' } })).toBe('#/users?app=none')
  })

  it('opens nothing for a damaged name rather than failing', () => {
    expect(parseRoute('#/users/%E0%A4%A')).toEqual({ screen: 'users', item: null, params: {} })
  })

  it.each(['a/b', 'who?', '50%', 'R&D #1', 'DOMAIN\\jdoe', 'خالد'])('carries the name %s', (item) => {
    expect(parseRoute(formatRoute({ screen: 'users', item, params: {} })).item).toBe(item)
  })

  it('comes back to the same place whatever users and searches are called', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 })
    fc.assert(
      fc.property(text, fc.dictionary(text, text, { noNullPrototype: true }), (item, params) => {
        const route = { screen: 'users', item, params }
        expect(parseRoute(formatRoute(route))).toEqual(route)
      })
    )
  })

  it('reads any text without failing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parseRoute(`#/users/${text}`).screen).toMatch(/^(users|status)$/)
      })
    )
  })
})
