import path from 'node:path'
import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Group } from '../../../../src/shared/group.ts'
import type { ImportReport } from '../../../../src/shared/user.ts'
import { createCli, expectRefusals, readError, spawnProvision } from '../../../support/cli.ts'
import { createTestFolder, openTestConsole } from '../../../support/console.ts'

const dataFolder = path.resolve(import.meta.dirname, '../../../support/data')
const thousand = path.join(dataFolder, 'users-1000.csv')
const dirty = path.join(dataFolder, 'users-dirty.csv')

/** Every bad line of users-dirty.csv but the one whose group does not exist. */
const alwaysBad = [
  [3, 'username', 'is the same user as on line 2'],
  [5, 'email', 'has no “@”'],
  [6, 'name', 'contains a line break'],
  [8, 'username', 'contains “/”'],
  [9, 'username', 'contains “<”'],
  [10, 'email', 'contains a line break'],
  [12, null, 'has 2 fields; the header has 5'],
  [13, null, 'has 7 fields; the header has 5'],
  [15, 'username', 'is empty'],
  [16, 'username', 'is 300 characters long; 64 are allowed'],
  [17, 'username', 'contains a control character (tab)'],
  [18, 'username', 'contains a control character (NUL)'],
  [19, 'name', 'has a quote that is not closed']
] as const
const noGroup = [14, 'group', 'there is no group “Astronauts”'] as const

const rejections = (rows: readonly (readonly [number, string | null, string])[]) =>
  rows.toSorted(([a], [b]) => a - b).map(([line, column, reason]) => ({ line, column, reason }))

interface ListedUser {
  username: string
  name: string
  email: string
  phone: string
  group: string
}

async function listUsers(cli: ReturnType<typeof createCli>): Promise<ListedUser[]> {
  const { users } = await cli.json<{ users: ListedUser[] }>(['users', 'list', '--limit', '2000'])
  return users.map(({ username, name, email, phone, group }) => ({ username, name, email, phone, group }))
}

