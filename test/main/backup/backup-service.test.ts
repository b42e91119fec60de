import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { backupInspection, backupReport, restoreReport } from '../../../src/shared/backup.ts'
import { readAuditEntries } from '../../support/audit-entries.ts'
import { createTestFolder, openTestConsole } from '../../support/console.ts'
import { readFolderContents } from '../../support/folder-contents.ts'
import { refusalCode, refusalOf } from '../../support/refusal.ts'
import {
  act,
  backUp,
  copyFolder,
  findBrokenRow,
  getsStrings,
  issueCode,
  listUsernames,
  openServer,
  passphrase,
  restore,
  sealCheaply,
  setUpApp,
  tryCode,
  unseal,
  writeTestFile,
  type UnsealedBackup
} from './restoring.ts'

const writer = `
const Database = require('better-sqlite3')
const database = new Database(process.argv[1], { timeout: 10000 })
const group = database.prepare('select id from groups').pluck().get()
const user = database.prepare("insert into users (username, username_key, name, email, phone, search_text, group_id, created_at_ms, updated_at_ms) values (?, ?, '', '', '', '', ?, 0, 0)")
const pair = database.transaction((n) => { user.run('a' + n, 'a' + n, group); user.run('b' + n, 'b' + n, group) })
for (let n = 0; ; n++) { pair(n); if (n === 0) process.stdout.write('writing') }
`

/** A backup’s database, unpacked into a file. */
async function databaseIn(file: string): Promise<BetterSqlite3.Database> {
  const { content } = await unseal(file)
  const unpacked = path.join(createTestFolder(), 'unpacked.db')
  writeFileSync(unpacked, content)
  return new BetterSqlite3(unpacked)
}

/** The backup with another database in it, or another schema version in its head, sealed by who knows the passphrase. */
async function forge(
  { head, content }: UnsealedBackup,
  change: (database: BetterSqlite3.Database) => void,
  schemaVersion = head.summary.schemaVersion
): Promise<string> {
  const file = path.join(createTestFolder(), 'forged.db')
  writeFileSync(file, content)
  const database = new BetterSqlite3(file)
  change(database)
  database.close()
  return sealCheaply({ head: { ...head, summary: { ...head.summary, schemaVersion } }, content: readFileSync(file) })
}

