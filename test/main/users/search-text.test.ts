import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldForSearch, searchTextOf, searchWords } from '../../../src/main/users/search-text.ts'
import { openTestConsole } from '../../support/console.ts'

describe('foldForSearch', () => {
  it.each([
    ['Dvořák', 'dvorak'],
    ['DVOŘÁK'.normalize('NFD'), 'dvorak'],
    ['Müller', 'muller'],
    ['Łukasz Żółć', 'lukasz zolc'],
    ['Søren Ærø', 'soren aero'],
    ['Þór Guðmundsson', 'thor gudmundsson'],
    ['Đặng', 'dang'],
    ['Œuvre', 'oeuvre'],
    ['STRASSE', 'strasse'],
    ['Straße', 'strasse'],
    ['İstanbul', 'istanbul'],
    ['ISPARTA', 'isparta'],
    ['ısparta', 'isparta'],
    ['Σίσυφος', 'σισυφοσ'],
    ['ΣΊΣΥΦΟΣ', 'σισυφοσ'],
    ['ﬁnn', 'finn'],
    ['Ａｎｎ', 'ann'],
    ['山田', '山田']
  ])('folds %s to %s', (text, folded) => {
    expect(foldForSearch(text)).toBe(folded)
  })

  it('folds to the same again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        const folded = foldForSearch(text)
        expect(foldForSearch(folded)).toBe(folded)
      }),
      { numRuns: 200 }
    )
  })
})

describe('searchWords', () => {
  it('are the folded words of a query', () => {
    expect(searchWords('  Ann\tO’HARA\u00a0Ö ')).toEqual(['ann', 'o’hara', 'o'])
    expect(searchWords(' \n ')).toEqual([])
  })
})

describe('searchTextOf', () => {
  it('holds the four fields and the digits of the phone number', () => {
    const user = { username: 'ÄNN', name: 'Ann Ö', email: 'Ann@Example.com', phone: '+49 (30) 12-34' }
    expect(searchTextOf(user)).toBe('ann\nann o\nann@example.com\n+49 (30) 12-34\n+49301234')
  })
})

describe('a search', () => {
  it('finds by any part of any field, by several words, and by digits without their spaces', async () => {
    const { call } = await openTestConsole()
    const add = (username: string, name: string, email: string, phone: string) =>
      call('users:add', { username, name, email, phone, group: 'Staff' })
    await add('dvorak', 'Antonín Dvořák', 'a.dvorak@example.cz', '+420 224 901 000')
    await add('50%_off', 'Per Cent', '', '')
    await add('CORP\\back', 'Back Slash', 'back@example.com', '030 1234')
    const find = async (query: string) => {
      const { users } = await call('users:list', { filter: { query } })
      expect(await call('users:count', { filter: { query } })).toEqual({ users: users.length })
      return users.map(({ username }) => username)
    }
    expect(await find('DVOR')).toEqual(['dvorak'])
    expect(await find('dvořák antonin')).toEqual(['dvorak'])
    expect(await find('cz 901')).toEqual(['dvorak'])
    expect(await find('224901')).toEqual(['dvorak'])
    expect(await find('antonin slash')).toEqual([])
    expect(await find('example')).toEqual(['CORP\\back', 'dvorak'])
    // What LIKE would take for wild cards.
    expect(await find('%')).toEqual(['50%_off'])
    expect(await find('_')).toEqual(['50%_off'])
    expect(await find('0%_o')).toEqual(['50%_off'])
    expect(await find('p\\b')).toEqual(['CORP\\back'])
    expect(await find("' or 1=1 --")).toEqual([])
    expect(await find('')).toHaveLength(3)
  })
})
