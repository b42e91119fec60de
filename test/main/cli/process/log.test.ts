import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import path from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { createCliFolder, expectRefusals, expectWrongUsage } from '../../../support/cli.ts'
import { createTestFolder } from '../../../support/console.ts'

interface LogRow {
  row: number
  at: string
  actor: string
  kind: string
  username: string
}

const users = 'username,group\nann,Staff\nbob,Staff\n'

describe('provision log', () => {
  it('shows what was done, by which account, the oldest first, and filters', async () => {
    const { cli } = await createCliFolder(users)
    await cli.json(['codes', 'issue', 'ann'])
    await cli.json(['settings', 'set', 'policy.codes.length=12'])
    const all = await cli.json<LogRow[]>(['log'])
    expect(all.map(({ kind }) => kind)).toEqual([
      'folder.created',
      'group.added',
      'users.imported',
      'codes.issued',
      'settings.changed'
    ])
    expect(new Set(all.slice(3).map(({ actor }) => actor))).toEqual(new Set([`${userInfo().username} (command line)`]))
    expect(all[4]).toMatchObject({ detail: { 'policy.codes.length': { before: 10, after: 12 } } })
    const kinds = async (...args: string[]) => (await cli.json<LogRow[]>(['log', ...args])).map(({ kind }) => kind)
    expect(await kinds('--limit', '1')).toEqual(['settings.changed'])
    expect(await kinds('--user', 'ANN', '--kind', 'codes.issued,codes.withdrawn')).toEqual(['codes.issued'])
    expect(await kinds('--since', '2100-01-01')).toEqual([])
    expect(await kinds('--since', '1h', '--query', 'codes.length')).toEqual(['settings.changed'])
    expect((await cli.run(['log', '--limit', '1'])).stdout).toMatch(/^ROW .*\n5 .* settings\.changed /)
    await expectWrongUsage(cli, [
      ['log', '--since', 'yesterday evening'],
      ['log', '--kind', 'nonsense'],
      ['log', '--limit', '0']
    ])
  })
})

describe('provision audit', () => {
  it('proves a whole log, keeps its head, and names the first row that was changed or is missing', async () => {
    const { console, cli } = await createCliFolder(users)
    const folder = createTestFolder()
    const head = path.join(folder, 'head.json')
    expect(await cli.json(['audit', 'verify'])).toMatchObject({ rows: 3, brokenRow: null, keptHead: 'none' })
    await cli.json(['audit', 'head', '--out', head])
    expect(statSync(head).mode & 0o777).toBe(0o600)
    await cli.json(['codes', 'issue', 'ann'])
    expect(await cli.json(['audit', 'verify', '--head', head])).toMatchObject({ rows: 4, keptHead: 'fits' })
    const plain = await cli.run(['audit', 'verify', '--head', head])
    expect(plain.stdout).toMatch(/^4 entries; each is as it was written\.\nProven up to row 4, .*\nThe kept head fits/)

    const sqlite = new BetterSqlite3(path.join(console.folder, 'console.db'))
    sqlite.exec('delete from audit where id >= 3')
    expect(await cli.refusal(['audit', 'verify', '--head', head])).toMatchObject({
      code: 'log-broken',
      message: expect.stringMatching(/^Row 3 of the log is missing/) as string,
      details: { brokenRow: 3, keptHead: 'missing', head: { id: 2 } }
    })
    // Without the head nothing shows.
    expect(await cli.json(['audit', 'verify'])).toMatchObject({ rows: 2, brokenRow: null })
    sqlite.exec(`update audit set actor = 'nobody' where id = 2`)
    sqlite.close()
    const broken = await cli.run(['audit', 'verify'])
    expect([broken.exitCode, broken.stdout]).toEqual([1, ''])
    expect(broken.stderr).toMatch(/^provision: Row 2 of the log is not as it was written/)
  })

  it('exports the log, and refuses a head that is none', async () => {
    const { cli } = await createCliFolder(users)
    const folder = createTestFolder()
    const file = path.join(folder, 'log.csv')
    expect(await cli.json(['audit', 'export', '--out', file])).toEqual({ file, entries: 3 })
    expect(readFileSync(file, 'utf8').split('\r\n')).toHaveLength(5)
    const json = await cli.run(['audit', 'export', '--out', '-', '--format', 'json', '--kind', 'log.exported'])
    expect(JSON.parse(json.stdout)).toMatchObject([{ kind: 'log.exported' }])
    const bad = path.join(folder, 'bad')
    writeFileSync(bad, '{"id": "x"}')
    await expectRefusals(cli, [
      [['audit', 'verify', '--head', bad], { code: 'file-unreadable' }],
      [['audit', 'verify', '--head', path.join(folder, 'missing')], { code: 'file-unreadable' }],
      [['audit', 'head', '--out', path.join(folder, 'no', 'where')], { code: 'file-unwritable' }]
    ])
  })
})