describe('a backup', () => {
  it('says what it holds, and gives nothing of it away without its passphrase', async () => {
    const console = await openServer(['ann', 'bob'])
    await console.call('settings:set', { changes: { 'server.name': 'Head Office' } })
    const code = await issueCode(console, 'ann')
    const id = await setUpApp(console, 'bob')
    const { siteId } = await console.call('status:get', {})
    const target = path.join(createTestFolder(), 'a.backup')
    const report = await console.backups.createFile(target, { passphrase, overwrite: false }, act)
    expect(backupReport.parse(report)).toEqual(report)
    expect(report).toMatchObject({
      file: target,
      bytes: statSync(target).size,
      backup: { serverName: 'Head Office', siteId, users: 2, groups: 1, codes: 2, devices: 1 }
    })
    expect(statSync(target).mode & 0o777).toBe(0o600)
    expect(readdirSync(path.dirname(target))).toEqual(['a.backup'])
    expect(readdirSync(console.folder).filter((name) => name.startsWith('draft'))).toEqual([])

    const inspection = await console.backups.inspect({ content: readFileSync(target) }, passphrase)
    expect(backupInspection.parse(inspection)).toEqual(inspection)
    expect(inspection).toMatchObject({ backup: report.backup, isSameServer: true, entriesSince: 1 })

    const bytes = readFileSync(target)
    const key = JSON.parse(readFileSync(path.join(console.folder, 'key'), 'utf8')) as { slots: { sealed: string }[] }
    const texts = [
      code,
      id,
      passphrase,
      'ann',
      'Head Office',
      String(siteId),
      'SQLite format',
      key.slots[0]?.sealed ?? '?'
    ]
    for (const text of texts) expect(bytes.includes(text), text).toBe(false)
  })

  it('is of one moment, however much another program writes meanwhile', async () => {
    const console = await openServer(['ann'])
    const program = spawn(process.execPath, ['-e', writer, path.join(console.folder, 'console.db')])
    try {
      await once(program.stdout, 'data')
      for (let round = 0; round < 2; round++) {
        const database = await databaseIn(await backUp(console))
        const of = (letter: string) =>
          database
            .prepare(`select count(*) from users where username like '${letter}%' and username <> 'ann'`)
            .pluck()
            .get()
        expect(of('a')).toBeGreaterThan(0)
        expect(of('b')).toBe(of('a'))
        expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
        database.close()
      }
      expect(program.exitCode).toBeNull()
    } finally {
      program.kill('SIGKILL')
      await once(program, 'close')
    }
  })

  it('leaves out what was deleted, which may still lie in free pages', async () => {
    const console = await openServer(['ann'])
    await console.close()
    const file = path.join(console.folder, 'console.db')
    const database = new BetterSqlite3(file)
    database.exec(
      `create table spare (text text); insert into spare values ('${'wiped-secret'.repeat(1000)}'); drop table spare`
    )
    database.close()
    expect(readFileSync(file).includes('wiped-secret')).toBe(true)
    const copy = await databaseIn(await backUp(await openTestConsole({ folder: console.folder })))
    expect(readFileSync(copy.name).includes('wiped-secret')).toBe(false)
    copy.close()
  })

  it('needs a passphrase as long as those of key slots', async () => {
    const console = await openServer([])
    const target = path.join(createTestFolder(), 'a.backup')
    const how = { passphrase: 'elevenchars', overwrite: false }
    expect(await refusalCode(() => console.backups.createFile(target, how, act))).toBe('invalid-input')
    expect(await refusalCode(() => console.backups.create('elevenchars', act))).toBe('invalid-input')
    expect(existsSync(target)).toBe(false)
  })

  it('takes no file’s place unless told to, and never one of the data folder', async () => {
    const console = await openServer(['ann'])
    const folder = createTestFolder()
    const target = path.join(folder, 'a.backup')
    writeFileSync(target, 'kept')
    symlinkSync(path.join(console.folder, 'console.db'), path.join(folder, 'link'))
    symlinkSync(console.folder, path.join(folder, 'data'))
    mkdirSync(path.join(folder, 'sub'))
    const create = (file: string, overwrite: boolean) =>
      console.backups.createFile(file, { passphrase, overwrite }, act)
    expect((await refusalOf(() => create(target, false))).message).toBe(
      `${target} cannot be written: it is there already.`
    )
    for (const refused of ['link', 'data/key', 'data/new.backup', 'sub', 'nowhere/a.backup']) {
      expect(await refusalCode(() => create(path.join(folder, refused), true)), refused).toBe('file-unwritable')
    }
    expect(await refusalCode(() => create('/dev/null', true))).toBe('file-unwritable')
    expect(readFileSync(target, 'utf8')).toBe('kept')
    expect(readdirSync(folder).toSorted()).toEqual(['a.backup', 'data', 'link', 'sub'])
    expect(readAuditEntries(console.folder, 'backup.created')).toEqual([])
    await create(target, true)
    expect(readFileSync(target, 'utf8')).not.toBe('kept')
    expect(readAuditEntries(console.folder, 'backup.created')).toHaveLength(1)
  })

  it('that is cancelled leaves no file and no entry', async () => {
    const console = await openServer(['ann'])
    const folder = createTestFolder()
    const stopped = { actor: 'tester', signal: AbortSignal.abort() }
    const create = () =>
      console.backups.createFile(path.join(folder, 'a.backup'), { passphrase, overwrite: false }, stopped)
    expect(await refusalCode(create)).toBe('cancelled')
    expect(readdirSync(folder)).toEqual([])
    expect(readAuditEntries(console.folder, 'backup.created')).toEqual([])
  })
})

