import { readFileSync } from 'node:fs'
import path from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CallInput } from '../../../../src/shared/contract.ts'
import type { ImportReport } from '../../../../src/shared/user.ts'
import { firstChunkRows, type Act } from '../../../../src/main/system/operation.ts'
import { openTestConsole, type TestConsole } from '../../../support/console.ts'

type ImportOptions = Omit<CallInput<'users:import'>, 'content'>

function importLines(
  console: TestConsole,
  lines: string[],
  options: ImportOptions = {},
  act: Partial<Act> = {}
): Promise<ImportReport> {
  return console.call('users:import', { content: Buffer.from(lines.join('\n')), ...options }, act)
}

async function usersOf(console: TestConsole): Promise<string[][]> {
  const { users } = await console.call('users:list', { limit: 500 })
  return users.map(({ username, name, email, phone, group }) => [username, name, email, phone, group])
}

const groupNames = async (console: TestConsole) => (await console.call('groups:list', {})).map(({ name }) => name)
const counts = ({ added, updated, unchanged, rejected }: ImportReport) => [added, updated, unchanged, rejected.length]

describe('an import', () => {
  it('adds, updates and leaves users as they are, told apart by username without case', async () => {
    const console = await openTestConsole()
    const header = 'username,name,email,group,phone'
    await importLines(console, [header, 'ada,Ada,ada@example.com,Staff,1', 'Bob,Bob,,Staff,2'])
    const report = await importLines(console, [
      header,
      'ADA,Ada,ada@example.com,Staff,1',
      'Bob,Bob,,Staff,2',
      'cy,Cy,cy@example.com,staff,'
    ])
    expect(report).toEqual({
      added: 1,
      updated: 1,
      unchanged: 1,
      rejected: [],
      warnings: [],
      disabled: 0,
      leavers: [],
      hasNameless: false,
      createdGroups: [],
      written: true,
      stopped: null
    })
    expect(await usersOf(console)).toEqual([
      ['ADA', 'Ada', 'ada@example.com', '1', 'Staff'],
      ['Bob', 'Bob', '', '2', 'Staff'],
      ['cy', 'Cy', 'cy@example.com', '', 'Staff']
    ])
  })

  it('leaves a value alone when its column is missing, and empties it when the field is empty; a group never', async () => {
    const console = await openTestConsole()
    await importLines(console, ['username,name,email,group,phone', 'ada,Ada,ada@example.com,Night,1'], {
      createGroups: true
    })
    await importLines(console, ['username,phone', 'ada,'])
    expect(await usersOf(console)).toEqual([['ada', 'Ada', 'ada@example.com', '', 'Night']])
    await importLines(console, ['username,name,group', 'ada,,'])
    expect(await usersOf(console)).toEqual([['ada', '', 'ada@example.com', '', 'Night']])
  })

  it('puts a new user without a group into Staff, or where that is gone into another', async () => {
    const console = await openTestConsole()
    await importLines(console, ['username', 'ada'])
    await console.call('groups:set', { name: 'Staff', change: { name: 'Everybody' } })
    await importLines(console, ['username', 'bob'])
    expect((await usersOf(console)).map(([name, , , , group]) => [name, group])).toEqual([
      ['ada', 'Everybody'],
      ['bob', 'Everybody']
    ])
  })

  it('creates each new group once, however it is written, and only when told to', async () => {
    const console = await openTestConsole()
    const lines = ['username,group', 'ada,Café', 'bob,CAFÉ', 'cy,Cafe\u0301', 'dee,Staff']
    const refused = await importLines(console, lines)
    expect(refused).toMatchObject({ added: 0, written: false, createdGroups: [] })
    expect(refused.rejected).toEqual([
      { line: 2, column: 'group', reason: 'there is no group “Café”' },
      { line: 3, column: 'group', reason: 'there is no group “CAFÉ”' },
      { line: 4, column: 'group', reason: 'there is no group “Cafe\u0301”' }
    ])
    expect(await importLines(console, lines, { createGroups: true })).toMatchObject({
      added: 4,
      createdGroups: ['Café']
    })
    expect(await groupNames(console)).toEqual(['Café', 'Staff'])
    const long = 'g'.repeat(101)
    expect(await importLines(console, ['username,group', `eve,${long}`], { createGroups: true })).toMatchObject({
      written: false,
      rejected: [{ line: 2, column: 'group', reason: 'is longer than 100 characters' }]
    })
  })

  it('names every problem of a line, lines in their order, and writes the rest only with skipBad', async () => {
    const console = await openTestConsole()
    const lines = ['username,email,group', 'a/b,wrong,Staff', 'ada,,Night', 'ada,,Staff', 'bob,,', 'BOB,,Staff']
    const rejected = [
      { line: 2, column: 'username', reason: 'contains “/”' },
      { line: 2, column: 'email', reason: 'has no “@”' },
      { line: 3, column: 'group', reason: 'there is no group “Night”' },
      { line: 4, column: 'username', reason: 'is the same user as on line 3' },
      { line: 6, column: 'username', reason: 'is the same user as on line 5' }
    ]
    expect(await importLines(console, lines)).toMatchObject({ rejected, added: 0, written: false })
    expect(await usersOf(console)).toEqual([])
    expect(await importLines(console, lines, { skipBad: true })).toMatchObject({ rejected, added: 1, written: true })
    expect((await usersOf(console)).map(([name]) => name)).toEqual(['bob'])
  })

  it('tells beforehand what it would come to, whatever the file, and a dry run writes nothing', async () => {
    const field = fc.constantFrom('', 'x', 'X', 'a@b.example', 'Staff', 'Night', ' ', '"', '"q"', 'é', 'e\u0301', '\t')
    const username = fc.constantFrom('', 'ada', 'ADA', 'bob', 'a/b', 'é', 'e\u0301', '"cy"')
    const line = fc.tuple(username, field, field, field, field).map((fields) => fields.join(','))
    const file = fc.array(line, { maxLength: 8 }).map((lines) => ['username,name,email,group,phone', ...lines])
    const console = await openTestConsole()
    await fc.assert(
      fc.asyncProperty(file, fc.boolean(), async (lines, createGroups) => {
        const before = [await usersOf(console), await groupNames(console)]
        const told = await importLines(console, lines, { createGroups, dryRun: true })
        expect([await usersOf(console), await groupNames(console)]).toEqual(before)
        const done = await importLines(console, lines, { createGroups, skipBad: true })
        expect({ ...told, written: true }).toEqual(done)
        const again = await importLines(console, lines, { createGroups, skipBad: true })
        expect(counts(again)).toEqual([0, 0, done.added + done.updated + done.unchanged, done.rejected.length])
      }),
      { numRuns: 60 }
    )
  })
})

