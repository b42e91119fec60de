import { z } from 'zod'
import { keySlot } from './key.ts'

const count = z.number().int().min(0)

/** Where the chained log ended: the last row's id and MAC. */
export const auditHead = z.object({ id: z.number().int(), mac: z.string() })
export type AuditHead = z.infer<typeof auditHead>

/** What the database of a server holds, in figures. */
export const folderFigures = z.object({
  serverName: z.string(),
  siteId: z.number(),
  schemaVersion: z.number().int(),
  /** Those that are not removed. */
  users: count,
  groups: count,
  /** Of all states. */
  codes: count,
  devices: count,
  auditRows: count,
  auditHead: auditHead.nullable(),
  lastAuditAtMs: z.number().nullable()
})
export type FolderFigures = z.infer<typeof folderFigures>

/** What a backup holds; to be read only with its passphrase. */
export const backupSummary = folderFigures.extend({ createdAtMs: z.number(), programVersion: z.string() })
export type BackupSummary = z.infer<typeof backupSummary>

export const backupReport = z.object({
  /** Where it lies; null for one that was handed over as bytes. */
  file: z.string().nullable(),
  bytes: count,
  backup: backupSummary
})
export type BackupReport = z.infer<typeof backupReport>

/** What a data folder holds before a restore. */
export const folderFinding = z.discriminatedUnion('state', [
  z.object({ state: z.literal('empty') }),
  /** There is a database, but it cannot be read: why, in words. */
  z.object({ state: z.literal('unreadable'), reason: z.string() }),
  folderFigures.extend({ state: z.literal('readable') })
])
export type FolderFinding = z.infer<typeof folderFinding>

/** What a backup holds, beside what it would replace. */
export const backupInspection = z.object({
  backup: backupSummary,
  current: folderFinding,
  /** Whether both are of one server: their data key is the same. */
  isSameServer: z.boolean(),
  /** Entries of the log written since the backup was made; null where the log there does not go on from the backup's. */
  entriesSince: count.nullable()
})
export type BackupInspection = z.infer<typeof backupInspection>

export const restoreReport = backupInspection.extend({
  withdrawnCodes: count,
  /** One-time links that led to a code, and no longer do. */
  endedLinks: count,
  voidedDevices: count,
  /** Users who were disabled or removed since the backup, and are not any more; the names are the first of them. */
  returnedUsers: z.object({ count, usernames: z.array(z.string()) }),
  /** What of the replaced database could not be read, in words: what had changed there was not taken into account. */
  unread: z.array(z.string()),
  /** The folder's key slots: those that open the backup's data key now, and those that are gone. */
  keySlots: z.object({ open: z.array(keySlot), lost: z.array(keySlot) })
})
export type RestoreReport = z.infer<typeof restoreReport>