describe('restoring in the open console', () => {
  it('goes on with what was restored: calls, phones and listeners', async () => {
    const source = await openServer(['ann'])
    const annsId = await setUpApp(source, 'ann')
    const made = await source.backups.create(passphrase, act)
    const console = await openServer(['bob', 'cyd'])
    const bobsId = await setUpApp(console, 'bob')
    const told: string[] = []
    console.subscribe((name) => void told.push(name))

    const restoring = console.backups.restore({ content: made.content }, passphrase, act)
    const meanwhile = await Promise.all([listUsernames(console), getsStrings(console, bobsId), restoring])
    expect(['bob,cyd', 'ann']).toContain(meanwhile[0].join())
    const report = await restoring
    expect(restoreReport.parse(report)).toEqual(report)
    expect(report).toMatchObject({ isSameServer: false, entriesSince: null, current: { users: 2 } })
    expect(await listUsernames(console)).toEqual(['ann'])
    expect(await getsStrings(console, annsId)).toBe(true)
    expect(await getsStrings(console, bobsId)).toBe(false)
    expect((await console.portal.readServer()).siteId).toBe(made.backup.siteId)
    expect(told).toEqual(expect.arrayContaining(['users-changed', 'groups-changed', 'settings-changed', 'log-changed']))
    await tryCode(console, 'ann', await issueCode(console, 'ann'))
    await console.close()
    expect(await findBrokenRow(console.folder)).toBeNull()
  })

  it('is refused while another program has the folder open, and goes on with what there was', async () => {
    const console = await openServer(['ann'])
    const { content } = await console.backups.create(passphrase, act)
    await console.call('users:add', { username: 'bob', group: 'Staff' })
    const other = await openTestConsole({ folder: console.folder })
    const { code, message } = await refusalOf(() => console.backups.restore({ content }, passphrase, act))
    expect([code, message]).toEqual([
      'database-busy',
      expect.stringMatching(/has .* open.*Close it.*Nothing was changed\.$/)
    ])
    for (const one of [console, other]) expect(await listUsernames(one)).toEqual(['ann', 'bob'])
    await other.close()
    await console.backups.restore({ content }, passphrase, act)
    expect(await listUsernames(console)).toEqual(['ann'])
  })

  it('lets a call that is under way end first', async () => {
    const console = await openServer(['ann'])
    const { content } = await console.backups.create(passphrase, act)
    const lines = Array.from({ length: 3000 }, (_, index) => `user${index}`)
    const importing = console.call('users:import', { content: Buffer.from(['username', ...lines].join('\n')) })
    const [report, restored] = await Promise.all([importing, console.backups.restore({ content }, passphrase, act)])
    expect(report).toMatchObject({ written: true, stopped: null, added: 3000 })
    expect(restored.current).toMatchObject({ users: 3001 })
    expect(await listUsernames(console)).toEqual(['ann'])
  })
})

