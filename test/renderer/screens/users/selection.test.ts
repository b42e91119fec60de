import { describe, expect, it } from 'vitest'
import {
  addPicked,
  countPicked,
  isPicked,
  nobody,
  selectionOf,
  togglePicked,
  type Picked
} from '../../../../src/renderer/screens/users/selection.ts'
import { aUser } from './a-user.ts'

const [ann, bob] = [aUser({ username: 'ann' }), aUser({ username: 'bob' })]
const everybody: Picked = { kind: 'all', filter: { code: ['live'] }, count: 3120 }

describe('picking users', () => {
  it('adds and takes away one by one', () => {
    const both = togglePicked(togglePicked(nobody, ann), bob)
    expect(selectionOf(both)).toEqual({ usernames: ['ann', 'bob'] })
    expect(selectionOf(togglePicked(both, ann))).toEqual({ usernames: ['bob'] })
  })

  it('adds a range without taking anybody away', () => {
    expect(countPicked(addPicked(togglePicked(nobody, ann), [ann, bob]))).toBe(2)
  })

  it('of all that match is the filter, not names', () => {
    expect(selectionOf(everybody)).toEqual({ filter: { code: ['live'] } })
    expect(countPicked(everybody)).toBe(3120)
    expect(isPicked(everybody, 'anyone')).toBe(true)
    expect(addPicked(everybody, [ann])).toBe(everybody)
  })

  it('begins anew with one user taken out of all that match', () => {
    expect(selectionOf(togglePicked(everybody, ann))).toEqual({ usernames: ['ann'] })
  })

  it('leaves what was picked before as it was', () => {
    const before = togglePicked(nobody, ann)
    togglePicked(before, bob)
    expect(countPicked(before)).toBe(1)
    expect(countPicked(nobody)).toBe(0)
  })
})
