import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import fc from 'fast-check'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { openDatabase, type OpenDatabase } from '../../../../src/main/store/sqlite/open.ts'
import { AppError } from '../../../../src/shared/errors.ts'
import { createTestFolder, openTestConsole } from '../../../support/console.ts'
import { readFolderContents } from '../../../support/folder-contents.ts'
import { refusalOf } from '../../../support/refusal.ts'

const newFile = () => path.join(createTestFolder(), 'console.db')

async function readPragma(database: OpenDatabase, name: string): Promise<unknown> {
  const { rows } = await sql.raw<Record<string, unknown>>(`pragma ${name}`).execute(database.db)
  return Object.values(rows[0] ?? {})[0]
}

/** A file written by this program and closed again. */
async function createDatabaseFile(): Promise<string> {
  const file = newFile()
  await (await openDatabase(file)).close()
  return file
}

describe('openDatabase', () => {
  it('opens a file with a write-ahead log, full durability and foreign keys', async () => {
    const file = newFile()
    const database = await openDatabase(file)
    expect(await readPragma(database, 'journal_mode')).toBe('wal')
    expect(await readPragma(database, 'synchronous')).toBe(2)
    expect(await readPragma(database, 'foreign_keys')).toBe(1)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(`${file}-wal`).mode & 0o777).toBe(0o600)
    await database.close()
    const again = await openDatabase(file)
    expect(await readPragma(again, 'synchronous')).toBe(2)
    expect(await readPragma(again, 'foreign_keys')).toBe(1)
    await again.close()
    expect(existsSync(`${file}-wal`)).toBe(false)
  })

  it('closes a database to others that was left open to them, and leaves one that is read-only so', async () => {
    const file = await createDatabaseFile()
    chmodSync(file, 0o644)
    await (await openDatabase(file)).close()
    expect(statSync(file).mode & 0o777).toBe(0o600)
    chmodSync(file, 0o400)
    await openDatabase(file).then(
      ({ close }) => close(),
      () => undefined
    )
    expect(statSync(file).mode & 0o777).toBe(0o400)
  })

  it('holds foreign keys to what they refer to', async () => {
    const { db, close } = await openDatabase(newFile())
    const row = {
      group_id: 99,
      username: 'a',
      username_key: 'a',
      name: '',
      email: '',
      phone: '',
      search_text: '',
      name_key: ''
    }
    const stamps = {
      disabled: 0,
      app_state: 'none',
      code_state: 'none',
      created_at_ms: 0,
      updated_at_ms: 0,
      revision: 1
    } as const
    await expect(
      db
        .insertInto('users')
        .values({ ...row, ...stamps })
        .execute()
    ).rejects.toThrow('FOREIGN KEY')
    await close()
  })

  it('takes the write lock when a transaction begins, before it has written', async () => {
    const file = newFile()
    const database = await openDatabase(file)
    const other = new BetterSqlite3(file, { timeout: 0 })
    const lock = () => other.exec('begin immediate; rollback')
    await database.db.transaction().execute(async (transaction) => {
      await transaction.selectFrom('settings').selectAll().execute()
      expect(lock).toThrow('database is locked')
    })
    expect(lock).not.toThrow()
    other.close()
    await database.close()
  })

  it('rolls back what a failing transaction has written, and goes on', async () => {
    const { db, close } = await openDatabase(newFile())
    const write = (key: string) => ({ key, value: '1', updated_at_ms: 0 })
    const failing = db.transaction().execute(async (transaction) => {
      await transaction.insertInto('settings').values(write('a')).execute()
      throw new Error('on purpose')
    })
    await expect(failing).rejects.toThrow('on purpose')
    await db.insertInto('settings').values(write('b')).execute()
    expect(await db.selectFrom('settings').select('key').execute()).toEqual([{ key: 'b' }])
    await close()
  })

  it('answers rightly beyond the number of statements that it keeps compiled', async () => {
    const { db, close } = await openDatabase(newFile())
    const ask = async (number: number, added: number) => {
      const { rows } = await sql<{ sum: number }>`select ${sql.lit(number)} + ${added} as sum`.execute(db)
      return rows[0]?.sum
    }
    for (let round = 0; round < 2; round++) {
      for (let number = 0; number < 700; number++) expect(await ask(number, round)).toBe(number + round)
    }
    // A kept statement must not answer from before its table was another one.
    await sql.raw('create table changing (a)').execute(db)
    await sql.raw('insert into changing values (1)').execute(db)
    const all = () => sql.raw('select * from changing').execute(db)
    expect((await all()).rows).toEqual([{ a: 1 }])
    await sql.raw('alter table changing add column b default 2').execute(db)
    expect((await all()).rows).toEqual([{ a: 1, b: 2 }])
    await close()
  })
})

