import { chmodSync, closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import BetterSqlite3 from 'better-sqlite3'
import { Kysely, sql, type SqliteStatement } from 'kysely'
import { Migrator } from 'kysely/migration'
import { AppError } from '../../../shared/errors.ts'
import { fileFault, unreadableFile } from '../../system/file-faults.ts'
import { createReadingDialect, ImmediateSqliteDialect } from './dialect.ts'
import { damagedDatabase, refusalOfDatabase } from './refusals.ts'
import { migrations, newestVersion } from '../migrations.ts'
import { cachePragma, distrustPragmas, startReadingThread, type ReadingThread } from './reading-thread.ts'
import type { Db, Tables } from '../schema.ts'
import { hasLostCommits } from './write-ahead-log.ts'

/** Marks the file as ours (SQLite's application_id); "PrvC". */
const applicationId = 0x50727643

/** How long a write waits for another process's short transaction, milliseconds. */
const busyTimeoutMs = 10_000
const busyPauseMs = 20

/** Statements kept compiled per connection; the program has far fewer texts, long lists of values aside. */
const mostKeptStatements = 300

export interface OpenDatabase {
  db: Db
  /** For what a screen asks again and again of a large database; it only reads. */
  reads: Db
  /** From then on `reads` has a connection in a thread of its own, so that no answer keeps this one busy. */
  readInThread(): void
  /** False also where SQLite has rolled a transaction back by itself. */
  isInTransaction(): boolean
  /** Rises when another connection, of this process or another, has written. */
  dataVersion(): number
  close(): Promise<void>
}

/**
 * Opens (or creates) a database file, or `:memory:`, and brings it to the newest schema.
 * Throws `schema-newer`, `database-damaged`, `data-folder-unusable` or `disk-full`; a file that is refused is left as it was.
 */
export async function openDatabase(file: string): Promise<OpenDatabase> {
  if (file !== ':memory:') {
    if (existsSync(file)) checkHeader(file)
    else makeFile(file)
    checkLog(file)
  }
  let sqlite: BetterSqlite3.Database | undefined
  try {
    sqlite = new BetterSqlite3(file, { timeout: busyTimeoutMs })
    await readyConnection(sqlite, file)
    const opened = sqlite
    const version = opened.prepare<[], number>('pragma data_version').pluck()
    const dialect = new ImmediateSqliteDialect({ database: keepStatements(opened) }, () => opened.inTransaction)
    const db = new Kysely<Tables>({ dialect })
    await migrate(db, opened)
    if (file !== ':memory:') closeToOthers(file)
    let thread: ReadingThread | undefined
    const reads = new Kysely<Tables>({
      dialect: createReadingDialect(async (query) =>
        thread ? thread.run(query.sql, query.parameters) : (await db.executeQuery(query)).rows
      )
    })
    return {
      db,
      reads,
      readInThread: () => {
        thread ??= startReadingThread(file)
      },
      isInTransaction: () => opened.inTransaction,
      dataVersion: () => version.get() ?? 0,
      close: async () => {
        await thread?.close()
        await db.destroy()
        opened.close()
      }
    }
  } catch (error) {
    sqlite?.close()
    throw refusalOfDatabase(error, file) ?? error
  }
}

/** The files that SQLite makes beside it take its mode over. */
function makeFile(file: string): void {
  try {
    closeSync(openSync(file, 'a', 0o600))
  } catch (error) {
    const message = `The database ${file} cannot be made: ${fileFault(error, 'write')}.`
    throw new AppError('data-folder-unusable', message, undefined, { cause: error })
  }
}

/** For one that was copied or restored with another mode; only once it is known to be ours. */
function closeToOthers(file: string): void {
  for (const one of [file, `${file}-wal`, `${file}-shm`].filter((name) => existsSync(name))) {
    const { mode } = statSync(one)
    if ((mode & 0o077) === 0) continue
    try {
      chmodSync(one, mode & 0o700)
    } catch (error) {
      const message = `${one} cannot be closed to others: ${fileFault(error, 'write')}.`
      throw new AppError('data-folder-unusable', message, undefined, { cause: error })
    }
  }
}

/**
 * Nothing but the file can be to blame for an error here: these are the first looks into it. SQLite does not wait where several
 * programs make a new file use its write-ahead log at the same moment, so that is tried again for as long.
 */
async function readyConnection(sqlite: BetterSqlite3.Database, file: string): Promise<void> {
  const untilMs = performance.now() + busyTimeoutMs
  for (;;) {
    try {
      return setPragmas(sqlite, file)
    } catch (error) {
      if (!(error instanceof BetterSqlite3.SqliteError)) throw error
      if (!error.code.startsWith('SQLITE_BUSY') || performance.now() > untilMs) {
        throw refusalOfDatabase(error, file) ?? damagedDatabase(file, null, error)
      }
      await setTimeout(busyPauseMs)
    }
  }
}

function setPragmas(sqlite: BetterSqlite3.Database, file: string): void {
  sqlite.pragma('foreign_keys = ON')
  for (const pragma of distrustPragmas) sqlite.pragma(pragma)
  const journal = sqlite.pragma('journal_mode = WAL', { simple: true })
  if (journal !== 'wal' && file !== ':memory:') {
    throw new AppError('data-folder-unusable', `The database ${file} cannot use a write-ahead log on this file system.`)
  }
  // A consumed code must stay consumed through a power cut, which WAL's usual NORMAL does not promise.
  sqlite.pragma('synchronous = FULL')
  sqlite.pragma(cachePragma)
  if (sqlite.pragma('synchronous', { simple: true }) !== 2) throw new Error('synchronous=FULL was not taken')
  if (sqlite.pragma('foreign_keys', { simple: true }) !== 1) throw new Error('foreign_keys=ON was not taken')
}

/** Kysely prepares each query anew; most of a short statement's time would go there. */
function keepStatements(sqlite: BetterSqlite3.Database): { prepare(text: string): SqliteStatement; close(): void } {
  const kept = new Map<string, SqliteStatement>()
  return {
    prepare(text) {
      const known = kept.get(text)
      if (known) return known
      const statement = sqlite.prepare(text) as SqliteStatement
      if (kept.size >= mostKeptStatements) {
        const oldest = kept.keys().next().value
        if (oldest !== undefined) kept.delete(oldest)
      }
      kept.set(text, statement)
      return statement
    },
    close: () => sqlite.close()
  }
}

export async function readSqliteVersion(db: Db): Promise<string> {
  const { rows } = await sql<{ version: string }>`select sqlite_version() as version`.execute(db)
  return rows[0]?.version ?? ''
}

/** Looks at SQLite's header without opening the file, since opening one in WAL mode already makes files beside it. */
function checkHeader(file: string): void {
  const header = readHeader(file)
  if (header.length === 0) return
  if (header.length < 100 || header.toString('latin1', 0, 16) !== 'SQLite format 3\0') {
    throw new AppError('database-damaged', `${file} is not a database of this program, or its beginning is damaged.`)
  }
  const version = header.readUInt32BE(60)
  const marked = header.readUInt32BE(68)
  // Ours is in WAL mode from its first page on, while mark and version may still be in the log beside it.
  const isNew = marked === 0 && version === 0 && header[18] === 2
  if (marked !== applicationId && !isNew) throw foreignDatabase(file)
  checkVersion(version, file)
  // SQLite itself notices missing pages, but takes half a last page for a whole one. With a log beside it the file may grow.
  const pageBytes = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16)
  if (statSync(file).size % pageBytes !== 0 && !existsSync(`${file}-wal`)) {
    throw damagedDatabase(file, 'its last page is cut off')
  }
}

