import { createHash } from 'node:crypto'
import path from 'node:path'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { canRunAs, createCli, runProvision } from '../../../support/cli.ts'
import { createTestFolder, openTestConsole } from '../../../support/console.ts'

/** Every file below a folder with the hash of its bytes. */
function fingerprint(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => {
    const file = path.join(entry.parentPath, entry.name)
    return [file, entry.isFile() ? createHash('sha256').update(readFileSync(file)).digest('hex') : 'folder'] as const
  })
  return Object.fromEntries(files)
}

async function makeFolder(): Promise<string> {
  const console = await openTestConsole()
  await console.call('users:add', { username: 'ada', group: 'Staff' })
  await console.close()
  return console.folder
}

/** Refused with one sentence and exit code 1, the folder as it was. */
async function expectRefused(folder: string, code: string, message: RegExp, uid?: number): Promise<void> {
  const before = fingerprint(folder)
  const error = await createCli(folder).refusal(['codes', 'issue', '--all'], { ...(uid !== undefined && { uid }) })
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) as string })
  expect(error.message).toMatch(/^[^\n]+\.$/)
  expect(fingerprint(folder)).toEqual(before)
}

const isSuperuser = process.getuid?.() === 0
const nobody = 65_534
/** The superuser may write anywhere, so for it another account has to try: one that can read this checkout. */
const canRunAsNobody = isSuperuser && canRunAs(nobody)

describe('a data folder without a server', () => {
  /** Every command but those that set a server up, and what speaks to no server. */
  const commands = [
    ['settings', 'get'],
    ['groups', 'list'],
    ['users', 'list'],
    ['users', 'show', 'ada'],
    ['users', 'export', '--out', 'users.csv'],
    ['users', 'remove', 'ada'],
    ['codes', 'list'],
    ['codes', 'issue', '--all'],
    ['diagnose'],
    ['log'],
    ['audit', 'verify'],
    ['outbox', 'status'],
    ['sheets', 'list'],
    ['key', 'list'],
    ['mail', 'test', 'ada@example.com'],
    ['backup', 'server.backup']
  ]
  const input = 'correct horse battery staple\n'

  it('is refused by all that does not set one up, which names it and leaves nothing there', async () => {
    const missing = path.join(createTestFolder(), 'mistyped')
    const empty = createTestFolder()
    const cwd = createTestFolder()
    for (const folder of [missing, empty]) {
      const cli = createCli(folder)
      const refusals = await Promise.all(commands.map((command) => cli.refusal(command, { input, cwd })))
      expect(refusals).toEqual(
        refusals.map(() => ({
          code: 'data-folder-unusable',
          message: expect.stringContaining(`There is no server in the data folder ${folder}.`) as string
        }))
      )
    }
    expect([existsSync(missing), readdirSync(empty), readdirSync(cwd)]).toEqual([false, [], []])
  })

  it.each([
    [['groups', 'add', 'Night']],
    [['groups', 'set', 'Staff', 'selfProvision=yes']],
    [['users', 'import', '-']],
    [['outbox', 'run', '--once']]
  ])('gets one by %j', async (command) => {
    const cli = createCli(path.join(createTestFolder(), 'new'))
    await cli.json(command, { input: 'username\nada\n' })
    expect(await cli.json(['groups', 'list'])).toContainEqual(expect.objectContaining({ name: 'Staff' }))
  })
})

describe('a data folder that cannot be used', () => {
  it('is said to be a file where it is one', async () => {
    const file = path.join(createTestFolder(), 'data')
    writeFileSync(file, 'something else')
    const cli = createCli(file)
    expect(await cli.refusal(['users', 'list'])).toEqual({
      code: 'data-folder-unusable',
      message: `${file} is a file; the data folder must be a folder.`
    })
    expect(await createCli(path.join(file, 'below')).refusal(['users', 'list'])).toMatchObject({
      code: 'data-folder-unusable'
    })
    expect(readFileSync(file, 'utf8')).toBe('something else')
    expect(readdirSync(path.dirname(file))).toEqual(['data'])
  })

  it.skipIf(process.platform === 'win32' || (isSuperuser && !canRunAsNobody))(
    'is said to be read-only, also to the account that owns it',
    async () => {
      const folder = await makeFolder()
      if (isSuperuser) for (const file of [folder, ...Object.keys(fingerprint(folder))]) chownSync(file, nobody, nobody)
      chmodSync(folder, 0o500)
      await expectRefused(folder, 'data-folder-unusable', /cannot be written/, isSuperuser ? nobody : undefined)
      chmodSync(folder, 0o700)
    }
  )

  it('is said to be of a newer version of the program', async () => {
    const folder = await makeFolder()
    const database = new BetterSqlite3(path.join(folder, 'console.db'))
    database.pragma('journal_mode = DELETE')
    database.pragma('user_version = 99')
    database.close()
    await expectRefused(folder, 'schema-newer', /written by a newer version of this program.*Update the program/)
  })

  it('is said to have the wrong key, a damaged one or none', async () => {
    const folder = await makeFolder()
    const other = await makeFolder()
    for (const file of ['key', 'server.key']) copyFileSync(path.join(other, file), path.join(folder, file))
    await expectRefused(folder, 'key-mismatch', /belongs to another database/)
    rmSync(path.join(folder, 'server.key'))
    await expectRefused(folder, 'key-locked', /server\.key is missing.*provision key add/)
    writeFileSync(path.join(folder, 'key'), '{}')
    await expectRefused(folder, 'key-mismatch', /damaged/)
    rmSync(path.join(folder, 'key'))
    await expectRefused(folder, 'key-missing', /put it back from a backup/)
  })

  it('is said to hold something else where its database is none', async () => {
    const folder = await makeFolder()
    writeFileSync(path.join(folder, 'console.db'), 'This is not a database. '.repeat(100))
    await expectRefused(folder, 'database-damaged', /is not a database of this program/)
  })
})

describe('a failure that nobody expected', () => {
  it('says only that it happened, and where to look', async () => {
    const folder = await makeFolder()
    const database = new BetterSqlite3(path.join(folder, 'console.db'))
    database.exec('alter table users rename to lost')
    database.close()
    const failed = await runProvision(['--data', folder, 'users', 'list'])
    expect(failed).toEqual({
      exitCode: 1,
      signal: null,
      stdout: '',
      stderr: 'provision: Something went wrong inside the program; its log has the details.\n'
    })
    expect(await createCli(folder).refusal(['users', 'list'])).toEqual({
      code: 'internal',
      message: 'Something went wrong inside the program; its log has the details.'
    })
    const log = readFileSync(path.join(folder, 'logs', 'provision.log'), 'utf8')
    expect(log).toMatch(/Unexpected failure in users:list\.[^]*no such table: users[^]* at /)
  })

  it.skipIf(!canRunAsNobody)('does not come from running under a number that no account has', async () => {
    const folder = createTestFolder()
    chownSync(folder, 54_321, 54_321)
    const added = await createCli(folder).run(['users', 'add', 'ada'], { uid: 54_321 })
    expect(added).toMatchObject({ exitCode: 0, stdout: 'Added ada.\n', stderr: '' })
  })
})
