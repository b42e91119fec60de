import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { appStates, codeStates, userFilter, userSortColumns, type UserFilter } from '../../../../src/shared/user.ts'
import { formatRoute, parseRoute } from '../../../../src/renderer/routes.ts'
import {
  readFilter,
  readSort,
  usualSort,
  writeFilter,
  writeSort
} from '../../../../src/renderer/screens/users/user-route.ts'

const throughAddress = (filter: UserFilter) =>
  readFilter(parseRoute(formatRoute({ screen: 'users', item: null, params: writeFilter(filter) })).params)

describe('the filter in the address', () => {
  it('comes back as it was', () => {
    const filter: UserFilter = {
      query: 'mar',
      app: ['none', 'set-up'],
      code: ['live'],
      group: 'R&D?',
      locked: true,
      disabled: false
    }
    expect(throughAddress(filter)).toEqual(filter)
    expect(throughAddress({})).toEqual({})
  })

  it('passes over what is no filter', () => {
    expect(readFilter({ q: '  ', app: 'root,none', code: 'gone', locked: '1', disabled: 'maybe' })).toEqual({
      app: ['none']
    })
  })

  it('comes back from any states and texts', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((value) => value === value.trim())
    const filters = fc.record(
      {
        query: text,
        group: text,
        app: fc.subarray([...appStates], { minLength: 1 }),
        code: fc.subarray([...codeStates], { minLength: 1 })
      },
      { requiredKeys: [], noNullPrototype: true }
    )
    fc.assert(
      fc.property(filters, (filter) => {
        expect(throughAddress(filter)).toEqual(filter)
      })
    )
  })

  it('is one that the contract takes, whatever the address says', () => {
    const params = fc.dictionary(
      fc.constantFrom('q', 'app', 'code', 'group', 'locked', 'disabled'),
      fc.string({ maxLength: 400, size: 'max' })
    )
    fc.assert(
      fc.property(params, (given) => {
        expect(userFilter.safeParse(readFilter(given)).success).toBe(true)
      })
    )
  })
})

describe('the order in the address', () => {
  it('comes back as it was, and the usual one leaves no trace', () => {
    for (const column of userSortColumns) {
      for (const descending of [false, true]) {
        const { params } = parseRoute(
          formatRoute({ screen: 'users', item: 'jdoe', params: writeSort({ column, descending }) })
        )
        expect(readSort(params)).toEqual({ column, descending })
      }
    }
    expect(formatRoute({ screen: 'users', item: null, params: writeSort(usualSort) })).toBe('#/users')
  })

  it('is the usual one for what is no column', () => {
    for (const sort of ['-', '', 'shoe size', '--email', '-toString']) expect(readSort({ sort })).toEqual(usualSort)
  })
})