/** SQLite would pass over what it cannot read there in silence, and throw it away. */
function checkLog(file: string): void {
  const log = `${file}-wal`
  if (!existsSync(log)) return
  let isLost: boolean
  try {
    isLost = hasLostCommits(log)
  } catch (error) {
    // Another program that was the last to use it has taken it away.
    if (!existsSync(log)) return
    throw unreadableFile(error, `The database’s log ${log}`, 'data-folder-unusable')
  }
  if (isLost) throw damagedDatabase(file, `its log ${path.basename(log)} was changed, and what follows would be lost`)
}

function readHeader(file: string): Buffer {
  const header = Buffer.alloc(100)
  try {
    const descriptor = openSync(file, 'r')
    try {
      return header.subarray(0, readSync(descriptor, header, 0, 100, 0))
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    throw unreadableFile(error, `The database ${file}`, 'data-folder-unusable')
  }
}

function foreignDatabase(file: string): AppError {
  return new AppError('database-damaged', `${file} is a database of another program.`)
}

function checkVersion(version: number, file: string): void {
  if (version > newestVersion) {
    throw new AppError(
      'schema-newer',
      `${file} was written by a newer version of this program (schema ${version}; this one knows ${newestVersion}). Update the program.`
    )
  }
}

async function migrate(db: Db, sqlite: BetterSqlite3.Database): Promise<void> {
  const versionNow = () => sqlite.pragma('user_version', { simple: true }) as number
  checkVersion(versionNow(), sqlite.name)
  if (versionNow() === newestVersion) return
  // One transaction from the first look to the last step: two programs that start together must not both migrate.
  await db.transaction().execute(async (transaction) => {
    if (versionNow() === newestVersion) return
    if (!isOursToMigrate(sqlite, versionNow())) throw foreignDatabase(sqlite.name)
    const migrator = new Migrator({ db: transaction, provider: { getMigrations: async () => migrations } })
    const { error } = await migrator.migrateToLatest()
    if (error) throw error
    sqlite.pragma(`application_id = ${applicationId}`)
    sqlite.pragma(`user_version = ${newestVersion}`)
  })
}

/** A file without our mark is ours only while it is empty: tables of another program must never get ours beside them. */
function isOursToMigrate(sqlite: BetterSqlite3.Database, version: number): boolean {
  if (version > 0) return sqlite.pragma('application_id', { simple: true }) === applicationId
  return sqlite.prepare('select count(*) from sqlite_schema').pluck().get() === 0
}