describe('a long import', () => {
  const names = Array.from({ length: 1300 }, (_, index) => `user${String(index).padStart(4, '0')}`)
  const lines = ['username,group', ...names.map((name) => `${name},Night`)]
  const count = async (console: TestConsole) => (await console.call('users:count', { filter: {} })).users

  it('tells how far it is, and leaves one entry in the log for each chunk', async () => {
    const console = await openTestConsole()
    const told: [number, number][] = []
    await importLines(console, lines, { createGroups: true }, { onProgress: (...progress) => void told.push(progress) })
    expect([told[0], told.at(-1)]).toEqual([
      [firstChunkRows, 1300],
      [1300, 1300]
    ])
    const database = new BetterSqlite3(path.join(console.folder, 'console.db'), { readonly: true })
    const entries = database.prepare("select detail from audit where kind = 'users.imported' order by id").pluck().all()
    database.close()
    const added = entries.map((detail) => (JSON.parse(detail as string) as { added: string[] }).added)
    expect(added).toHaveLength(told.length)
    expect(added.flat()).toEqual(names)
  })

  it('keeps the chunks it has written when it is cancelled, and goes on from there the next time', async () => {
    const console = await openTestConsole()
    const cancelled = new AbortController()
    const act = { signal: cancelled.signal, onProgress: () => cancelled.abort() }
    const report = await importLines(console, lines, { createGroups: true }, act)
    expect(report).toMatchObject({
      added: firstChunkRows,
      createdGroups: ['Night'],
      written: true,
      stopped: 'it was cancelled'
    })
    expect(await count(console)).toBe(firstChunkRows)
    expect((await console.call('users:list', { limit: 500 })).users.at(-1)?.username).toBe(names[firstChunkRows - 1])
    expect(counts(await importLines(console, lines))).toEqual([1300 - firstChunkRows, 0, firstChunkRows, 0])
  })

  it('writes nothing when it was cancelled while the file was read, and is done when that comes after the last line', async () => {
    const console = await openTestConsole()
    const early = await importLines(console, lines, { createGroups: true }, { signal: AbortSignal.abort() })
    expect(early).toMatchObject({ added: 0, createdGroups: [], written: false, stopped: 'it was cancelled' })
    expect([await count(console), await groupNames(console)]).toEqual([0, ['Staff']])

    const late = new AbortController()
    const act = {
      signal: late.signal,
      onProgress: (done: number, total: number) => void (done === total && late.abort())
    }
    expect(await importLines(console, lines, { createGroups: true }, act)).toMatchObject({ added: 1300, stopped: null })
  })

  it('keeps what it has written when something stops it, and says what', async () => {
    const console = await openTestConsole()
    await console.call('groups:add', { name: 'Night' })
    const rest = names.map((name, index) => `${name},${index < firstChunkRows ? 'Staff' : 'Night'}`)
    let removed: Promise<unknown> | undefined
    const onProgress = () => void (removed ??= console.call('groups:remove', { name: 'Night' }))
    const report = await importLines(console, ['username,group', ...rest], {}, { onProgress })
    await removed
    expect(report).toMatchObject({
      added: firstChunkRows,
      written: true,
      stopped: 'The group “Night” was removed during the import. Import again.'
    })
    expect(await count(console)).toBe(firstChunkRows)
  })
})

describe('the sample files', () => {
  it('are a thousand good users, and three good ones among thirteen problems', async () => {
    const console = await openTestConsole()
    const read = (name: string) => readFileSync(path.join(import.meta.dirname, '../../../support/data', name))
    const options = { createGroups: true, skipBad: true }
    expect(counts(await console.call('users:import', { content: read('users-1000.csv'), ...options }))).toEqual([
      1000, 0, 0, 0
    ])
    expect(counts(await console.call('users:import', { content: read('users-dirty.csv'), ...options }))).toEqual([
      3, 0, 0, 13
    ])
  })
})

describe('a file of rubbish', () => {
  it('is given up with a sentence instead of a million rejections', async () => {
    const console = await openTestConsole()
    const content = Buffer.from(`username,group\n${'/,Staff\n'.repeat(100_002)}`)
    const refused = console.call('users:import', { content, skipBad: true })
    await expect(refused).rejects.toMatchObject({ code: 'import-unreadable' })
  })
})
