import { existsSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '../../../shared/errors.ts'
import { restoredFolderName } from '../../system/data-folder.ts'
import { folderKeyFile } from '../../keys/data-key.ts'
import { syncFolder } from '../../keys/stored-key.ts'
import { removeDeadDrafts, type Draft } from '../../backup/drafts.ts'
import { lockAlone, lockWithOthers, type Lock } from './folder-lock.ts'
import { giveToOwnerOf } from '../../backup/ownership.ts'

/** Told before each step that touches a file, so that a test can end the process there. */
export type OnStep = (step: string) => void
export const ignoreStep: OnStep = () => undefined

/** The key before the database: a database that opens with no key at all looks worse than one whose key is on its way. */
const exchangedFiles = [folderKeyFile, 'key', 'console.db']

const retryMs = 50
/** A restore into a folder with a large database takes so long. */
const mostWaitForRestoreMs = 10_000
/** Another command is over by then; a window or a portal is not. */
const mostWaitForOthersMs = 2000

/** Every program is in the folder with the others, so that nobody exchanges the files under it. Throws `database-busy`. */
export async function enterFolder(folder: string): Promise<Lock> {
  const isCommitted = () => existsSync(path.join(folder, restoredFolderName))
  for (let waitedMs = 0; waitedMs <= mostWaitForRestoreMs; waitedMs += retryMs) {
    if (isCommitted()) {
      // Whoever restored was killed before the end.
      const alone = lockAlone(lockFile(folder))
      if (alone) (await tidied(folder, alone)).release()
    }
    const lock = lockWithOthers(lockFile(folder))
    if (lock && !isCommitted()) return tidied(folder, lock)
    lock?.release()
    await delay(retryMs)
  }
  throw new AppError('database-busy', `A backup is being restored into ${folder}. Try again when that is done.`)
}

/** In the folder with nobody beside. Throws `database-busy` while another program is in it. */
export async function enterFolderAlone(folder: string): Promise<Lock> {
  for (let waitedMs = 0; waitedMs <= mostWaitForOthersMs; waitedMs += retryMs) {
    const lock = lockAlone(lockFile(folder))
    if (lock) return tidied(folder, lock)
    await delay(retryMs)
  }
  throw new AppError(
    'database-busy',
    `Another program has ${folder} open: a window, a portal or another command. Close it (stop its service), then restore again. Nothing was changed.`
  )
}

/**
 * Puts what the draft holds (`console.db`, and `key` with its key file where they are new) in the place of the folder's own.
 * One rename decides: before it the old data are whole, after it the new ones are, and whoever opens the folder next carries
 * on with moving the files where this was interrupted. To be called alone in the folder.
 */
export function exchangeFiles(folder: string, draft: Draft, onStep: OnStep): void {
  for (const name of exchangedFiles) giveToOwnerOf(folder, path.join(draft.folder, name))
  syncFolder(draft.folder)
  draft.release()
  onStep('commit')
  renameSync(draft.folder, path.join(folder, restoredFolderName))
  syncFolder(folder)
  moveCommitted(folder, onStep)
}

/** Ends what killed programs have begun. What was committed is there only for whoever is alone in the folder. */
async function tidied(folder: string, lock: Lock): Promise<Lock> {
  try {
    moveCommitted(folder, ignoreStep)
    await removeDeadDrafts(folder)
    return lock
  } catch (error) {
    lock.release()
    throw error
  }
}

function moveCommitted(folder: string, onStep: OnStep): void {
  const committed = path.join(folder, restoredFolderName)
  if (!existsSync(committed)) return
  if (existsSync(path.join(committed, 'console.db'))) {
    // SQLite would play the old database's log into the new file: it goes first, and for good.
    for (const suffix of ['-wal', '-shm', '-journal']) {
      onStep(`remove console.db${suffix}`)
      rmSync(path.join(folder, `console.db${suffix}`), { force: true })
    }
    syncFolder(folder)
  }
  for (const name of exchangedFiles) {
    if (!existsSync(path.join(committed, name))) continue
    onStep(`move ${name}`)
    renameSync(path.join(committed, name), path.join(folder, name))
  }
  onStep('sync')
  syncFolder(committed)
  syncFolder(folder)
  onStep('clear away')
  rmSync(committed, { recursive: true, force: true })
  syncFolder(folder)
}

function lockFile(folder: string): string {
  return path.join(folder, 'lock')
}
