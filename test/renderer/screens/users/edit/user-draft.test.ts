import { describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../../../../src/shared/audit.ts'
import {
  lastChangeOf,
  reasonAgainstUserField,
  storedFieldsOf,
  userFieldsOf
} from '../../../../../src/renderer/screens/users/edit/user-draft.ts'
import { aUser, now } from '../a-user.ts'

const entry = (kind: AuditEntry['kind'], actor: string, detail: AuditEntry['detail']): AuditEntry => ({
  id: 1,
  atMs: now,
  actor,
  kind,
  username: 'jdoe',
  detail
})

describe('the fields of a user in a form', () => {
  it('are the user’s as they are, and nothing else of the user', () => {
    expect(Object.keys(storedFieldsOf(aUser()))).toEqual(['username', 'name', 'email', 'phone', 'group'])
    expect(storedFieldsOf(aUser())['name']).toEqual({ value: 'Jo Doe', isDefault: false })
  })

  it('go into a change as far as they were changed, an emptied one too', () => {
    expect(userFieldsOf({ phone: '', group: 'Staff', revision: 3 })).toEqual({ phone: '', group: 'Staff' })
  })

  it('need a username and a group', () => {
    expect(reasonAgainstUserField('username', ' ')).not.toBeNull()
    expect(reasonAgainstUserField('group', '')).not.toBeNull()
    expect(reasonAgainstUserField('email', '')).toBeNull()
    expect(reasonAgainstUserField('username', 'jdoe')).toBeNull()
  })
})

describe('who changed a field last', () => {
  const changed = (actor: string, field: string, after: string) =>
    entry('user.changed', actor, { [field]: { before: 'x', after } })

  it('is whoever gave it the value that it has', () => {
    const timeline = [changed('ann', 'name', 'Third'), changed('bea', 'phone', '1'), changed('cid', 'name', 'Second')]
    expect(lastChangeOf(timeline, 'name', 'Third')?.actor).toBe('ann')
    expect(lastChangeOf(timeline, 'name', 'Second')?.actor).toBe('cid')
    expect(lastChangeOf(timeline, 'email', 'x')).toBeUndefined()
  })

  it('is whoever moved all of a group, or imported a file that changed the user', () => {
    const moved = entry('users.moved', 'ann', { from: 'Guests', to: 'Staff', users: ['jdoe'] })
    expect(lastChangeOf([moved], 'group', 'Staff')?.actor).toBe('ann')
    expect(lastChangeOf([moved], 'name', 'Staff')).toBeUndefined()
    expect(lastChangeOf([entry('users.imported', 'bea', { updated: ['jdoe'] })], 'name', 'x')?.actor).toBe('bea')
    expect(lastChangeOf([entry('users.imported', 'bea', { added: ['jdoe'] })], 'name', 'x')).toBeUndefined()
  })

  it('is not told where the log does not know', () => {
    expect(lastChangeOf([changed('', 'name', 'x')], 'name', 'x')).toBeUndefined()
    expect(lastChangeOf([entry('user.changed', 'ann', { name: 'odd' })], 'name', 'odd')).toBeUndefined()
  })
})
