import path from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { AppError } from '../../../shared/errors.ts'
import { hasRoom } from '../../system/disk-room.ts'

/**
 * What an error of SQLite means to a person, or null for one that no person can act on; SQLite's own words are its cause.
 * `consequence` is a sentence about what was to be written.
 */
export function refusalOfDatabase(
  error: unknown,
  file?: string,
  consequence = 'Nothing of this act was written.'
): AppError | null {
  if (error instanceof AppError) return error
  if (!(error instanceof BetterSqlite3.SqliteError)) return null
  const { code } = error
  const refuse = (as: AppError['code'], message: string) => new AppError(as, message, undefined, { cause: error })
  // Where files cannot even grow or be made, SQLite names what it was about rather than the disk.
  const isForRoom = /^SQLITE_(IOERR|CANTOPEN)/.test(code) && file !== undefined && !hasRoom(path.dirname(file))
  if (['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_SHMSIZE'].includes(code) || isForRoom) {
    return refuse('disk-full', `The disk that holds ${nameOf(file)} is full. ${consequence}`.trim())
  }
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return damagedDatabase(file, null, error)
  if (code.startsWith('SQLITE_BUSY')) {
    return refuse('database-busy', 'Another program has held the database for too long. Try again.')
  }
  if (/^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/.test(code)) {
    const what = code.startsWith('SQLITE_CANTOPEN') ? 'opened' : 'written'
    return refuse(
      'data-folder-unusable',
      `${capital(nameOf(file))} cannot be ${what}: this program may not do that in its folder, or the folder is gone.`
    )
  }
  if (code.startsWith('SQLITE_IOERR')) {
    return refuse('data-folder-unusable', `The disk that holds ${nameOf(file)} failed. ${consequence}`.trim())
  }
  return null
}

/** Why a database is not what it should be, as the end of a sentence. */
export function damageOf(error: unknown): string {
  const code = error instanceof BetterSqlite3.SqliteError ? error.code : ''
  if (code === 'SQLITE_NOTADB') return 'it is no database'
  return code.startsWith('SQLITE_CORRUPT') ? 'it is damaged' : 'it is not as this program writes it'
}

/** `how` ends the sentence in brackets, where more is known than that SQLite cannot read it. */
export function damagedDatabase(file: string | undefined, how: string | null, cause?: unknown): AppError {
  const what = `${capital(nameOf(file))} is damaged${how === null ? '' : ` (${how})`}. Restore a backup.`
  return new AppError('database-damaged', what, undefined, { cause })
}

function nameOf(file: string | undefined): string {
  return file === undefined ? 'the database' : `the database ${file}`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
