import { describe, expect, it } from 'vitest'
import { firstChunkRows } from '../../../src/main/system/operation.ts'
import { readAuditEntries } from '../../support/audit-entries.ts'
import { openTestConsole, type TestConsole } from '../../support/console.ts'
import { refusalCode } from '../../support/refusal.ts'

const address = '192.0.2.1'

async function openServer(usernames: string[]): Promise<TestConsole> {
  const console = await openTestConsole()
  await console.call('users:import', { content: Buffer.from(['username', ...usernames].join('\n')) })
  return console
}

const of = (...usernames: string[]) => ({ selection: { usernames } })

async function issue(console: TestConsole, username: string): Promise<string> {
  const { issued } = await console.call('codes:issue', { ...of(username), reveal: true })
  return issued[0]?.code ?? ''
}

async function setUpApp(console: TestConsole, username: string): Promise<string> {
  const code = await issue(console, username)
  const outcome = await console.portal.provisioning.provision({ username, code, address })
  return 'id' in outcome ? outcome.id : ''
}

const show = async (console: TestConsole, username: string) => console.call('users:show', { username })

async function newestKinds(console: TestConsole, count: number): Promise<string[]> {
  const { entries } = await console.call('log:list', { limit: count })
  return entries.map(({ kind }) => kind)
}

describe('unprovisioning', () => {
  it('voids the app, says by which code and from where it was set up until then, and leaves a live code', async () => {
    const console = await openServer(['ann', 'bob'])
    const provisionedAtMs = console.clock.nowMs()
    const id = await setUpApp(console, 'ann')
    await console.portal.provisioning.downloadSecurityStrings({ id, address })
    expect((await show(console, 'ann')).device).toEqual({
      provisionedAtMs,
      address,
      code: { id: expect.any(Number) as number, channel: 'desk', issuedAtMs: provisionedAtMs },
      generation: 1
    })
    await issue(console, 'ann')
    expect(await console.call('users:unprovision', of('ann', 'bob', 'nobody'))).toEqual({
      changed: 1,
      skipped: [{ username: 'nobody', reason: 'there is no such user' }],
      stopped: null
    })
    expect(await show(console, 'ann')).toMatchObject({
      device: null,
      user: { app: 'none', code: 'live', provisionedAtMs: null }
    })
    expect(await console.portal.provisioning.downloadSecurityStrings({ id, address })).toEqual({
      error: 'downloading-security-strings'
    })
    expect(await newestKinds(console, 1)).toEqual(['users.unprovisioned'])
    expect((await console.call('users:unprovision', of('ann'))).changed).toBe(0)
    expect(await newestKinds(console, 1)).toEqual(['users.unprovisioned'])
  })
})

describe('unlocking', () => {
  it('ends the wait, forgets the attempts before it, and the live code works', async () => {
    const console = await openServer(['ann', 'bob'])
    const code = await issue(console, 'ann')
    const attempt = (typed: string) =>
      console.portal.provisioning.provision({ username: 'ann', code: typed, address: '2001:db8::1' })
    for (let wrong = 0; wrong < 5; wrong++) await attempt('ZZZZZZZZZZ')
    expect((await show(console, 'ann')).user.lockedUntilMs).not.toBeNull()
    expect(await console.call('users:unlock', of('ann', 'bob'))).toMatchObject({ changed: 1 })
    expect((await show(console, 'ann')).user).toMatchObject({ lockedUntilMs: null, code: 'live' })
    // Four more lock nobody: the count began anew.
    for (let wrong = 0; wrong < 4; wrong++) await attempt('ZZZZZZZZZZ')
    expect((await show(console, 'ann')).user.lockedUntilMs).toBeNull()
    expect(await attempt(code)).toHaveProperty('id')
  })
})

