import path from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { AuditEntry, AuditFilter } from '../../../src/shared/audit.ts'
import { openTestConsole, type TestConsole } from '../../support/console.ts'
import { refusalCode } from '../../support/refusal.ts'

async function openServer(users: string[]): Promise<TestConsole> {
  const console = await openTestConsole()
  await console.call('users:import', { content: Buffer.from(['username', ...users].join('\n')) })
  return console
}

async function readAll(console: TestConsole, filter: AuditFilter, limit = 3): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = []
  let beforeId: number | null = null
  do {
    const page: { entries: AuditEntry[]; next: number | null } = await console.call('log:list', {
      filter,
      limit,
      ...(beforeId !== null && { beforeId })
    })
    expect(page.entries.length).toBeLessThanOrEqual(limit)
    entries.push(...page.entries)
    beforeId = page.next
  } while (beforeId !== null)
  return entries
}

const kindsOf = (entries: AuditEntry[]) => entries.map(({ kind }) => kind)

function tamper(console: TestConsole, statement: string): void {
  const sqlite = new BetterSqlite3(path.join(console.folder, 'console.db'))
  sqlite.exec(statement)
  sqlite.close()
}

describe('the list of the log', () => {
  it('gives every entry once, the newest first, over pages of any size', async () => {
    const console = await openServer(['ann', 'bob'])
    for (let round = 0; round < 10; round++) await console.call('codes:issue', { selection: { usernames: ['ann'] } })
    const all = await readAll(console, {}, 500)
    expect(all.map(({ id }) => id)).toEqual(Array.from({ length: all.length }, (_, index) => all.length - index))
    for (const limit of [1, 4, all.length]) expect(await readAll(console, {}, limit)).toEqual(all)
  })

  it('finds what concerns a user, also where an entry speaks of many', async () => {
    const console = await openServer(['ann', 'bob', 'a%b', 'DOM\\al', 'Ann-Marie', 'x_y', 'xzy'])
    await console.call('codes:issue', { selection: { usernames: ['ann'] } })
    await console.call('codes:issue', { selection: { usernames: ['bob', 'ann'] } })
    await console.call('codes:issue', { selection: { usernames: ['Ann-Marie', 'a%b', 'DOM\\al', 'x_y'] } })
    await console.call('codes:issue', { selection: { usernames: ['xzy'] } })
    await console.portal.provisioning.provision({ username: 'nobody', code: 'ZZZZZZZZZZ', address: '192.0.2.1' })
    const kinds: AuditFilter['kinds'] = ['codes.issued']
    for (const [user, count] of [
      ['ann', 2],
      ['ANN', 2],
      ['bob', 1],
      ['a%b', 1],
      ['DOM\\al', 1],
      ['x_y', 1],
      ['%', 0],
      ['nn', 0]
    ] as const) {
      expect([user, (await readAll(console, { user, kinds })).length]).toEqual([user, count])
    }
    expect(kindsOf(await readAll(console, { user: 'nobody' }))).toEqual(['attempt.refused'])
  })

  it('holds to kinds, time and text', async () => {
    const console = await openServer(['ann'])
    const startMs = console.clock.nowMs()
    for (let hour = 0; hour < 50; hour++) {
      console.clock.advance(3_600_000)
      await console.call('settings:set', { changes: { 'server.name': `Name ${hour}` } })
    }
    const sinceMs = startMs + 10 * 3_600_000
    const untilMs = startMs + 20 * 3_600_000
    expect((await readAll(console, { sinceMs, untilMs })).map(({ atMs }) => (atMs - startMs) / 3_600_000)).toEqual([
      20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10
    ])
    expect(await readAll(console, { sinceMs: startMs + 51 * 3_600_000 })).toEqual([])
    expect(await readAll(console, { untilMs: startMs - 1 })).toEqual([])
    expect(await readAll(console, { text: 'name 49' })).toHaveLength(1)
    expect(await readAll(console, { text: 'TESTER', kinds: ['users.imported'] })).toHaveLength(1)
    expect(await readAll(console, { text: '100%' })).toEqual([])
  })

  it('looks through a long log in parts, and comes to its end', async () => {
    const console = await openServer(['ann'])
    // Written as another program would: what counts here is their number alone.
    tamper(
      console,
      `with recursive n(i) as (select 1000 union all select i + 1 from n where i < 80000)
       insert into audit (id, at_ms, actor, kind, user_id, username, detail, mac)
       select i, 1777885200000, 'x', 'attempt.refused', null, 'stranger', '{}', '' from n`
    )
    const first = await console.call('log:list', { filter: { kinds: ['users.imported'] } })
    expect(first).toMatchObject({ entries: [], next: expect.any(Number) as number })
    expect(kindsOf(await readAll(console, { kinds: ['users.imported'] }))).toEqual(['users.imported'])
  })
})

