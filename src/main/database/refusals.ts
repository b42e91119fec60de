import BetterSqlite3 from 'better-sqlite3'
import { AppError } from '../../shared/errors.ts'

/** What an error of SQLite means to a person, or null for one that no person can act on. */
export function refusalOfDatabase(error: unknown, file = 'the database'): AppError | null {
  if (error instanceof AppError) return error
  if (!(error instanceof BetterSqlite3.SqliteError)) return null
  if (error.code === 'SQLITE_FULL' || error.code === 'SQLITE_IOERR_WRITE') {
    return new AppError('disk-full', `The disk that holds ${file} is full. Nothing of this act was written.`)
  }
  if (error.code.startsWith('SQLITE_CORRUPT') || error.code === 'SQLITE_NOTADB') {
    return damagedDatabase(error, file)
  }
  if (error.code.startsWith('SQLITE_BUSY')) {
    return new AppError('database-busy', 'Another program has held the database for too long. Try again.')
  }
  if (/^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/.test(error.code)) {
    return new AppError('data-folder-unusable', `The database ${file} cannot be written (${error.message}).`)
  }
  return null
}

export function damagedDatabase(error: Error, file: string): AppError {
  return new AppError('database-damaged', `The database ${file} is damaged (${error.message}). Restore a backup.`)
}
