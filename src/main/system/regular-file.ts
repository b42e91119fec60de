import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { AppError, type ErrorCode } from '../../shared/errors.ts'
import { unreadableFile } from './file-faults.ts'

/** More than any file of certificates holds; the bundle of all that a system trusts has a quarter of it. */
const maxBytes = 1024 * 1024

/**
 * The text of a file that a setting names. A pipe would keep this thread waiting for whoever writes into it and a device may never
 * end, so only a regular file of at most 1 MB is read. Throws `code`; `what` is its path, which may follow a word for it.
 */
export function readRegularFile(file: string, what: string, code: ErrorCode = 'file-unreadable'): string {
  const refuse = (why: string) => new AppError(code, `${what} cannot be read: ${why}.`)
  let handle: number | undefined
  try {
    // A pipe without a writer is opened at once only so; Windows has neither.
    handle = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    const found = fstatSync(handle)
    if (found.isDirectory()) throw refuse('it is a folder')
    if (!found.isFile()) throw refuse('it is no ordinary file')
    // One that grows meanwhile, and those of /proc, are larger than they say.
    const bytes = Buffer.alloc(maxBytes + 1)
    let length = 0
    for (let read = -1; read !== 0 && length <= maxBytes; length += read) {
      read = readSync(handle, bytes, length, bytes.length - length, null)
    }
    if (length > maxBytes) throw refuse('it is larger than 1 MB, which no file of certificates is')
    return bytes.toString('utf8', 0, length)
  } catch (error) {
    throw error instanceof AppError ? error : unreadableFile(error, what, code)
  } finally {
    if (handle !== undefined) closeSync(handle)
  }
}
