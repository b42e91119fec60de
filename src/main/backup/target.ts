import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { isDiskFull, unwritableFile } from '../system/file-faults.ts'
import { syncFolder } from '../keys/stored-key.ts'

/** Throws `file-unwritable` where no backup can or should be written; returns the file itself where the name is a link. */
export function checkTarget(file: string, options: { dataFolder: string; overwrite: boolean }): string {
  if (!existsSync(path.dirname(file))) throw unwritable(file, 'its folder does not exist')
  const target = existsSync(file)
    ? realpathSync(file)
    : path.join(realpathSync(path.dirname(file)), path.basename(file))
  const fromFolder = path.relative(realpathSync(options.dataFolder), target)
  if (!fromFolder.startsWith('..') && !path.isAbsolute(fromFolder)) {
    throw unwritable(file, 'a backup belongs outside the data folder, with which it would be lost')
  }
  if (!existsSync(target)) return target
  if (!statSync(target).isFile()) throw unwritable(file, 'it is no ordinary file')
  if (!options.overwrite) throw alreadyThere(file)
  return target
}

/**
 * Writes a file of mode 0600 under another name beside it, and puts it in its place once it is whole and on the disk;
 * `beforePlacing` comes in between. What is refused leaves nothing behind. Returns the size. Throws `disk-full` or
 * `file-unwritable`.
 */
export async function writeTarget(
  file: string,
  pieces: AsyncIterable<Uint8Array>,
  { overwrite }: { overwrite: boolean },
  beforePlacing: (bytes: number) => Promise<void>
): Promise<number> {
  const part = `${file}.${randomBytes(4).toString('hex')}.part`
  try {
    const bytes = await writePart(file, part, pieces)
    await beforePlacing(bytes)
    place(file, part, overwrite)
    return bytes
  } finally {
    rmSync(part, { force: true })
  }
}

async function writePart(file: string, part: string, pieces: AsyncIterable<Uint8Array>): Promise<number> {
  const writing = async <T>(act: () => Promise<T>): Promise<T> => {
    try {
      return await act()
    } catch (error) {
      throw unwritable(file, error)
    }
  }
  const handle = await writing(() => open(part, 'wx', 0o600))
  let bytes = 0
  try {
    for await (const piece of pieces) {
      await writing(() => handle.writeFile(piece))
      bytes += piece.length
    }
    await writing(() => handle.sync())
  } finally {
    await handle.close()
  }
  return bytes
}

function place(file: string, part: string, overwrite: boolean): void {
  try {
    if (overwrite || !linkUnlessThere(file, part)) renameSync(part, file)
  } catch (error) {
    throw error instanceof AppError ? error : unwritable(file, error)
  }
  try {
    syncFolder(path.dirname(file))
  } catch {
    // Some file systems (shares, sticks) cannot sync a folder; the file itself is on the disk.
  }
}

/** A rename would replace what somebody else has put there meanwhile; a link does not. False where there are no links. */
function linkUnlessThere(file: string, part: string): boolean {
  try {
    linkSync(part, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' || existsSync(file)) throw alreadyThere(file)
    return false
  }
}

function alreadyThere(file: string): AppError {
  return unwritable(file, 'it is there already')
}

function unwritable(file: string, reason: unknown): AppError {
  if (typeof reason === 'string') return new AppError('file-unwritable', `${file} cannot be written: ${reason}.`)
  if (isDiskFull(reason)) {
    return new AppError('disk-full', `The disk that ${file} was to be written to is full. No backup was made.`)
  }
  return unwritableFile(reason, file)
}
