import { copyFileSync, existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import path from 'node:path'
import { sql } from 'kysely'
import type { BackupInspection, FolderFinding, RestoreReport } from '../../shared/backup.ts'
import { AppError } from '../../shared/errors.ts'
import { isDiskFull, unwritableFile } from '../system/file-faults.ts'
import type { Act } from '../system/operation.ts'
import { createAuditLog } from '../store/audit-chain.ts'
import type { Clock } from '../system/clock.ts'
import { prepareDataFolder } from '../system/data-folder.ts'
import { newestVersion } from '../store/migrations.ts'
import { openDatabase } from '../store/sqlite/open.ts'
import { damageOf, refusalOfDatabase } from '../store/sqlite/refusals.ts'
import { hasLostCommits } from '../store/sqlite/write-ahead-log.ts'
import { createTimekeeper } from '../store/time.ts'
import type { KeySources } from '../keys/key-sources.ts'
import { deriveKeys } from '../keys/derived-keys.ts'
import { readAside } from '../store/sqlite/reading-thread.ts'
import { createDraft, type Draft } from './drafts.ts'
import { enterFolder, enterFolderAlone, exchangeFiles, ignoreStep, type OnStep } from '../store/sqlite/exchange.ts'
import { findForeignSchema } from './backup-schema.ts'
import { readFigures } from './figures.ts'
import { takeOverKey } from './key-takeover.ts'
import {
  applyRestoreRules,
  detachReplaced,
  isUnreadable,
  recogniseReplaced,
  type Recognised,
  type Restoring
} from './restore-rules.ts'
import type { OpenBackup } from './sealed-file.ts'

/** Users who are back are counted; so many of them are named. */
const mostNamed = 100

export interface RestoreParts {
  folder: string
  backup: OpenBackup
  sources: KeySources
  clock: Clock
  act: Act
  onStep?: OnStep
}

/** What the backup holds beside what the folder holds; there need be no folder yet. Changes nothing. */
export async function compareWithFolder(backup: OpenBackup, folder: string): Promise<BackupInspection> {
  requireKnownSchema(backup)
  const { current, keyCheck, macAtBackup } = await readFolder(folder, backup.summary.auditHead?.id ?? null)
  const head = backup.summary.auditHead
  const goesOn = current.state === 'readable' && head !== null && macAtBackup === head.mac
  return {
    backup: backup.summary,
    current,
    isSameServer: keyCheck === deriveKeys(backup.dataKey).check,
    entriesSince: goesOn ? (current.auditHead?.id ?? head.id) - head.id : null
  }
}

async function readFolder(
  folder: string,
  headId: number | null
): Promise<{ current: FolderFinding; keyCheck: string | null; macAtBackup: string | null }> {
  const database = path.join(folder, 'console.db')
  const nothing = { keyCheck: null, macAtBackup: null }
  if (!existsSync(database)) return { current: { state: 'empty' }, ...nothing }
  if (!isLogWhole(database)) return { current: { state: 'unreadable', reason: brokenLog }, ...nothing }
  try {
    const { keyCheck, macAt, ...figures } = await readFigures(database, headId)
    return { current: { state: 'readable', ...figures }, keyCheck, macAtBackup: macAt }
  } catch (error) {
    if (!isUnreadable(error)) throw refusalOfDatabase(error, database) ?? error
    return { current: { state: 'unreadable', reason: damageOf(error) }, ...nothing }
  }
}

/** As `compareWithFolder`, among the other programs that may have the folder open. */
export async function inspectBackup(backup: OpenBackup, folder: string): Promise<BackupInspection> {
  if (!existsSync(folder)) return compareWithFolder(backup, folder)
  prepareDataFolder(folder)
  const lock = await enterFolder(folder)
  try {
    return await compareWithFolder(backup, folder)
  } finally {
    lock.release()
  }
}

/** Restores into a folder that no program has open, this one included; makes it where there is none. */
export async function restoreFolder(parts: RestoreParts): Promise<RestoreReport> {
  requireKnownSchema(parts.backup)
  prepareDataFolder(parts.folder)
  const lock = await enterFolderAlone(parts.folder)
  try {
    const draft = await stageBackup(parts)
    return await replaceFolder(draft, parts)
  } finally {
    lock.release()
  }
}

/**
 * Unpacks the backup into a draft and brings its database to the newest schema, while programs may go on to use the folder.
 * Throws for a backup that is not whole; then, as after `cancelled`, nothing is left of the draft.
 */
export async function stageBackup({ folder, backup, act, onStep = ignoreStep }: RestoreParts): Promise<Draft> {
  requireKnownSchema(backup)
  onStep('make the draft')
  const draft = createDraft(folder)
  try {
    const file = path.join(draft.folder, 'console.db')
    onStep('unpack')
    await unpack(file, backup, act)
    onStep('check')
    await checkDatabase(file, backup)
    onStep('migrate')
    await (await openDatabase(file)).close()
    return draft
  } catch (error) {
    await draft.remove()
    throw refusalOfDatabase(error, path.join(folder, 'console.db')) ?? refusalOfFile(error, folder) ?? error
  }
}

/**
 * Puts a staged backup in the place of what the folder holds, having taken from that what a restore must not undo. To be
 * called alone in the folder. Until its very end nothing of the folder is changed; the draft is gone afterwards either way.
 */
export async function replaceFolder(draft: Draft, parts: RestoreParts): Promise<RestoreReport> {
  const { folder, backup, sources, clock, act, onStep = ignoreStep } = parts
  const file = path.join(draft.folder, 'console.db')
  try {
    const inspection = await compareWithFolder(backup, folder)
    onStep('take over the key')
    const keySlots = await takeOverKey({ folder, draft: draft.folder, dataKey: backup.dataKey, sources, clock })
    onStep('apply the rules')
    const { returnedUsernames, ...counted } = await revise(file, parts, keySlots)
    if (existsSync(`${file}-wal`)) throw new Error('the restored database was not closed whole')
    onStep('sync the database')
    await syncFile(file)
    if (act.signal?.aborted) throw cancelled()
    exchangeFiles(folder, draft, onStep)
    return { ...inspection, ...counted, returnedUsers: shortened(returnedUsernames), keySlots }
  } catch (error) {
    if (existsSync(draft.folder)) await draft.remove()
    throw refusalOfDatabase(error, path.join(folder, 'console.db')) ?? refusalOfFile(error, folder) ?? error
  }
}

/** Applies the rules to the database that comes, and appends the entry that tells of the restore. */
async function revise(
  file: string,
  { folder, backup, clock, act, onStep = ignoreStep }: RestoreParts,
  keySlots: RestoreReport['keySlots']
): Promise<Restoring['outcome']> {
  const { db, close } = await openDatabase(file)
  try {
    // The file is synced as a whole before it counts.
    await sql`pragma synchronous = off`.execute(db)
    const time = createTimekeeper(clock)
    const audit = createAuditLog(deriveKeys(backup.dataKey).audit)
    const outcome: Restoring['outcome'] = {
      withdrawnCodes: 0,
      endedLinks: 0,
      voidedDevices: 0,
      returnedUsernames: [],
      unread: []
    }
    const { replaced, replacedHead } = await attachReplaced(folder, path.dirname(file), db, outcome)
    await applyRestoreRules({ db, replaced, time, audit, act, outcome })
    onStep('record')
    const { returnedUsernames, ...counted } = outcome
    const { createdAtMs, auditHead } = backup.summary
    const detail = {
      backup: { createdAtMs, auditHead },
      replaced: { is: replaced, auditHead: replacedHead },
      ...counted,
      returnedUsers: shortened(returnedUsernames),
      lostKeySlots: keySlots.lost.map(({ id, kind }) => ({ slot: id, kind }))
    }
    await db.transaction().execute(async (transaction) => {
      const nowMs = await time.nowMs(transaction)
      await audit.append(transaction, nowMs, { actor: act.actor, kind: 'backup.restored', detail })
    })
    return outcome
  } finally {
    await close()
  }
}

function shortened(usernames: string[]): RestoreReport['returnedUsers'] {
  return { count: usernames.length, usernames: usernames.slice(0, mostNamed) }
}

const brokenLog = 'the last part of its log is damaged'

function isLogWhole(database: string): boolean {
  const log = `${database}-wal`
  return !existsSync(log) || !hasLostCommits(log)
}

/** SQLite throws the rest of a damaged log away when it opens the database: until the restore counts, the folder keeps it. */
function copyAside(database: string, draft: string): string {
  const copy = path.join(draft, 'replaced.db')
  for (const suffix of ['', '-wal']) copyFileSync(database + suffix, copy + suffix)
  return copy
}

async function attachReplaced(
  folder: string,
  draft: string,
  db: Restoring['db'],
  outcome: Restoring['outcome']
): Promise<Recognised> {
  const nothing: Recognised = { replaced: 'none', replacedHead: null }
  const file = path.join(folder, 'console.db')
  if (!existsSync(file)) return nothing
  const source = isLogWhole(file) ? file : copyAside(file, draft)
  if (source !== file) outcome.unread.push(brokenLog)
  try {
    await sql`attach database ${source} as replaced`.execute(db)
  } catch (error) {
    if (!isUnreadable(error)) throw error
    outcome.unread.push(damageOf(error))
    return nothing
  }
  try {
    return await recogniseReplaced(db)
  } catch (error) {
    if (!isUnreadable(error)) throw error
    outcome.unread.push(damageOf(error))
    await detachReplaced(db)
    return nothing
  }
}

async function unpack(file: string, backup: OpenBackup, act: Act): Promise<void> {
  const handle = await open(file, 'wx', 0o600)
  try {
    let done = 0
    for await (const piece of backup.database()) {
      if (act.signal?.aborted) throw cancelled()
      await handle.writeFile(piece)
      done += piece.length
      act.onProgress?.(done, backup.databaseBytes)
    }
  } finally {
    await handle.close()
  }
}

/** What was sealed is what was unpacked; but the database may have been damaged before, or a forger's who has the passphrase. */
async function checkDatabase(file: string, backup: OpenBackup): Promise<void> {
  const unusable = (why: string) => new AppError('file-unreadable', `${backup.name} cannot be restored: ${why}.`)
  const damaged = (how: string) => unusable(`the database in it is damaged (${how.replaceAll('\n', ' ')})`)
  try {
    const [actual] = await readAside<{ user_version: number }>(file, 'pragma user_version')
    requireKnownSchema(backup, actual?.user_version)
    // First, since the other checks already run expressions that a forged schema could hold.
    const foreign = await findForeignSchema(file, backup.summary.schemaVersion)
    if (foreign !== null) throw unusable(`the database in it is not as this program makes it (${foreign})`)
    const [finding] = await readAside<{ integrity_check: string }>(file, 'pragma integrity_check(1)')
    if (finding?.integrity_check !== 'ok') throw damaged(finding?.integrity_check ?? '')
    const [orphan] = await readAside<{ table: string }>(file, 'pragma foreign_key_check')
    if (orphan) throw damaged(`a row of ${orphan.table} belongs to none`)
    const { keyCheck } = await readFigures(file)
    if (keyCheck !== deriveKeys(backup.dataKey).check) throw unusable('its key belongs to another database')
  } catch (error) {
    if (isUnreadable(error)) throw unusable('the database in it is damaged')
    throw error
  }
}

/** By what the backup says of itself, or by what its database turned out to be. */
function requireKnownSchema({ name, summary }: OpenBackup, version = summary.schemaVersion): void {
  if (version <= newestVersion) return
  throw new AppError(
    'schema-newer',
    `${name} was made by a newer version of this program (${summary.programVersion}, schema ${version}; this one knows ${newestVersion}). Update the program.`
  )
}

/** What an error of the file system means to a person, or null for another one. */
function refusalOfFile(error: unknown, folder: string): AppError | null {
  const { code, syscall } = error as NodeJS.ErrnoException
  if (code === undefined || syscall === undefined) return null
  if (isDiskFull(error)) {
    return new AppError(
      'disk-full',
      `The disk that holds ${folder} is full; a restore needs room for a second database.`
    )
  }
  return unwritableFile(error, `The data folder ${folder}`, { code: 'data-folder-unusable' })
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function cancelled(): AppError {
  return new AppError('cancelled', 'Restoring was cancelled. Nothing was changed.')
}