describe('a restore that is refused', () => {
  it('changes nothing, and says why in one sentence', async () => {
    const console = await openServer(['ann'])
    const file = await backUp(console)
    await console.close()
    const whole = readFileSync(file)
    const unsealed = await unseal(file)
    const flipped = Buffer.from(whole)
    flipped[whole.length - 1000] = (flipped[whole.length - 1000] ?? 0) ^ 1
    const before = readFolderContents(console.folder)
    const cases: [what: string, given: string, code: string, message: RegExp][] = [
      ['cut off', await writeTestFile(whole.subarray(0, -1)), 'file-unreadable', /is damaged or was changed/],
      [
        'one bit changed',
        await writeTestFile(flipped),
        'file-unreadable',
        /is damaged or was changed: part \d+ of \d+/
      ],
      [
        'something else',
        await writeTestFile(Buffer.from('hello')),
        'file-unreadable',
        /is not a backup of this program/
      ],
      ['a folder', createTestFolder(), 'file-unreadable', /is not a backup: it is no file/],
      ['nothing', path.join(createTestFolder(), 'none'), 'file-unreadable', /cannot be read: there is no such file\.$/],
      [
        'a newer schema',
        await forge(unsealed, () => {}, 99),
        'schema-newer',
        /made by a newer version.*Update the program/
      ],
      [
        'a newer database',
        await forge(unsealed, (db) => db.pragma('user_version = 99')),
        'schema-newer',
        /newer version/
      ],
      [
        'a key of another database',
        await forge(unsealed, (db) => db.exec(`update server_state set key_check = 'another'`)),
        'file-unreadable',
        /its key belongs to another database/
      ],
      [
        'a damaged database',
        await forge(unsealed, (db) => {
          db.unsafeMode(true)
          db.pragma('writable_schema = on')
          db.exec(`update sqlite_schema set rootpage = 3 where name = 'users_username_key'`)
        }),
        'file-unreadable',
        /the database in it is damaged/
      ],
      [
        'another program’s database',
        await forge(unsealed, (db) => db.exec('drop table audit')),
        'file-unreadable',
        /table audit is missing/
      ]
    ]
    for (const [what, given, code, message] of cases) {
      const refused = await refusalOf(() => restore(console.folder, given))
      expect([refused.code, refused.message], what).toEqual([code, expect.stringMatching(message)])
      expect(refused.message, what).toMatch(/^[^\n]+\.$/)
      expect(readFolderContents(console.folder), what).toEqual(before)
    }
  })

  it('is so for a wrong passphrase', async () => {
    const console = await openServer(['ann'])
    const { content } = await console.backups.create(passphrase, act)
    const wrong = () => console.backups.restore({ content }, 'incorrect horse battery', act)
    expect((await refusalOf(wrong)).message).toBe('This is not the passphrase of the backup The file.')
    expect(await listUsernames(console)).toEqual(['ann'])
  })

  it('is so when it is cancelled', async () => {
    const console = await openServer(['ann'])
    const file = await backUp(console)
    await console.close()
    const before = readFolderContents(console.folder)
    const stopped = { act: { actor: 'tester', signal: AbortSignal.abort() } }
    expect(await refusalCode(() => restore(console.folder, file, stopped))).toBe('cancelled')
    expect(readFolderContents(console.folder)).toEqual(before)
  })
})

describe('restoring into a folder that does not open', () => {
  const damage: [what: string, (folder: string) => void][] = [
    ['its key is gone', (folder) => rmSync(path.join(folder, 'key'))],
    ['its key is damaged', (folder) => writeFileSync(path.join(folder, 'key'), '{}')],
    ['its key file is gone', (folder) => rmSync(path.join(folder, 'server.key'))],
    [
      'its database is damaged',
      (folder) => writeFileSync(path.join(folder, 'console.db'), 'not a database '.repeat(500))
    ],
    [
      'its database is another program’s',
      (folder) => {
        rmSync(path.join(folder, 'console.db'))
        new BetterSqlite3(path.join(folder, 'console.db')).exec('create table theirs (id)').close()
      }
    ]
  ]
  it('makes it open again', async () => {
    const console = await openServer(['ann'])
    const id = await setUpApp(console, 'ann')
    const file = await sealCheaply(await unseal(await backUp(console)))
    await console.close()
    for (const [what, spoil] of damage) {
      const folder = copyFolder(console.folder)
      spoil(folder)
      expect(await refusalCode(() => openTestConsole({ folder })), what).toMatch(/^(key|database)-/)
      await restore(folder, file)
      const restored = await openTestConsole({ folder })
      expect(await listUsernames(restored), what).toEqual(['ann'])
      expect(await getsStrings(restored, id), what).toBe(true)
    }
  })
})
