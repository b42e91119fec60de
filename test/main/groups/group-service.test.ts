import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstChunkRows } from '../../../src/main/system/operation.ts'
import { checkGroupName } from '../../../src/main/groups/group-service.ts'
import { readAuditEntries } from '../../support/audit-entries.ts'
import { openTestConsole } from '../../support/console.ts'
import { refusalCode, refusalOf } from '../../support/refusal.ts'

describe('groups', () => {
  it('begin with Staff, whose users may use a Mobile Client', async () => {
    const { call } = await openTestConsole()
    expect(await call('groups:list', {})).toEqual([
      { id: 1, name: 'Staff', mobileClient: true, selfProvision: false, transport: 'default', users: 0 }
    ])
  })

  it('are listed by name without regard to case, with the users that are in them', async () => {
    const { call } = await openTestConsole()
    for (const name of ['zoo', 'Émile', 'alpha', 'Beta']) await call('groups:add', { name })
    await call('users:add', { username: 'ann', group: 'beta' })
    await call('users:add', { username: 'bea', group: 'Beta' })
    await call('users:remove', { selection: { usernames: ['bea'] } })
    const listed = await call('groups:list', {})
    expect(listed.map(({ name, users }) => `${name} ${users}`)).toEqual([
      'alpha 0',
      'Beta 1',
      'Staff 0',
      'zoo 0',
      'Émile 0'
    ])
  })
})

describe('adding a group', () => {
  it('gives it a Mobile Client and no self-provision unless it is said otherwise', async () => {
    const { call, folder } = await openTestConsole()
    expect(await call('groups:add', { name: '  Night   shift ' })).toEqual({
      id: 2,
      name: 'Night   shift',
      mobileClient: true,
      selfProvision: false,
      transport: 'default',
      users: 0
    })
    expect(await call('groups:add', { name: 'Guests', mobileClient: false, selfProvision: true })).toMatchObject({
      mobileClient: false,
      selfProvision: true
    })
    expect(readAuditEntries(folder, 'group.added').map(({ detail }) => detail)).toEqual([
      { name: 'Staff', mobileClient: true, selfProvision: false },
      { name: 'Night   shift', mobileClient: true, selfProvision: false },
      { name: 'Guests', mobileClient: false, selfProvision: true }
    ])
  })

  it('refuses a name that is there in other case or another form of Unicode', async () => {
    const { call } = await openTestConsole()
    await call('groups:add', { name: 'Café Süß' })
    for (const name of ['staff', ' STAFF ', 'café süß', 'CAFÉ SÜSS', 'Café Süß'.normalize('NFD')]) {
      expect([name, await refusalCode(() => call('groups:add', { name }))]).toEqual([name, 'group-exists'])
    }
    expect((await refusalOf(() => call('groups:add', { name: 'STAFF' }))).message).toContain('“Staff”')
  })

  it('refuses names that are none', async () => {
    const { call } = await openTestConsole()
    for (const name of ['', '   ', 'a\nb', 'a\0', '\ud800', 'n'.repeat(101)]) {
      expect([name, await refusalCode(() => call('groups:add', { name }))]).toEqual([name, 'invalid-input'])
    }
    expect(await call('groups:list', {})).toHaveLength(1)
  })
})

