import { createReadStream, statSync } from 'node:fs'
import path from 'node:path'
import type { BackupInspection, BackupReport, BackupSummary, RestoreReport } from '../../shared/backup.ts'
import { AppError } from '../../shared/errors.ts'
import type { Act } from '../system/operation.ts'
import type { AuditLog } from '../store/audit-chain.ts'
import type { Clock } from '../system/clock.ts'
import { refusalOfDatabase } from '../store/sqlite/refusals.ts'
import type { Db } from '../store/schema.ts'
import type { Timekeeper } from '../store/time.ts'
import { checkPassphrase, type DataKey } from '../keys/data-key.ts'
import type { KeySources } from '../keys/key-sources.ts'
import { version } from '../system/version.ts'
import { readAside } from '../store/sqlite/reading-thread.ts'
import { createDraft } from './drafts.ts'
import { readFigures } from './figures.ts'
import { openBytes, openFile } from './origin.ts'
import { compareWithFolder, replaceFolder, stageBackup } from './restore.ts'
import { openBackup, sealBackup, type BackupHead, type OpenBackup } from './sealed-file.ts'
import { checkTarget, writeTarget } from './target.ts'

/** A backup lies in a file, or has come as bytes. */
export type BackupPlace = { file: string } | { content: Uint8Array }

export interface BackupService {
  /**
   * Writes a backup of everything into a file, while this and other programs go on working. Throws `file-unwritable`, also for
   * a file that is there already and is not to be replaced, or `disk-full`.
   */
  createFile(file: string, how: { passphrase: string; overwrite: boolean }, act: Act): Promise<BackupReport>
  /** The same as bytes, all of it in memory. */
  create(passphrase: string, act: Act): Promise<BackupReport & { content: Uint8Array }>
  /** Throws `file-unreadable`, `schema-newer`, or `key-locked` for a wrong passphrase. */
  inspect(place: BackupPlace, passphrase: string): Promise<BackupInspection>
  /**
   * Replaces all that the open folder holds. Calls wait meanwhile and go on with what was restored. Throws as `inspect`, and
   * `database-busy` while another program has the folder open; then nothing was changed.
   */
  restore(place: BackupPlace, passphrase: string, act: Act): Promise<RestoreReport>
}

export interface BackupParts {
  folder: string
  db: Db
  clock: Clock
  time: Timekeeper
  audit: AuditLog
  dataKey: DataKey
  sources: KeySources
  /** Runs the work while the folder is closed and no other program is in it, then opens it again. */
  whileClosed<T>(work: () => Promise<T>): Promise<T>
}

export function createBackupService(parts: BackupParts): BackupService {
  const { folder, db, time, audit } = parts

  /** Recorded before the backup can be had: none leaves without an entry. */
  const record = (backup: BackupHead, bytes: number, file: string | null, act: Act) =>
    db.transaction().execute(async (transaction) => {
      const { auditHead, users } = backup.summary
      const nowMs = await time.nowMs(transaction)
      const detail = { file, bytes, auditHead, users }
      await audit.append(transaction, nowMs, { actor: act.actor, kind: 'backup.created', detail })
    })

  return {
    async createFile(file, { passphrase, overwrite }, act) {
      checkPassphrase(passphrase)
      const target = checkTarget(file, { dataFolder: folder, overwrite })
      return withSnapshot(parts, async (head, database) => {
        const pieces = sealBackup(head, watched(database, head.databaseBytes, act), passphrase)
        const bytes = await writeTarget(target, pieces, { overwrite }, (size) => record(head, size, file, act))
        return { file, bytes, backup: head.summary }
      })
    },
    async create(passphrase, act) {
      checkPassphrase(passphrase)
      return withSnapshot(parts, async (head, database) => {
        const pieces: Buffer[] = []
        for await (const piece of sealBackup(head, watched(database, head.databaseBytes, act), passphrase))
          pieces.push(piece)
        const content = new Uint8Array(Buffer.concat(pieces))
        await record(head, content.length, null, act)
        return { file: null, bytes: content.length, backup: head.summary, content }
      })
    },
    inspect: (place, passphrase) => withBackup(place, passphrase, (backup) => compareWithFolder(backup, folder)),
    restore: (place, passphrase, act) =>
      withBackup(place, passphrase, async (backup) => {
        const restoring = { ...parts, backup, act }
        const draft = await stageBackup(restoring)
        try {
          return await parts.whileClosed(() => replaceFolder(draft, restoring))
        } catch (error) {
          await draft.remove()
          throw error
        }
      })
  }
}

/** Opens a backup for the time of the work. */
export async function withBackup<T>(
  place: BackupPlace,
  passphrase: string,
  work: (backup: OpenBackup) => Promise<T>
): Promise<T> {
  const origin = 'file' in place ? await openFile(place.file) : openBytes(place.content)
  try {
    return await work(await openBackup(origin, passphrase))
  } finally {
    await origin.close()
  }
}

/**
 * Takes a copy of the database as it is at one moment, and of what it says of itself. `vacuum into` reads within one
 * transaction, so that others can write meanwhile; and it leaves out free pages, in which deleted rows may still lie.
 */
async function withSnapshot<T>(
  { folder, db, time, dataKey }: BackupParts,
  work: (head: BackupHead, database: AsyncIterable<Buffer>) => Promise<T>
): Promise<T> {
  const draft = createDraft(folder)
  try {
    const file = path.join(draft.folder, 'console.db')
    await readAside(path.join(folder, 'console.db'), 'vacuum into ?', [file])
    const { keyCheck: _key, macAt: _mac, ...figures } = await readFigures(file)
    const summary: BackupSummary = { ...figures, createdAtMs: await time.peekMs(db), programVersion: version }
    const head = { summary, dataKey: dataKey.revealForBackup(), databaseBytes: statSync(file).size }
    return await work(head, createReadStream(file) as AsyncIterable<Buffer>)
  } catch (error) {
    throw refusalOfDatabase(error, path.join(folder, 'console.db')) ?? error
  } finally {
    await draft.remove()
  }
}

async function* watched(pieces: AsyncIterable<Buffer>, total: number, act: Act): AsyncGenerator<Buffer> {
  let done = 0
  for await (const piece of pieces) {
    if (act.signal?.aborted) throw new AppError('cancelled', 'The backup was cancelled. Nothing was written.')
    yield piece
    done += piece.length
    act.onProgress?.(done, total)
  }
}
