import path from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { openTestConsole, testStartMs, type TestConsole } from '../../support/console.ts'

async function timelineOf({ call }: TestConsole, username: string) {
  const { timeline } = await call('users:show', { username })
  return timeline
}

const kindsOf = async (console: TestConsole, username: string) =>
  (await timelineOf(console, username)).map(({ kind }) => kind)

async function openWithUsers(...usernames: string[]): Promise<TestConsole> {
  const console = await openTestConsole()
  for (const username of usernames) {
    await console.call('users:add', { username, group: 'Staff' })
    console.clock.advance(1000)
  }
  return console
}

describe('a user’s timeline', () => {
  it('tells what happened to the user, the newest first, and nothing of others', async () => {
    const console = await openWithUsers('ann', 'bea')
    await console.call('codes:issue', { selection: { usernames: ['ann'] }, reveal: true })
    console.clock.advance(1000)
    await console.portal.provisioning.provision({ username: 'ann', code: 'WRONG', address: '192.0.2.1' })
    console.clock.advance(1000)
    await console.call('users:set', { username: 'ann', change: { name: 'Ann' } })
    expect(await kindsOf(console, 'ann')).toEqual([
      'user.changed',
      'attempt.refused',
      'code.revealed',
      'codes.issued',
      'user.added'
    ])
    expect(await kindsOf(console, 'bea')).toEqual(['user.added'])
    expect((await timelineOf(console, 'ann')).find(({ kind }) => kind === 'attempt.refused')).toMatchObject({
      actor: 'portal',
      username: 'ann',
      atMs: testStartMs + 3000,
      detail: { refusal: 'wrong-code', address: '192.0.2.1' }
    })
  })

  it('shows the user’s own part in acts on many, of which the log has one entry for all', async () => {
    const console = await openWithUsers('ann', 'bea')
    await console.call('codes:issue', { selection: { filter: {} }, validForMs: 3_600_000 })
    const issuedAtMs = console.clock.nowMs()
    console.clock.advance(1000)
    await console.call('codes:withdraw', { selection: { usernames: ['bea', 'ann'] } })
    expect(await timelineOf(console, 'ann')).toMatchObject([
      { kind: 'codes.withdrawn', atMs: issuedAtMs + 1000, actor: '' },
      {
        kind: 'codes.issued',
        atMs: issuedAtMs,
        actor: '',
        detail: { channel: 'desk', expiresAtMs: issuedAtMs + 3_600_000 }
      },
      { kind: 'user.added', actor: 'tester' }
    ])
  })

  it('has the user’s own part of the entries that list many, and none of an earlier user of the name', async () => {
    const console = await openTestConsole()
    const both = { selection: { usernames: ['ann', 'bea'] } }
    await console.call('users:import', { content: Buffer.from('username\nann\nbea\n') })
    await console.call('users:disable', both)
    await console.call('users:remove', both)
    console.clock.advance(1000)
    await console.call('groups:add', { name: 'ann' })
    const content = Buffer.from('username,group\nann,ann\nbea,ann\ncid,ann\n')
    await console.call('users:import', { content })
    await console.call('users:disable', { selection: { usernames: ['bea', 'cid'] } })
    await console.call('groups:remove', { name: 'ann', moveUsersTo: 'Staff' })
    expect(await timelineOf(console, 'ann')).toMatchObject([
      { kind: 'users.moved', actor: 'tester', detail: { from: 'ann', to: 'Staff', users: ['ann'] } },
      { kind: 'users.imported', detail: { added: ['ann'] } }
    ])
    expect(await kindsOf(console, 'bea')).toEqual(['users.moved', 'users.disabled', 'users.imported'])
  })

  it('shows a code that was issued and withdrawn for the user alone once', async () => {
    const console = await openWithUsers('ann')
    await console.call('codes:issue', { selection: { usernames: ['ann'] } })
    console.clock.advance(1000)
    await console.call('codes:withdraw', { selection: { usernames: ['ann'] } })
    expect(await kindsOf(console, 'ann')).toEqual(['codes.withdrawn', 'codes.issued', 'user.added'])
  })

  it('shows no withdrawal of a code that had expired', async () => {
    const console = await openWithUsers('ann', 'bea')
    await console.call('codes:issue', { selection: { filter: {} }, validForMs: 60_000 })
    console.clock.advance(120_000)
    await console.call('codes:withdraw', { selection: { filter: {} } })
    expect(await kindsOf(console, 'ann')).toEqual(['codes.issued', 'user.added'])
  })

  it('does not go on to a later user of the same name', async () => {
    const console = await openWithUsers('ann')
    await console.call('codes:issue', { selection: { usernames: ['ann'] } })
    await console.call('users:remove', { selection: { usernames: ['ann'] } })
    await console.call('users:add', { username: 'ann', group: 'Staff' })
    expect(await kindsOf(console, 'ann')).toEqual(['user.added'])
  })

  it('ends after a hundred entries, each with an id of its own', async () => {
    const console = await openWithUsers('ann', 'bea')
    for (let round = 0; round < 60; round++) {
      await console.call('codes:issue', { selection: { filter: {} } })
      console.clock.advance(1000)
      await console.call('users:set', { username: 'ann', change: { name: `Ann ${round}` } })
      console.clock.advance(1000)
    }
    const timeline = await timelineOf(console, 'ann')
    expect(timeline).toHaveLength(100)
    expect(new Set(timeline.map(({ id }) => id)).size).toBe(100)
    expect(timeline.slice(0, 4).map(({ kind }) => kind)).toEqual([
      'user.changed',
      'codes.issued',
      'user.changed',
      'codes.issued'
    ])
    const times = timeline.map(({ atMs }) => atMs)
    expect(times).toEqual(times.toSorted((a, b) => b - a))
  })

  it('has what lists the user also where the log went on for long, and no entry that only speaks the name', async () => {
    const console = await openTestConsole()
    await console.call('users:import', { content: Buffer.from('username\nann\nbea\n') })
    await console.call('users:disable', { selection: { usernames: ['ann', 'bea'] } })
    const sqlite = new BetterSqlite3(path.join(console.folder, 'console.db'))
    sqlite.exec(`
      with recursive n(i) as (select 1000 union all select i + 1 from n where i < 30000)
      insert into audit (id, at_ms, actor, kind, user_id, username, detail, mac)
      select i, ${testStartMs}, 'portal', 'attempt.refused', null, 'stranger', '{"refusal":"unknown-user","address":"ann"}', ''
      from n`)
    sqlite.close()
    expect(await kindsOf(console, 'ann')).toEqual(['users.disabled', 'users.imported'])
  })
})