describe('changing a group', () => {
  it('renames it and keeps its users', async () => {
    const { call, folder } = await openTestConsole()
    await call('users:add', { username: 'ann', group: 'Staff' })
    expect(await call('groups:set', { name: 'sTAFF', change: { name: 'Everyone' } })).toEqual({
      id: 1,
      name: 'Everyone',
      mobileClient: true,
      selfProvision: false,
      transport: 'default',
      users: 1
    })
    expect((await call('users:show', { username: 'ann' })).user.group).toBe('Everyone')
    expect(readAuditEntries(folder, 'group.changed').map(({ detail }) => detail)).toEqual([
      {
        before: { id: 1, name: 'Staff', mobileClient: true, selfProvision: false, transport: 'default', users: 1 },
        after: { id: 1, name: 'Everyone', mobileClient: true, selfProvision: false, transport: 'default', users: 1 }
      }
    ])
    expect(await refusalCode(() => call('groups:set', { name: 'Staff', change: {} }))).toBe('group-not-found')
  })

  it('may change the case of its own name, but not take another’s', async () => {
    const { call } = await openTestConsole()
    await call('groups:add', { name: 'Guests' })
    expect((await call('groups:set', { name: 'Staff', change: { name: 'STAFF' } })).name).toBe('STAFF')
    expect(await refusalCode(() => call('groups:set', { name: 'Staff', change: { name: 'guests' } }))).toBe(
      'group-exists'
    )
    expect(await refusalCode(() => call('groups:set', { name: 'Staff', change: { name: ' ' } }))).toBe('invalid-input')
    expect((await call('groups:list', {})).map(({ name }) => name)).toEqual(['Guests', 'STAFF'])
  })

  it('changes only what is named', async () => {
    const { call } = await openTestConsole()
    expect(await call('groups:set', { name: 'Staff', change: { mobileClient: false } })).toMatchObject({
      mobileClient: false,
      selfProvision: false
    })
    expect(await call('groups:set', { name: 'Staff', change: { selfProvision: true } })).toMatchObject({
      mobileClient: false,
      selfProvision: true
    })
    expect(await call('groups:list', {})).toMatchObject([{ name: 'Staff', mobileClient: false, selfProvision: true }])
  })
})

describe('a change to a group as it was looked at', () => {
  it('is refused where somebody else has changed the same, and only there', async () => {
    const { call } = await openTestConsole()
    const set = (change: object, expected: object) => call('groups:set', { name: 'Staff', change, expected })
    await set({ transport: 'second' }, { transport: 'default' })
    expect(await refusalOf(() => set({ transport: 'third' }, { transport: 'default' }))).toMatchObject({
      code: 'changed-meanwhile',
      details: { changed: ['transport'] }
    })
    expect(await set({ selfProvision: true }, { selfProvision: false })).toMatchObject({
      selfProvision: true,
      transport: 'second'
    })
  })
})

