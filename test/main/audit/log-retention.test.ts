import path from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { createAuditLog } from '../../../src/main/store/audit-chain.ts'
import { cutOldEntries, type RetentionParts } from '../../../src/main/audit/log-retention.ts'
import { openDataKey } from '../../../src/main/keys/data-key.ts'
import { openDatabase } from '../../../src/main/store/sqlite/open.ts'
import { createTimekeeper } from '../../../src/main/store/time.ts'
import { createSettingsService } from '../../../src/main/settings/settings-service.ts'
import { fileKeySources, openTestConsole, type TestConsole } from '../../support/console.ts'

const dayMs = 86_400_000

/** A hundred days with `perDay` entries each, of which the last thirty are kept. */
async function openOldServer(perDay = 20): Promise<TestConsole> {
  const console = await openTestConsole()
  await console.call('users:import', { content: Buffer.from('username\nann\nbob\n') })
  for (let day = 0; day < 100; day++) {
    for (let entry = 0; entry < perDay; entry++) {
      await console.call('users:set', { username: 'ann', change: { name: `Ann ${day} ${entry}` } })
    }
    console.clock.advance(dayMs)
  }
  await console.call('settings:set', { changes: { 'policy.log.keep': '30d' } })
  return console
}

/** Cuts as the program does by itself every hour, with its own connection to the folder, and closes that. */
async function cut(console: TestConsole, signal?: AbortSignal): Promise<number> {
  const { keys } = await openDataKey(console.folder, fileKeySources, console.clock)
  const database = await openDatabase(path.join(console.folder, 'console.db'))
  const audit = createAuditLog(keys.audit)
  const time = createTimekeeper(console.clock)
  const settings = createSettingsService(database.db, time, audit, keys.sealing)
  const parts: RetentionParts = { db: database.db, time, settings, audit }
  try {
    return await cutOldEntries(parts, { actor: 'policy', signal })
  } finally {
    await database.close()
  }
}

function tamper(console: TestConsole, statement: string): void {
  const sqlite = new BetterSqlite3(path.join(console.folder, 'console.db'))
  sqlite.exec(statement)
  sqlite.close()
}

