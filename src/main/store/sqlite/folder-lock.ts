import { closeSync, existsSync, openSync } from 'node:fs'
import path from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { AppError } from '../../../shared/errors.ts'
import { fileFault } from '../../system/file-faults.ts'
import { giveToOwnerOf } from '../../backup/ownership.ts'

export interface Lock {
  release(): void
}

/** Held by many at once, and by none while somebody has it alone. Null when it cannot be had now. */
export function lockWithOthers(file: string): Lock | null {
  return lock(file, 'begin; select count(*) from sqlite_schema')
}

/** Held by one and nobody beside. Null when it cannot be had now. */
export function lockAlone(file: string): Lock | null {
  return lock(file, 'begin exclusive')
}

/**
 * SQLite's locks on a database that stays empty: they work on every system and between threads, and the operating system
 * takes them back when a process is killed. Nothing else may open the file: on POSIX, closing it would drop the locks.
 */
function lock(file: string, statement: string): Lock | null {
  let connection: BetterSqlite3.Database | undefined
  try {
    closeToOthers(file)
    connection = new BetterSqlite3(file, { timeout: 0 })
    // No journal on disk, which somebody would have to clear away after a kill.
    connection.pragma('journal_mode = memory')
    connection.exec(statement)
    const held = connection
    return { release: () => void held.close() }
  } catch (error) {
    connection?.close()
    if (error instanceof BetterSqlite3.SqliteError && error.code.startsWith('SQLITE_BUSY')) return null
    const why =
      error instanceof BetterSqlite3.SqliteError ? 'it is damaged or may not be written' : fileFault(error, 'write')
    throw new AppError('data-folder-unusable', `${file} cannot be locked: ${why}.`, undefined, { cause: error })
  }
}

function closeToOthers(file: string): void {
  if (existsSync(file)) return
  try {
    closeSync(openSync(file, 'wx', 0o600))
    giveToOwnerOf(path.dirname(file), file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