describe('provision users import', () => {
  it('adds a thousand users and their groups once, and says beforehand what it would do', async () => {
    const cli = createCli(createTestFolder())
    const groups = ['Finance', 'Contractors', 'No Mobile', 'Field Engineers']
    const nothing = { added: 0, updated: 0, unchanged: 0, rejected: [], warnings: [], createdGroups: [], stopped: null }

    const command = ['users', 'import', thousand, '--create-groups']
    const tried = await cli.json<ImportReport>([...command, '--dry-run'])
    expect(tried).toEqual({ ...nothing, added: 1000, createdGroups: groups, written: false })
    expect(await listUsers(cli)).toEqual([])
    expect((await cli.json<Group[]>(['groups', 'list'])).map(({ name }) => name)).toEqual(['Staff'])

    expect(await cli.json(command)).toEqual({ ...nothing, added: 1000, createdGroups: groups, written: true })
    expect(await cli.json(command)).toEqual({ ...nothing, unchanged: 1000, written: true })

    const listed = await listUsers(cli)
    expect(listed).toHaveLength(1000)
    const lines = readFileSync(thousand, 'utf8').trimEnd().split('\n').slice(1)
    expect(listed.map(({ username }) => username).toSorted()).toEqual(
      lines.map((line) => line.slice(0, line.indexOf(','))).toSorted()
    )
    expect(listed.find(({ username }) => username === 'yzak')).toEqual({
      username: 'yzak',
      name: 'Yara Żak',
      email: 'yzak+phone@mail.example.org',
      phone: '+44 7700 900177',
      group: 'Finance'
    })
  })

  it('writes nothing of a file with bad lines and names each with line, column and reason', async () => {
    const cli = createCli(createTestFolder())
    const everyBad = rejections([...alwaysBad, noGroup])

    const asJson = await cli.run(['users', 'import', dirty, '--json'])
    expect(asJson.exitCode).toBe(1)
    expect(JSON.parse(asJson.stdout)).toEqual({
      warnings: [],
      added: 0,
      updated: 0,
      unchanged: 0,
      rejected: everyBad,
      createdGroups: [],
      written: false,
      stopped: null
    })
    expect(readError(asJson.stderr)).toMatchObject({ code: 'import-rejected', details: { rejected: everyBad } })

    const asText = await cli.run(['users', 'import', dirty])
    expect(asText).toMatchObject({ exitCode: 1, stdout: '' })
    const said = everyBad.map(({ line, column, reason }) => `${dirty}:${line}: ${column ?? 'the line'} ${reason}`)
    const [end, ...others] = asText.stderr.trimEnd().split('\n').toReversed()
    expect(others.toReversed()).toEqual(said)
    expect(end).toMatch(/^provision: 14 problems in .*: nothing was written\. .*--skip-bad\.$/)

    expect(await listUsers(cli)).toEqual([])
  })

  it('takes the good lines with --skip-bad, and a new group with --create-groups, and says that the rest is missing', async () => {
    const cli = createCli(createTestFolder())
    const skipped = await cli.run(['users', 'import', dirty, '--skip-bad', '--json'])
    expect(skipped).toMatchObject({ exitCode: 3, stderr: '' })
    expect(JSON.parse(skipped.stdout)).toMatchObject({
      added: 2,
      rejected: rejections([...alwaysBad, noGroup]),
      createdGroups: [],
      written: true
    })

    const asText = await cli.run(['users', 'import', dirty, '--skip-bad', '--create-groups'])
    expect(asText).toMatchObject({
      exitCode: 3,
      stdout: '1 added, 0 updated, 2 unchanged, 13 rejected\nGroups created: Astronauts\n'
    })
    expect(asText.stderr.trimEnd().split('\n')).toHaveLength(13)

    const plain = { email: '', phone: '' }
    expect(await listUsers(cli)).toEqual([
      { ...plain, username: 'jdoe', name: 'Jo Doe', email: 'jdoe@example.com', group: 'Staff' },
      { ...plain, username: 'nogroup', name: 'No Such Group', email: 'nogroup@example.com', group: 'Astronauts' },
      { ...plain, username: 'nomail', name: 'No Mail', group: 'Staff' }
    ])
  })

  it('reads stdin, other delimiters and UTF-16, and leaves alone what a later file has no column for', async () => {
    const cli = createCli(createTestFolder())
    const importText = (content: string | Uint8Array) =>
      cli.json<ImportReport>(['users', 'import', '-', '--create-groups'], { input: content })

    const first = 'Login;Display Name;MAIL;Group;Mobile\r\nzoë;Zoë;zoe@example.com;Night;+44 1\r\nbob;Bob;;Staff;\r\n'
    expect(await importText(`\ufeff${first}`)).toMatchObject({ added: 2, createdGroups: ['Night'] })

    const renamed = Buffer.from('\ufeffname\tuser name\nZoë Ω 😀\tZOË\n', 'utf16le')
    expect(await importText(renamed)).toMatchObject({ added: 0, updated: 1, unchanged: 0 })
    const bigEndian = Buffer.from('\ufeffusername,phone\nbob,+44 2\n', 'utf16le').swap16()
    expect(await importText(bigEndian)).toMatchObject({ added: 0, updated: 1, unchanged: 0 })

    expect(await listUsers(cli)).toEqual([
      { username: 'bob', name: 'Bob', email: '', phone: '+44 2', group: 'Staff' },
      { username: 'ZOË', name: 'Zoë Ω 😀', email: 'zoe@example.com', phone: '+44 1', group: 'Night' }
    ])
  })

  it('says in one sentence why a file cannot be read', async () => {
    const cli = createCli(createTestFolder())
    const files = createTestFolder()
    const write = (name: string, content: string | Uint8Array) => {
      writeFileSync(path.join(files, name), content)
      return path.join(files, name)
    }
    const refused = (file: string, code: string, sentence: RegExp): [string[], object] => [
      ['users', 'import', file],
      { code, message: expect.stringMatching(sentence) as string }
    ]
    await expectRefusals(cli, [
      refused(
        path.join(files, 'none.csv'),
        'file-unreadable',
        /^\S+none\.csv cannot be read: there is no such file\.$/
      ),
      refused(files, 'file-unreadable', /^\S+ cannot be read: it is a folder\.$/),
      refused(write('empty.csv', ''), 'import-unreadable', /^The file is empty\. [^\n]+\.$/),
      refused(
        write('program.csv', Buffer.from([0x7f, 0x45, 0, 0xff])),
        'import-unreadable',
        /^This is not a text file/
      ),
      refused(write('other.csv', 'foo,bar\n1,2\n'), 'import-unreadable', /no column for the username.*“foo”, “bar”\.$/),
      refused(write('sheet.csv', 'PK\u0003\u0004 [Content_Types].xml'), 'import-unreadable', /Excel workbook/)
    ])
    // What the system said of them is for the technical log alone.
    expect(readFileSync(path.join(cli.folder, 'logs', 'provision.log'), 'utf8')).toMatch(
      /ENOENT[^]*EISDIR|EISDIR[^]*ENOENT/
    )
  })

  it('keeps whole chunks of the file’s beginning when Ctrl+C ends it, and says so', async () => {
    // In-process, to see when the first chunk is in; it also makes the folder.
    const console = await openTestConsole()
    const names = Array.from({ length: 50_000 }, (_, index) => `user${index}`)
    const file = path.join(createTestFolder(), 'many.csv')
    writeFileSync(file, `username\n${names.join('\n')}\n`)
    const count = async () => (await console.call('users:count', { filter: {} })).users

    const { child, ended } = spawnProvision(['--data', console.folder, 'users', 'import', file, '--json'])
    while ((await count()) === 0 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 2))
    child.kill('SIGINT')
    const result = await ended

    expect(result.exitCode).toBe(3)
    const report = JSON.parse(result.stdout) as ImportReport
    expect(report).toMatchObject({ updated: 0, unchanged: 0, written: true, stopped: 'it was cancelled' })
    expect(report.added).toBeGreaterThan(0)
    expect(report.added).toBeLessThan(names.length)
    expect(readError(result.stderr)).toMatchObject({
      code: 'partial',
      message: 'The import stopped early: it was cancelled. The same file again goes on from there.'
    })
    expect(await count()).toBe(report.added)
    const last = names[report.added - 1] ?? ''
    const next = names[report.added] ?? ''
    expect(await console.call('users:count', { filter: { username: last } })).toEqual({ users: 1 })
    expect(await console.call('users:count', { filter: { username: next } })).toEqual({ users: 0 })
  })
})