describe('verifying the log', () => {
  it('proves a whole log up to its last row, and says that it cannot tell what was cut off', async () => {
    const console = await openServer(['ann'])
    const [last] = await readAll(console, {}, 500)
    expect(await console.call('log:verify', {})).toEqual({
      rows: last?.id,
      brokenRow: null,
      head: { id: last?.id, mac: expect.stringMatching(/^[\w-]{43}$/) as string, atMs: last?.atMs },
      checkpoint: null,
      keptHead: 'none'
    })
  })

  it.each([
    ['a changed row', `update audit set username = 'bob' where id = 3`, 3],
    ['a dropped row', 'delete from audit where id = 3', 3],
    [
      'a row slipped in below',
      `insert into audit select 0, at_ms, actor, kind, user_id, username, detail, mac from audit where id = 3`,
      0
    ],
    ['rows cut off', 'delete from audit where id >= 4', 4],
    [
      'a row put at the end',
      `insert into audit select 99, at_ms, actor, kind, user_id, username, detail, mac from audit where id = 3`,
      6
    ],
    [
      'two rows exchanged',
      `update audit set id = -7 where id = 2; update audit set id = 2 where id = 3; update audit set id = 3 where id = -7`,
      2
    ]
  ])('names the first broken row: %s', async (_what, statement, row) => {
    const console = await openServer(['ann', 'bob'])
    await console.call('codes:issue', { selection: { usernames: ['ann'] } })
    await console.call('codes:issue', { selection: { usernames: ['ann'] } })
    const { head } = await console.call('log:verify', {})
    if (!head) throw new Error('no head')
    expect(await console.call('log:verify', { head })).toMatchObject({ brokenRow: null, keptHead: 'fits' })
    tamper(console, statement)
    expect((await console.call('log:verify', { head })).brokenRow).toBe(row)
    // What is shown must be shown all the same.
    expect((await readAll(console, {}, 500)).length).toBeGreaterThan(0)
  })

  it('tells a log that was written anew from the one whose head was kept', async () => {
    const console = await openServer(['ann'])
    const { head } = await console.call('log:verify', {})
    const other = await openServer(['ann'])
    const result = await other.call('log:verify', { head: { id: head?.id ?? 0, mac: head?.mac ?? '' } })
    expect(result).toMatchObject({ keptHead: 'differs', brokenRow: head?.id })
  })

  it('shows a row whose detail is no JSON any more', async () => {
    const console = await openServer(['ann'])
    tamper(console, `update audit set detail = '{oops' where id = 2`)
    expect((await readAll(console, {}, 500)).find(({ id }) => id === 2)?.detail).toEqual({ unreadable: '{oops' })
  })

  it('can be stopped', async () => {
    const console = await openServer(['ann'])
    const signal = AbortSignal.abort()
    expect(await refusalCode(() => console.call('log:verify', {}, { signal }))).toBe('cancelled')
  })
})

describe('an export of the log', () => {
  it('is CSV without formulas, or JSON, of what matches, and is recorded', async () => {
    const console = await openServer(['=ann'])
    await console.call('codes:issue', { selection: { usernames: ['=ann'] } })
    const filter = { user: '=ann', kinds: ['codes.issued' as const] }
    const csv = await console.call('log:export', { filter, format: 'csv' })
    const [header, line, rest] = Buffer.from(csv.content).toString('utf8').split('\r\n')
    expect([csv.entries, header, rest]).toEqual([1, '\ufeffrow,time,actor,kind,username,detail', ''])
    expect(line).toMatch(/^\d+,2026-05-04T09:00:00\.000Z,tester,codes\.issued,'=ann,"\{""channel"".*\}"$/)

    const json = await console.call('log:export', { format: 'json' })
    const entries = JSON.parse(Buffer.from(json.content).toString('utf8')) as { row: number; kind: string }[]
    expect(entries).toHaveLength(json.entries)
    expect(entries[0]).toMatchObject({ kind: 'log.exported' })
    const none = await console.call('log:export', { filter: { text: 'nowhere to be found' }, format: 'json' })
    expect(JSON.parse(Buffer.from(none.content).toString('utf8'))).toEqual([])
  })
})