describe('a log of which policy keeps some days', () => {
  it('loses what is older and goes on to verify, from a checkpoint that says what is gone', async () => {
    const console = await openOldServer()
    const before = await console.call('log:verify', {})
    const rows = await cut(console)
    expect(rows).toBeGreaterThan(1300)
    const after = await console.call('log:verify', {})
    expect(after).toMatchObject({
      brokenRow: null,
      rows: before.rows - rows + 1,
      checkpoint: { id: rows, cutAtMs: console.clock.nowMs() },
      keptHead: 'none'
    })
    expect(after.checkpoint?.atMs).toBeLessThan(console.clock.nowMs() - 30 * dayMs)
    const { entries } = await console.call('log:list', { filter: {}, limit: 500 })
    expect(entries[0]).toMatchObject({
      kind: 'log.cut',
      actor: 'policy',
      detail: { rows, until: { row: rows, mac: after.checkpoint?.mac } }
    })
    // What is written afterwards goes on in the same chain, and there is nothing more to cut.
    await console.call('users:set', { username: 'ann', change: { name: 'Ann' } })
    expect(await cut(console)).toBe(0)
    expect(await console.call('log:verify', {})).toMatchObject({ brokenRow: null, rows: after.rows + 1 })
    expect((await console.call('users:show', { username: 'bob' })).timeline).toEqual([])
  })

  it('keeps everything where policy says nothing', async () => {
    const console = await openOldServer(1)
    await console.call('settings:set', { changes: { 'policy.log.keep': 'off' } })
    expect(await cut(console)).toBe(0)
  })

  it('takes a time without entries for a week at most, as a clock leaves it that was set far ahead', async () => {
    const console = await openOldServer(2)
    await console.call('settings:set', { changes: { 'policy.log.keep': '200d' } })
    console.clock.advance(3 * 365 * dayMs)
    expect(await cut(console)).toBe(0)
    // Nor is it believed once something happened by it, as often as that may be.
    for (let day = 0; day < 3; day++) {
      await console.call('users:set', { username: 'ann', change: { name: `Ann of the future ${day}` } })
      expect(await cut(console)).toBe(0)
      console.clock.advance(dayMs)
    }
    expect((await console.call('log:verify', {})).checkpoint).toBeNull()
  })

  it('goes on to be cut after a quiet time, a little later', async () => {
    const console = await openOldServer(1)
    console.clock.advance(60 * dayMs)
    await console.call('users:set', { username: 'ann', change: { name: 'Ann' } })
    expect(await cut(console)).toBeGreaterThan(0)
    // The newest 23 days before it, with which the week makes thirty.
    const { entries } = await console.call('log:list', { filter: {}, limit: 500 })
    expect(entries.filter(({ kind }) => kind === 'user.changed').length).toBeGreaterThanOrEqual(23)
    expect(entries.filter(({ kind }) => kind === 'user.changed').length).toBeLessThanOrEqual(25)
  })

  it('is not cut while the time runs ahead of the clock, and is once that is set right', async () => {
    const console = await openOldServer()
    const rightMs = console.clock.nowMs()
    console.clock.set(rightMs + 10 * dayMs)
    await console.call('users:set', { username: 'ann', change: { name: 'Ann of the future' } })
    console.clock.set(rightMs)
    expect(await cut(console)).toBe(0)
    await console.call('time:setRight', {})
    expect(await cut(console)).toBeGreaterThan(1300)
    const { entries } = await console.call('log:list', { filter: {}, limit: 500 })
    const oldest = entries.at(-1)?.atMs ?? 0
    expect(rightMs - oldest).toBeGreaterThan(20 * dayMs)
  })

  it('compares a kept head with what is left, and says where that can no longer be done', async () => {
    const console = await openOldServer()
    const { head: last } = await console.call('log:verify', {})
    if (!last) throw new Error('no head')
    const sqlite = new BetterSqlite3(path.join(console.folder, 'console.db'), { readonly: true })
    const macOf = (id: number) =>
      sqlite.prepare<[number], string>('select mac from audit where id = ?').pluck().get(id) ?? ''
    const [old, early] = [macOf(10), macOf(11)]
    const all = new Map(Array.from({ length: last.id }, (_, index) => [index + 1, macOf(index + 1)]))
    sqlite.close()
    const rows = await cut(console)
    const verify = async (id: number, mac = all.get(id) ?? '') => {
      const { brokenRow, keptHead } = await console.call('log:verify', { head: { id, mac } })
      return { brokenRow, keptHead }
    }
    expect([old, early].every((mac) => mac !== '')).toBe(true)
    expect(await verify(10)).toEqual({ brokenRow: null, keptHead: 'cut' })
    expect(await verify(rows)).toEqual({ brokenRow: null, keptHead: 'fits' })
    expect(await verify(rows, early)).toEqual({ brokenRow: rows, keptHead: 'differs' })
    expect(await verify(last.id)).toEqual({ brokenRow: null, keptHead: 'fits' })
    expect(await verify(last.id + 50, old)).toMatchObject({ keptHead: 'missing' })
  })

  it.each([
    [
      'a checkpoint moved on, with the rows up to it dropped',
      (row: number) => `
      update audit_checkpoint set row_id = ${row + 5},
        row_mac = (select mac from audit where id = ${row + 5}), row_at_ms = (select at_ms from audit where id = ${row + 5});
      delete from audit where id <= ${row + 5}`
    ],
    ['a checkpoint that is gone', () => 'delete from audit_checkpoint'],
    ['a row dropped behind it', (row: number) => `delete from audit where id = ${row + 1}`],
    [
      'a row slipped in before it',
      (row: number) => `
      insert into audit select ${row}, at_ms, actor, kind, user_id, username, detail, mac from audit where id = ${row + 1}`
    ],
    ['a time of the cut that is another', () => 'update audit_checkpoint set cut_at_ms = cut_at_ms + 1'],
    ['all rows behind it dropped', () => 'delete from audit']
  ])('shows %s by somebody without the key', async (_what, statement) => {
    const console = await openOldServer(5)
    const rows = await cut(console)
    tamper(console, statement(rows))
    expect((await console.call('log:verify', {})).brokenRow).not.toBeNull()
  })

  it('is not cut where it was changed: what shows that stays', async () => {
    const console = await openOldServer(5)
    tamper(console, "update audit set username = 'eve' where id = 7")
    await expect(cut(console)).rejects.toMatchObject({ code: 'log-broken' })
    expect(await console.call('log:verify', {})).toMatchObject({ brokenRow: 7, checkpoint: null })
  })

  it('is whole wherever the cutting is interrupted', async () => {
    const console = await openOldServer()
    const stopping = new AbortController()
    stopping.abort()
    const first = await cut(console, stopping.signal)
    expect(first).toBe(500)
    expect(await console.call('log:verify', {})).toMatchObject({ brokenRow: null, checkpoint: { id: 500 } })
    const second = await cut(console)
    expect(second).toBeGreaterThan(500)
    expect(await console.call('log:verify', {})).toMatchObject({ brokenRow: null, checkpoint: { id: first + second } })
  })

  it('is cut by a program that runs', async () => {
    const console = await openOldServer(2)
    console.startSending()
    await expect.poll(async () => (await console.call('log:verify', {})).checkpoint, { timeout: 20_000 }).not.toBeNull()
  })
})