describe('removing a group', () => {
  it('takes an empty one away, also after its users were removed or moved', async () => {
    const { call, folder } = await openTestConsole()
    await call('groups:add', { name: 'Guests' })
    await call('users:add', { username: 'ann', group: 'Guests' })
    await call('users:add', { username: 'bea', group: 'Guests' })
    await call('users:remove', { selection: { usernames: ['ann'] } })
    await call('users:set', { username: 'bea', change: { group: 'Staff' } })
    await call('groups:remove', { name: ' guests ' })
    expect((await call('groups:list', {})).map(({ name, users }) => [name, users])).toEqual([['Staff', 1]])
    expect(readAuditEntries(folder, 'group.removed').map(({ detail }) => detail)).toEqual([{ name: 'Guests' }])
    await call('groups:add', { name: 'Guests' })
  })

  it('refuses one with users in it, disabled ones too', async () => {
    const { call } = await openTestConsole()
    await call('groups:add', { name: 'Guests' })
    await call('users:add', { username: 'ann', group: 'Guests' })
    await call('users:disable', { selection: { usernames: ['ann'] } })
    const refusal = await refusalOf(() => call('groups:remove', { name: 'Guests' }))
    expect([refusal.code, refusal.message]).toEqual([
      'group-not-empty',
      expect.stringContaining('One user is in “Guests”')
    ])
    await call('users:add', { username: 'bea', group: 'Guests' })
    expect((await refusalOf(() => call('groups:remove', { name: 'Guests' }))).message).toContain(
      '2 users are in “Guests”'
    )
  })

  it('moves its users to another group in the same act, disabled ones too, and tells of each chunk', async () => {
    const { call, folder } = await openTestConsole()
    await call('groups:add', { name: 'Guests' })
    const content = Buffer.from(`username,group\n${Array.from({ length: 501 }, (_, i) => `u${i},Guests`).join('\n')}`)
    await call('users:import', { content })
    await call('users:disable', { selection: { usernames: ['u7'] } })
    const { revision } = (await call('users:show', { username: 'u7' })).user
    expect(await call('groups:remove', { name: 'Guests', moveUsersTo: ' staff ' })).toEqual({
      moved: 501,
      stopped: null
    })
    expect((await call('groups:list', {})).map(({ name, users }) => [name, users])).toEqual([['Staff', 501]])
    expect((await call('users:show', { username: 'u7' })).user).toMatchObject({
      group: 'Staff',
      disabled: true,
      revision: revision + 1
    })
    const moves = readAuditEntries(folder, 'users.moved')
    expect(moves.map(({ detail }) => detail)).toEqual(
      moves.map(() => expect.objectContaining({ from: 'Guests', to: 'Staff' }) as object)
    )
    // A chunk of one user, as the last may be, is told as an act on that user.
    const named = moves.flatMap(({ username, detail }) => (detail as { users?: string[] }).users ?? [username])
    expect([moves.length > 1, named.length, new Set(named).size]).toEqual([true, 501, 501])
    expect(readAuditEntries(folder, 'group.removed').map(({ detail }) => detail)).toEqual([
      { name: 'Guests', moved: 501, movedTo: 'Staff' }
    ])
  })

  it('moves nobody where the other group is not there or is the same, and where it is cancelled', async () => {
    const { call } = await openTestConsole()
    await call('groups:add', { name: 'Guests' })
    await call('users:add', { username: 'ann', group: 'Guests' })
    const remove = (moveUsersTo: string) => call('groups:remove', { name: 'Guests', moveUsersTo })
    expect(await refusalCode(() => remove('Nobody'))).toBe('group-not-found')
    expect(await refusalCode(() => remove('guests'))).toBe('invalid-input')
    const cancelled = { signal: AbortSignal.abort() }
    const request = { name: 'Guests', moveUsersTo: 'Staff' }
    expect(await call('groups:remove', request, cancelled)).toEqual({ moved: 0, stopped: 'it was cancelled' })
    expect((await call('users:show', { username: 'ann' })).user.group).toBe('Guests')
    expect((await call('groups:list', {})).map(({ users }) => users)).toEqual([1, 0])
  })

  it('keeps the group and those who are left in it where it is cancelled on the way', async () => {
    const { call, folder } = await openTestConsole()
    await call('groups:add', { name: 'Guests' })
    const content = Buffer.from(`username,group\n${Array.from({ length: 1200 }, (_, i) => `u${i},Guests`).join('\n')}`)
    await call('users:import', { content })
    const controller = new AbortController()
    const act = { signal: controller.signal, onProgress: () => controller.abort() }
    const request = { name: 'Guests', moveUsersTo: 'Staff' }
    expect(await call('groups:remove', request, act)).toEqual({ moved: firstChunkRows, stopped: 'it was cancelled' })
    expect((await call('groups:list', {})).map(({ name, users }) => [name, users])).toEqual([
      ['Guests', 1200 - firstChunkRows],
      ['Staff', firstChunkRows]
    ])
    expect(readAuditEntries(folder, 'group.removed')).toEqual([])
    expect(await call('groups:remove', request)).toEqual({ moved: 1200 - firstChunkRows, stopped: null })
  })

  it('refuses the last one, and one that is not there', async () => {
    const { call } = await openTestConsole()
    expect(await refusalCode(() => call('groups:remove', { name: 'Staff' }))).toBe('group-not-empty')
    expect(await refusalCode(() => call('groups:remove', { name: 'Guests' }))).toBe('group-not-found')
    expect(await call('groups:list', {})).toHaveLength(1)
  })
})

describe('checkGroupName', () => {
  it('keeps what it takes as it is when it is checked again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 120 }), (text) => {
        const checked = checkGroupName(text)
        if ('value' in checked) expect(checkGroupName(checked.value)).toEqual(checked)
        else expect(checked.reason).not.toBe('')
      })
    )
  })

  it('counts characters, not code units', () => {
    expect(checkGroupName('😀'.repeat(100))).toEqual({ value: '😀'.repeat(100) })
    expect(checkGroupName('😀'.repeat(101))).toEqual({ reason: 'is longer than 100 characters' })
  })
})