describe('moving', () => {
  const groupsOf = async (console: TestConsole) => {
    const { users } = await console.call('users:list', {})
    return Object.fromEntries(users.map(({ username, group }) => [username, group]))
  }

  it('moves whoever is elsewhere, tells of each group they came from, and takes it back', async () => {
    const console = await openTestConsole()
    const content = Buffer.from('username,group\nann,Day\nbob,Night\ncy,Night\ndee,Guests\n')
    await console.call('users:import', { content, createGroups: true })
    const before = (await show(console, 'bob')).user
    const request = { ...of('ann', 'bob', 'cy', 'dee', 'nobody'), group: ' guests ' }
    const { undo, ...outcome } = await console.call('users:move', request)
    expect(outcome).toEqual({
      changed: 3,
      skipped: [{ username: 'nobody', reason: 'there is no such user' }],
      stopped: null
    })
    expect(await groupsOf(console)).toEqual({ ann: 'Guests', bob: 'Guests', cy: 'Guests', dee: 'Guests' })
    expect((await show(console, 'bob')).user.revision).toBe(before.revision + 1)
    const moves = readAuditEntries(console.folder, 'users.moved')
    expect(moves.map(({ username, detail }) => ({ username, detail }))).toEqual([
      { username: 'ann', detail: { from: 'Day', to: 'Guests' } },
      { username: '', detail: { from: 'Night', to: 'Guests', users: ['bob', 'cy'] } }
    ])

    // Whoever was moved on since stays there.
    await console.call('users:set', { username: 'cy', change: { group: 'Staff' } })
    expect(await console.call('users:undo', { undo: undo ?? '' })).toEqual({ changed: 2, skipped: [], stopped: null })
    expect(await groupsOf(console)).toEqual({ ann: 'Day', bob: 'Night', cy: 'Staff', dee: 'Guests' })
  })

  it('changes nothing where all are there, and says where a group is not', async () => {
    const console = await openServer(['ann'])
    expect(await console.call('users:move', { ...of('ann'), group: 'Staff' })).toMatchObject({ changed: 0, undo: null })
    expect(await refusalCode(() => console.call('users:move', { ...of('ann'), group: 'Guests' }))).toBe(
      'group-not-found'
    )
    await console.call('groups:add', { name: 'Guests' })
    await console.call('groups:add', { name: 'Others' })
    await console.call('users:set', { username: 'ann', change: { group: 'Others' } })
    const { undo } = await console.call('users:move', { ...of('ann'), group: 'Guests' })
    await console.call('groups:remove', { name: 'Others' })
    expect(await console.call('users:undo', { undo: undo ?? '' })).toEqual({
      changed: 0,
      skipped: [{ username: 'ann', reason: 'the group of before is no longer there' }],
      stopped: null
    })
  })

  it('takes a thousand in chunks, also where nobody matches the filter once moved', async () => {
    const console = await openServer(Array.from({ length: 1200 }, (_, number) => `user${number}`))
    await console.call('groups:add', { name: 'Guests' })
    const request = { selection: { filter: { group: 'Staff' } }, group: 'Guests' }
    const stop = new AbortController()
    const act = { signal: stop.signal, onProgress: () => stop.abort() }
    expect(await console.call('users:move', request, act)).toMatchObject({
      changed: firstChunkRows,
      stopped: 'it was cancelled'
    })
    const { undo, changed } = await console.call('users:move', request)
    expect(changed).toBe(1200 - firstChunkRows)
    await console.call('users:undo', { undo: undo ?? '' })
    expect(await console.call('users:count', { filter: { group: 'Staff' } })).toEqual({ users: 1200 - firstChunkRows })
  })
})

describe('undoing a disabling and an enabling', () => {
  it('changes those alone whom the act changed', async () => {
    const console = await openServer(['ann', 'bob', 'cy'])
    await console.call('users:disable', of('ann'))
    const code = await issue(console, 'bob')
    const disabled = await console.call('users:disable', of('ann', 'bob', 'cy'))
    expect(disabled).toMatchObject({ changed: 2 })
    await console.call('users:enable', of('cy'))
    expect(await console.call('users:undo', { undo: disabled.undo ?? '' })).toMatchObject({ changed: 1, skipped: [] })
    const states = async () =>
      (await console.call('users:list', {})).users.map(({ username, disabled: is }) => [username, is])
    expect(await states()).toEqual([
      ['ann', true],
      ['bob', false],
      ['cy', false]
    ])
    // The code that the disabling ended stays dead.
    expect(await console.portal.provisioning.provision({ username: 'bob', code, address })).toHaveProperty('error')

    const enabled = await console.call('users:enable', { selection: { filter: {} } })
    expect(enabled).toMatchObject({ changed: 1 })
    await console.call('users:undo', { undo: enabled.undo ?? '' })
    expect((await states())[0]).toEqual(['ann', true])
    expect((await console.call('users:disable', of('ann'))).undo).toBeNull()
  })
})

