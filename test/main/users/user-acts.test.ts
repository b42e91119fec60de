import { describe, expect, it } from 'vitest'
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

describe('undoing a removal', () => {
  it('brings the users back under their names, with no code and no app', async () => {
    const console = await openServer(['ann', 'Bob', 'cy'])
    const id = await setUpApp(console, 'ann')
    const code = await issue(console, 'Bob')
    const before = (await show(console, 'Bob')).user
    const { undo, changed } = await console.call('users:remove', of('ann', 'Bob'))
    expect(changed).toBe(2)
    expect(await refusalCode(() => show(console, 'Bob'))).toBe('user-not-found')

    expect(await console.call('users:undoRemove', { undo: undo ?? '' })).toEqual({
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
    expect(await refusalCode(() => console.call('users:undoRemove', { undo: undo ?? '' }))).toBe('undo-gone')
  })

  it('leaves out a name that somebody else has by now', async () => {
    const console = await openServer(['ann', 'bob'])
    const { undo } = await console.call('users:remove', { selection: { filter: {} } })
    await console.call('users:add', { username: 'ANN', name: 'Another', group: 'Staff' })
    expect(await console.call('users:undoRemove', { undo: undo ?? '' })).toEqual({
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
    expect(await refusalCode(() => again.call('users:undoRemove', { undo: undo ?? '' }))).toBe('undo-gone')
  })

  it('takes a thousand in chunks, and says what a cancel left', async () => {
    const names = Array.from({ length: 1200 }, (_, number) => `user${number}`)
    const console = await openServer(names)
    const { undo } = await console.call('users:remove', { selection: { filter: {} } })
    const stop = new AbortController()
    const cancelled = await console.call(
      'users:undoRemove',
      { undo: undo ?? '' },
      { signal: stop.signal, onProgress: () => stop.abort() }
    )
    expect(cancelled).toEqual({ changed: 500, skipped: [], stopped: 'it was cancelled' })
    // The rest can still be brought back.
    expect(await console.call('users:undoRemove', { undo: undo ?? '' })).toMatchObject({ changed: 700, stopped: null })
    expect(await console.call('users:count', { filter: {} })).toEqual({ users: 1200 })
  })
})