describe('a file that is refused', () => {
  /** Refused with this code; the file and everything beside it is as it was. */
  async function expectRefusal(file: string, code: string): Promise<string> {
    const before = readFolderContents(path.dirname(file))
    const refusal = await refusalOf(async () => (await openDatabase(file)).close())
    expect(refusal.code).toBe(code)
    expect(readFolderContents(path.dirname(file))).toEqual(before)
    return refusal.message
  }

  it.each<[what: string, content: Buffer]>([
    ['a short text', Buffer.from('notes')],
    ['a long text', Buffer.from('notes\n'.repeat(2000))],
    ['zeros', Buffer.alloc(8192)],
    ['a PNG', Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(5000, 1)])],
    ['the beginning of a database alone', Buffer.from('SQLite format 3\0')]
  ])('is %s', async (_what, content) => {
    const file = newFile()
    writeFileSync(file, content)
    await expectRefusal(file, 'database-damaged')
  })

  it('is an empty one no more than none at all', async () => {
    const file = newFile()
    writeFileSync(file, '')
    await (await openDatabase(file)).close()
    expect(statSync(file).size).toBeGreaterThan(0)
  })

  it('is a folder', async () => {
    const file = newFile()
    mkdirSync(file)
    await expectRefusal(file, 'data-folder-unusable')
  })

  it('lies in a folder that is none', async () => {
    const file = newFile()
    writeFileSync(file, '')
    expect((await refusalOf(() => openDatabase(path.join(file, 'console.db')))).code).toBe('data-folder-unusable')
  })

  it.each<[what: string, statements: string]>([
    ['without a mark', 'create table notes (text)'],
    ['with a mark of its own', 'pragma application_id = 7; create table notes (text)'],
    ['with a mark and no tables', 'pragma application_id = 7; pragma user_version = 1'],
    ['with a version of its own', 'pragma user_version = 40; create table notes (text)'],
    ['with a log, without a mark', 'pragma journal_mode = wal; create table notes (text)'],
    ['with a log and a version', 'pragma journal_mode = wal; create table notes (text); pragma user_version = 1']
  ])('is another program’s, %s', async (_what, statements) => {
    const file = newFile()
    const other = new BetterSqlite3(file)
    other.exec(statements)
    other.close()
    expect(await expectRefusal(file, 'database-damaged')).toContain('another program')
  })

  it('was written by a newer version, which is named', async () => {
    const file = await createDatabaseFile()
    const sqlite = new BetterSqlite3(file)
    const version = Number(sqlite.pragma('user_version', { simple: true }))
    sqlite.pragma(`user_version = ${version + 1}`)
    sqlite.close()
    expect(await expectRefusal(file, 'schema-newer')).toContain(`schema ${version + 1}`)
  })

  it('was written by a newer version that ended before its log was in the file', async () => {
    const file = await createDatabaseFile()
    const newer = new BetterSqlite3(file)
    newer.pragma('user_version = 99')
    const files = ['', '-wal'].map((ending) => readFileSync(file + ending))
    newer.close()
    const copy = newFile()
    for (const [index, ending] of ['', '-wal'].entries()) writeFileSync(copy + ending, files[index] ?? '')
    expect((await refusalOf(() => openDatabase(copy))).code).toBe('schema-newer')
  })

  it('was cut off', async () => {
    const whole = readFileSync(await createDatabaseFile())
    for (const length of [99, 100, 4095, 4096, 8192, whole.length - 4096, whole.length - 2048, whole.length - 1]) {
      const file = newFile()
      writeFileSync(file, whole.subarray(0, length))
      await expectRefusal(file, 'database-damaged')
    }
  })

  it('has any other header: it opens or is refused in words, and then stays as it was', async () => {
    const whole = readFileSync(await createDatabaseFile())
    const file = newFile()
    await fc.assert(
      fc.asyncProperty(fc.nat(99), fc.nat(255), async (position, byte) => {
        const changed = Buffer.from(whole)
        changed[position] = byte
        writeFileSync(file, changed)
        const refused = await openDatabase(file).then(
          async ({ close }) => close(),
          (error: unknown) => error
        )
        if (refused === undefined) return
        expect(refused).toBeInstanceOf(AppError)
        expect(readFileSync(file)).toEqual(changed)
        expect(existsSync(`${file}-wal`)).toBe(false)
      }),
      { numRuns: 100 }
    )
  })

  it('is garbage behind its header: no console opens over it, and the folder stays as it was', async () => {
    const folder = createTestFolder()
    await (await openTestConsole({ folder })).close()
    const file = path.join(folder, 'console.db')
    const damaged = readFileSync(file).fill(0xa5, 100)
    writeFileSync(file, damaged)
    const before = readFolderContents(folder)
    expect((await refusalOf(() => openTestConsole({ folder }))).code).toBe('database-damaged')
    expect(readFolderContents(folder)).toEqual(before)
  })

  it('is garbage in one page: what needs the page is refused as damaged, and nothing as internal', async () => {
    const folder = createTestFolder()
    await (await openTestConsole({ folder })).close()
    const file = path.join(folder, 'console.db')
    const whole = readFileSync(file)
    const codes = new Set<string>()
    for (let start = 4096; start < whole.length; start += 4096) {
      writeFileSync(file, Buffer.from(whole).fill(0xa5, start, start + 4096))
      try {
        const opened = await openTestConsole({ folder })
        for (const name of ['groups:list', 'users:list', 'codes:list', 'settings:list', 'status:get'] as const) {
          const result = await opened.dispatch(name, {}, { actor: 'tester', role: 'administrator' })
          if (!result.ok) codes.add(result.error.code)
        }
        await opened.close()
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        codes.add(error.code)
      }
    }
    expect([...codes]).toEqual(['database-damaged'])
  })
})