describe('codes in a file', () => {
  it('are the users’ live codes, each recorded as revealed, safe in a spreadsheet', async () => {
    const console = await openTestConsole()
    const content = Buffer.from('username,name,email\nann,"=1+1, Ann",ann@example.com\nbob,,\ncy,,\n')
    await console.call('users:import', { content })
    await console.call('users:disable', of('cy'))
    const issued = await console.call('codes:issueFile', { ...of('ann', 'bob', 'cy'), validForMs: 3_600_000 })
    expect({ ...issued, content: null }).toEqual({
      content: null,
      issued: 2,
      usernames: ['ann', 'bob'],
      skipped: [{ username: 'cy', reason: 'the user is disabled' }],
      stopped: null
    })
    const [header, ann = '', bob = '', end] = Buffer.from(issued.content).toString('utf8').split('\r\n')
    expect([header, end]).toEqual(['\ufeffusername,name,email,code,until,url', ''])
    const until = new Date(console.clock.nowMs() + 3_600_000).toISOString()
    const [, code = ''] =
      new RegExp(`^ann,"'=1\\+1, Ann",ann@example.com,(\\w{10}),${until},https:\\S+/ann/\\1$`).exec(ann) ?? []
    expect(bob).toMatch(/^bob,,,\w{10},/)
    expect(await newestKinds(console, 2)).toEqual(['code.revealed', 'codes.issued'])
    expect(await console.portal.provisioning.provision({ username: 'ann', code, address })).toHaveProperty('id')
  })
})

describe('undoing a removal', () => {
  it('brings the users back under their names, with no code and no app', async () => {
    const console = await openServer(['ann', 'Bob', 'cy'])
    const id = await setUpApp(console, 'ann')
    const code = await issue(console, 'Bob')
    const before = (await show(console, 'Bob')).user
    const { undo, changed } = await console.call('users:remove', of('ann', 'Bob'))
    expect(changed).toBe(2)
    expect(await refusalCode(() => show(console, 'Bob'))).toBe('user-not-found')

    expect(await console.call('users:undo', { undo: undo ?? '' })).toEqual({
      changed: 2,
      skipped: [],
      stopped: null
    })
    const back = (await show(console, 'bob')).user
    expect(back).toMatchObject({ id: before.id, username: 'Bob', code: 'withdrawn', app: 'none' })
    expect(back.revision).toBeGreaterThan(before.revision)
    expect(await console.portal.provisioning.provision({ username: 'bob', code, address })).toHaveProperty('error')
    expect(await console.portal.provisioning.downloadSecurityStrings({ id, address })).toHaveProperty('error')
    expect(await newestKinds(console, 2)).toContain('users.restored')
    // Once only.
    expect(await refusalCode(() => console.call('users:undo', { undo: undo ?? '' }))).toBe('undo-gone')
  })

  it('leaves out a name that somebody else has by now', async () => {
    const console = await openServer(['ann', 'bob'])
    const { undo } = await console.call('users:remove', { selection: { filter: {} } })
    await console.call('users:add', { username: 'ANN', name: 'Another', group: 'Staff' })
    expect(await console.call('users:undo', { undo: undo ?? '' })).toEqual({
      changed: 1,
      skipped: [{ username: 'ann', reason: 'there is another user with this name by now' }],
      stopped: null
    })
    expect((await show(console, 'ann')).user.name).toBe('Another')
  })

  it('is offered only where somebody was removed, and not after a restart', async () => {
    const console = await openServer(['ann'])
    expect((await console.call('users:remove', of('nobody'))).undo).toBeNull()
    const { undo } = await console.call('users:remove', of('ann'))
    await console.close()
    const again = await openTestConsole({ folder: console.folder, clock: console.clock })
    expect(await refusalCode(() => again.call('users:undo', { undo: undo ?? '' }))).toBe('undo-gone')
  })

  it('takes a thousand in chunks, and says what a cancel left', async () => {
    const names = Array.from({ length: 1200 }, (_, number) => `user${number}`)
    const console = await openServer(names)
    const { undo } = await console.call('users:remove', { selection: { filter: {} } })
    const stop = new AbortController()
    const cancelled = await console.call(
      'users:undo',
      { undo: undo ?? '' },
      { signal: stop.signal, onProgress: () => stop.abort() }
    )
    expect(cancelled).toEqual({ changed: firstChunkRows, skipped: [], stopped: 'it was cancelled' })
    // The rest can still be brought back.
    expect(await console.call('users:undo', { undo: undo ?? '' })).toMatchObject({
      changed: 1200 - firstChunkRows,
      stopped: null
    })
    expect(await console.call('users:count', { filter: {} })).toEqual({ users: 1200 })
  })
})
