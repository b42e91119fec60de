import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { fileFault, isDiskFull } from '../system/file-faults.ts'
import { lockAlone, type Lock } from '../store/sqlite/folder-lock.ts'

/** A folder inside the data folder for what is not finished: it has the data folder's file system and its protection. */
export interface Draft {
  folder: string
  /** From then on the draft is given up, or somebody else's. */
  release(): void
  remove(): Promise<void>
}

const draftName = /^draft-[0-9a-f]{12}$/
const lockName = 'lock'

export function createDraft(dataFolder: string): Draft {
  const folder = path.join(dataFolder, `draft-${randomBytes(6).toString('hex')}`)
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    const code = isDiskFull(error) ? 'disk-full' : 'data-folder-unusable'
    throw new AppError(code, `${folder} cannot be made: ${fileFault(error, 'write')}.`, undefined, { cause: error })
  }
  const lock = lockAlone(path.join(folder, lockName))
  if (!lock) throw new Error(`${folder} is locked by somebody else`)
  return { folder, release: () => lock.release(), remove: () => remove(folder, lock) }
}

/** Clears away what killed programs have left. A draft that somebody works on is locked, and stays. */
export async function removeDeadDrafts(dataFolder: string): Promise<void> {
  for (const name of readdirSync(dataFolder).filter((entry) => draftName.test(entry))) {
    const folder = path.join(dataFolder, name)
    // Without a lock it was made this very moment.
    if (!existsSync(path.join(folder, lockName))) continue
    const lock = lockAlone(path.join(folder, lockName))
    if (lock) await remove(folder, lock)
  }
}

/** The lock goes last: a draft whose removal was interrupted is still known as a dead one. */
async function remove(folder: string, lock: Lock): Promise<void> {
  const names = existsSync(folder) ? readdirSync(folder) : []
  for (const name of names.filter((entry) => entry !== lockName)) {
    await rm(path.join(folder, name), { recursive: true, force: true })
  }
  lock.release()
  await rm(folder, { recursive: true, force: true })
}
