import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { withBackup } from '../../../src/main/backup/backup-service.ts'
import { tableRules } from '../../../src/main/backup/restore-rules.ts'
import { inspectBackup } from '../../../src/main/backup/restore.ts'
import { readAuditEntries } from '../../support/audit-entries.ts'
import { createTestFolder, openTestConsole } from '../../support/console.ts'
import { refusalOf } from '../../support/refusal.ts'
import {
  backUp,
  copyFolder,
  findBrokenRow,
  getsStrings,
  issueCode,
  listUsernames,
  openServer,
  passphrase,
  restore,
  restoreServer,
  setUpApp,
  tryCode
} from './restoring.ts'

const selectionOf = (...usernames: string[]) => ({ selection: { usernames } })

describe('after a restore', () => {
  it('no code of the backup lives: not one used since, not one that was never used, not one issued since', async () => {
    const console = await openServer(['used', 'unused', 'later', 'expired'])
    const codes = { used: await issueCode(console, 'used'), unused: await issueCode(console, 'unused') }
    await console.call('codes:issue', { ...selectionOf('expired'), validForMs: 60_000 })
    console.clock.advance(120_000)
    const file = await backUp(console)
    expect(await tryCode(console, 'used', codes.used)).toMatch(/^[\w-]{32}$/)
    const later = await issueCode(console, 'later')

    const { console: restored, report } = await restoreServer(console, file)
    expect(report.withdrawnCodes).toBe(2)
    for (const [username, code] of [...Object.entries(codes), ['later', later] as const]) {
      expect(await tryCode(restored, username, code), username).toBe('invalid-provision-code')
    }
    const { codes: listed } = await restored.call('codes:list', {})
    expect(Object.fromEntries(listed.map(({ username, state }) => [username, state]))).toEqual({
      used: 'withdrawn',
      unused: 'withdrawn',
      expired: 'expired'
    })
    expect((await restored.call('users:show', { username: 'unused' })).user).toMatchObject({ code: 'withdrawn' })
    expect(await tryCode(restored, 'used', await issueCode(restored, 'used'))).toMatch(/^[\w-]{32}$/)
  })

  it('only an app that is as it was goes on; old strings of none come back', async () => {
    const names = ['same', 'fresh', 'again', 'removed', 'disabled', 'rightless', 'was-disabled', 'none']
    const console = await openServer(names)
    await console.call('groups:add', { name: 'Guests', mobileClient: false })
    const ids = new Map<string, string>()
    for (const username of names.slice(0, -1)) ids.set(username, await setUpApp(console, username))
    for (const username of ['same', 'fresh', 'disabled', 'was-disabled']) {
      expect(await getsStrings(console, ids.get(username) ?? '')).toBe(true)
    }
    await console.call('users:disable', selectionOf('was-disabled'))
    const file = await backUp(console)

    expect(await getsStrings(console, ids.get('fresh') ?? '')).toBe(true)
    const newId = await setUpApp(console, 'again')
    const laterId = await setUpApp(console, 'none')
    await console.call('users:remove', selectionOf('removed'))
    await console.call('users:disable', selectionOf('disabled'))
    await console.call('users:set', { username: 'rightless', change: { group: 'Guests' } })

    const { console: restored, report } = await restoreServer(console, file)
    expect(report).toMatchObject({
      voidedDevices: 5,
      returnedUsers: { count: 2, usernames: ['disabled', 'removed'] },
      unread: []
    })
    const going: string[] = []
    for (const [username, id] of ids) if (await getsStrings(restored, id)) going.push(username)
    expect(going).toEqual(['same'])
    expect(await getsStrings(restored, newId)).toBe(false)
    expect(await getsStrings(restored, laterId)).toBe(false)
    const { users } = await restored.call('users:list', {})
    expect(Object.fromEntries(users.map(({ username, app }) => [username, app]))).toEqual({
      same: 'provisioned',
      fresh: 'none',
      again: 'none',
      removed: 'none',
      disabled: 'none',
      rightless: 'none',
      'was-disabled': 'provisioned',
      none: 'none'
    })
    // Its user was disabled before and is so now: whoever enables the user decides.
    await restored.call('users:enable', selectionOf('was-disabled'))
    expect(await getsStrings(restored, ids.get('was-disabled') ?? '')).toBe(true)
    expect(readAuditEntries(restored.folder, 'devices.voided')).toMatchObject([
      { actor: 'tester', detail: { users: ['fresh', 'again', 'removed', 'disabled', 'rightless'] } }
    ])
  })

  it('an app that an earlier restore has ended stays ended when the later backup is restored after all', async () => {
    const console = await openServer(['ann', 'bob'])
    const bobsId = await setUpApp(console, 'bob')
    const early = await backUp(console)
    const annsId = await setUpApp(console, 'ann')
    const late = await backUp(console)
    const first = await restoreServer(console, early)
    expect(await getsStrings(first.console, annsId)).toBe(false)
    const second = await restoreServer(first.console, late)
    expect(second.report).toMatchObject({ voidedDevices: 1, isSameServer: true, entriesSince: null })
    expect(await getsStrings(second.console, annsId)).toBe(false)
    expect(await getsStrings(second.console, bobsId)).toBe(true)
  })

  it('apps go on where the folder held an earlier state of the server, or another server', async () => {
    const console = await openServer(['ann'])
    const early = await backUp(console)
    const id = await setUpApp(console, 'ann')
    const late = await backUp(console)
    const earlier = await restoreServer(await openServer(['zoe']), early)
    // As early as that state is, its log has an entry of the restore, and so a history of its own.
    expect(earlier.report).toMatchObject({ isSameServer: false, voidedDevices: 0 })
    const onCopy = createTestFolder()
    const database = new BetterSqlite3(path.join(console.folder, 'console.db'))
    await database.backup(path.join(onCopy, 'console.db'))
    database.close()
    for (const name of ['key', 'server.key']) copyFileSync(path.join(console.folder, name), path.join(onCopy, name))
    const copy = new BetterSqlite3(path.join(onCopy, 'console.db'))
    copy.exec(`delete from devices; delete from audit where id > 3; update users set app_state = 'none'`)
    copy.close()

    for (const there of [await openTestConsole({ folder: onCopy }), await openServer(['zoe'])]) {
      const { console: restored, report } = await restoreServer(there, late)
      expect(report.voidedDevices).toBe(0)
      expect(await getsStrings(restored, id)).toBe(true)
      expect(await listUsernames(restored)).toEqual(['ann'])
    }
  })

  it('whoever was locked is locked, and whoever no longer was is not', async () => {
    const console = await openServer(['locked', 'freed'])
    const lock = async (username: string) => {
      for (let wrong = 0; wrong < 5; wrong++) await tryCode(console, username, 'WRONGCODE1')
    }
    await lock('freed')
    const file = await backUp(console)
    console.clock.advance(61_000)
    await setUpApp(console, 'freed')
    await lock('locked')
    const { console: restored } = await restoreServer(console, file)
    const until = async (username: string) => (await restored.call('users:show', { username })).user.lockedUntilMs
    expect(await until('locked')).toBe(console.clock.nowMs() + 30_000)
    expect(await until('freed')).toBeNull()
  })

  it('no one-time link of the backup leads to a code: not one used since, not one that was never used', async () => {
    const console = await openServer(['used', 'unused'])
    const giveLink = async (username: string) => {
      const { url } = await console.call('links:create', { username })
      return url.split('/').at(-1) ?? ''
    }
    const [used, unused] = [await giveLink('used'), await giveLink('unused')]
    const file = await backUp(console)
    expect(await console.portal.links.redeem(used, '192.0.2.1')).toHaveProperty('code')
    const later = await giveLink('unused')

    const { console: restored, report } = await restoreServer(console, file)
    expect(report.endedLinks).toBe(2)
    expect(await restored.portal.links.redeem(used, '192.0.2.1')).toEqual({ refusal: 'used' })
    for (const token of [unused, later]) {
      expect(await restored.portal.links.redeem(token, '192.0.2.1')).toEqual({ refusal: 'expired' })
    }
  })

  it('links asked for since the backup still count for how often a user may ask', async () => {
    const console = await openServer(['ann'])
    const file = await backUp(console)
    for (let given = 0; given < 3; given++) await console.call('links:create', { username: 'ann' })
    const { console: restored } = await restoreServer(console, file)
    const restoredDatabase = new BetterSqlite3(path.join(restored.folder, 'console.db'), { readonly: true })
    const counted = restoredDatabase.prepare('select count(*) from reprovision_links where user_id = 1').pluck().get()
    restoredDatabase.close()
    expect(counted).toBe(3)
  })

  it('an address that guessed just before is still counted', async () => {
    const console = await openServer(['ann'])
    const file = await backUp(console)
    for (let wrong = 0; wrong < 3; wrong++) await tryCode(console, 'ann', 'WRONGCODE1')
    const { console: restored } = await restoreServer(console, file)
    const database = new BetterSqlite3(path.join(restored.folder, 'console.db'), { readonly: true })
    expect(database.prepare('select count(*) from address_failures').pluck().get()).toBe(3)
    database.close()
  })

  it('every table of the database has a rule', async () => {
    const console = await openServer([])
    const database = new BetterSqlite3(path.join(console.folder, 'console.db'), { readonly: true })
    const tables = database
      .prepare<[], string>(`select name from sqlite_schema where type = 'table' and name not like 'kysely%'`)
      .pluck()
      .all()
    database.close()
    expect(Object.keys(tableRules).toSorted()).toEqual(tables.toSorted())
  })

  it('the time is not taken back with the clock', async () => {
    const console = await openServer(['ann'])
    const file = await backUp(console)
    const startMs = console.clock.nowMs()
    console.clock.advance(3_600_000)
    await console.call('users:add', { username: 'bea', group: 'Staff' })
    console.clock.set(startMs)
    const { console: restored } = await restoreServer(console, file)
    expect((await restored.call('status:get', {})).clockBehindMs).toBe(3_600_000)
    const [entry] = readAuditEntries(restored.folder, 'backup.restored')
    expect(entry?.atMs).toBe(startMs + 3_600_000)
  })

  it('a time that was set right since does not run ahead again, nor does what ended by it live on', async () => {
    const console = await openServer(['ann'])
    const startMs = console.clock.nowMs()
    console.clock.advance(25 * 3_600_000)
    const { url } = await console.call('links:create', { username: 'ann' })
    const file = await backUp(console)
    console.clock.set(startMs)
    await console.call('time:setRight', {})
    const { console: restored } = await restoreServer(console, file)
    expect(await restored.call('time:get', {})).toMatchObject({ nowMs: startMs, aheadMs: 0, liveLinks: 0 })
    expect(await restored.portal.links.look(url.split('/').at(-1) ?? '')).toEqual({ refusal: 'expired' })
    expect((await restored.call('log:verify', {})).brokenRow).toBeNull()
    const { entries } = await restored.call('log:list', { filter: { untilMs: startMs } })
    expect(entries.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['backup.restored', 'folder.created']))
  })

  it('no id of a user is given a second time', async () => {
    const console = await openServer(['ann'])
    const file = await backUp(console)
    await console.call('users:add', { username: 'bea', group: 'Staff' })
    await issueCode(console, 'bea')
    const { console: restored } = await restoreServer(console, file)
    await restored.call('users:add', { username: 'cyd', group: 'Staff' })
    await issueCode(restored, 'cyd')
    const database = new BetterSqlite3(path.join(restored.folder, 'console.db'), { readonly: true })
    expect(database.prepare('select id, username from users order by id').raw().all()).toEqual([
      [1, 'ann'],
      [3, 'cyd']
    ])
    expect(database.prepare('select id from codes').pluck().all()).toEqual([2])
    database.close()
  })

  it('the log tells of it, with the head of the log that it replaced, and still fits together', async () => {
    const console = await openServer(['ann'])
    const file = await backUp(console)
    const [created] = readAuditEntries(console.folder, 'backup.created')
    expect(created).toMatchObject({ actor: 'tester', detail: { file, users: 1 } })
    await console.call('users:add', { username: 'bea', group: 'Staff' })
    const database = new BetterSqlite3(path.join(console.folder, 'console.db'), { readonly: true })
    const [backedUp, , replaced] = database
      .prepare('select id, mac from audit order by id desc limit 3')
      .all()
      .toReversed()
    database.close()

    const { console: restored, report } = await restoreServer(console, file)
    expect(report).toMatchObject({ isSameServer: true, entriesSince: 2, current: { users: 2, auditHead: replaced } })
    const last = readAuditEntries(restored.folder).at(-1)
    expect(last).toMatchObject({
      actor: 'tester',
      kind: 'backup.restored',
      detail: { backup: { auditHead: backedUp }, replaced: { is: 'sequel', auditHead: replaced }, withdrawnCodes: 0 }
    })
    expect(await findBrokenRow(restored.folder)).toBeNull()
  })

  it('what could not be read of a damaged database is said, and the codes are withdrawn all the same', async () => {
    const console = await openServer(['ann', 'bob'])
    await setUpApp(console, 'bob')
    const code = await issueCode(console, 'ann')
    const file = await backUp(console)
    await console.close()
    const damagedDevices = new BetterSqlite3(path.join(console.folder, 'console.db'))
    damagedDevices.exec('drop table devices')
    damagedDevices.close()
    const { console: restored, report } = await restoreServer(console, file)
    expect(report.unread).toEqual(['it is not as this program writes it'])
    expect(report).toMatchObject({ current: { state: 'unreadable' }, withdrawnCodes: 1, voidedDevices: 0 })
    expect(await tryCode(restored, 'ann', code)).toBe('invalid-provision-code')
  })

  it('of a database whose log was changed it is said that not all of it could be read, and until then it is kept', async () => {
    const console = await openServer(['ann'])
    const file = await backUp(console)
    const id = await setUpApp(console, 'ann')
    expect(await getsStrings(console, id)).toBe(true)
    new BetterSqlite3(path.join(console.folder, 'console.db')).pragma('wal_checkpoint(RESTART)')
    for (let issued = 0; issued < 4; issued++) await issueCode(console, 'ann')
    const killed = copyFolder(console.folder)
    const log = path.join(killed, 'console.db-wal')
    const bytes = readFileSync(log)
    bytes[100] = (bytes[100] ?? 0) ^ 1
    writeFileSync(log, bytes)
    expect((await refusalOf(() => openTestConsole({ folder: killed }))).code).toBe('database-damaged')
    const stopped = AbortSignal.abort()
    expect((await refusalOf(() => restore(killed, file, { act: { actor: 'tester', signal: stopped } }))).code).toBe(
      'cancelled'
    )
    const seen = await withBackup({ file }, passphrase, (backup) => inspectBackup(backup, killed))
    expect(seen.current).toEqual({ state: 'unreadable', reason: 'the last part of its log is damaged' })
    expect(readFileSync(log)).toEqual(bytes)

    // What lay in the database before its log still tells of the app that was set up since the backup.
    const report = await restore(killed, file)
    expect(report).toMatchObject({ unread: ['the last part of its log is damaged'] })
    const restored = await openTestConsole({ folder: killed, clock: console.clock })
    expect(await listUsernames(restored)).toEqual(['ann'])
    expect(await getsStrings(restored, id)).toBe(false)
    expect(readdirSync(killed).filter((name) => /replaced|restored|draft/.test(name))).toEqual([])
  })
})
