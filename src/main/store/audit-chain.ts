import { createHmac, type KeyObject } from 'node:crypto'
import type { AuditEntry, AuditKind, AuditVerification } from '../../shared/audit.ts'
import type { AuditHead } from '../../shared/backup.ts'
import { AppError } from '../../shared/errors.ts'
import { breathe, type Act } from '../system/operation.ts'
import type { Db } from './schema.ts'
import {
  countAuditRows,
  deleteAuditRows,
  findCheckpoint,
  indexListedUsers,
  insertAuditRow,
  lastAuditRow,
  listAuditRows,
  listingKinds,
  readAuditRows,
  writeCheckpoint,
  type AuditRow,
  type CheckpointRow
} from '../audit/audit-store.ts'

export interface NewAuditEntry {
  actor: string
  kind: AuditKind
  /** Left out where an entry speaks of no one user, or of many (`detail` then lists them). */
  user?: { id: number; username: string } | undefined
  /** The name as it was tried, where no user has it. */
  username?: string | undefined
  detail?: Record<string, unknown>
}

/** The chained log: each row's MAC covers the row and the MAC before it, so no row can be changed, dropped or slipped in. */
export interface AuditLog {
  /** Inside the transaction that does what the entry tells of: both or neither. */
  append(transaction: Db, atMs: number, entry: NewAuditEntry): Promise<void>
  /** Several at once, in their order: the end of the chain is looked up only once. */
  appendAll(transaction: Db, atMs: number, entries: readonly NewAuditEntry[]): Promise<void>
  /**
   * Cuts rows off the beginning that are older than `beforeMs`, at most `limit` of them and never the last of the log. A sealed
   * checkpoint takes their place, from which the chain goes on. Throws `log-broken` where they are not as they were written: what is
   * evidence stays. Returns the last of them and how many
   * there were, or null where there was none.
   */
  cut(
    transaction: Db,
    beforeMs: number,
    limit: number,
    nowMs: number
  ): Promise<(AuditHead & { atMs: number; rows: number }) | null>
  /** Newest first; of one user where asked. `beforeId` pages on. */
  list(
    db: Db,
    page: { userId?: number | undefined; beforeId?: number | undefined; limit: number }
  ): Promise<AuditEntry[]>
  /** Checks every row there is against its chain, and the end of it against a head that was kept elsewhere. Throws `cancelled`. */
  verify(db: Db, keptHead?: AuditHead, act?: Act): Promise<AuditVerification>
}

/** Before the first row there is no MAC. */
const genesis = ''

export function createAuditLog(auditKey: KeyObject): AuditLog {
  const macOf = (row: Omit<AuditRow, 'mac'>, before: string) =>
    createHmac('sha256', auditKey)
      .update(before)
      .update(JSON.stringify([row.id, row.at_ms, row.actor, row.kind, row.user_id, row.username, row.detail]))
      .digest('base64url')
  const sealOf = ({ row_id, row_mac, row_at_ms, cut_at_ms }: Omit<CheckpointRow, 'id' | 'seal'>) =>
    createHmac('sha256', auditKey)
      .update('checkpoint')
      .update(JSON.stringify([row_id, row_mac, row_at_ms, cut_at_ms]))
      .digest('base64url')
  const sealedCheckpoint = (row: CheckpointRow | undefined): AuditVerification['checkpoint'] =>
    row && sealOf(row) === row.seal
      ? { id: row.row_id, mac: row.row_mac, atMs: row.row_at_ms, cutAtMs: row.cut_at_ms }
      : null
  const appendAll: AuditLog['appendAll'] = async (transaction, atMs, entries) => {
    let last = await lastAuditRow(transaction)
    for (const entry of entries) {
      const row = {
        id: (last?.id ?? 0) + 1,
        at_ms: atMs,
        // Half a character comes back from the database as another text than the MAC was made of.
        actor: entry.actor.toWellFormed(),
        kind: entry.kind,
        user_id: entry.user?.id ?? null,
        username: (entry.user?.username ?? entry.username ?? '').toWellFormed(),
        detail: JSON.stringify(entry.detail ?? {})
      }
      const mac = macOf(row, last?.mac ?? genesis)
      await insertAuditRow(transaction, { ...row, mac })
      if (!entry.user && listingKinds.includes(entry.kind)) {
        const listed = listedUsers(entry.detail ?? {})
        if (listed.length > 0) await indexListedUsers(transaction, row.id, listed)
      }
      last = { id: row.id, mac }
    }
  }
  return {
    append: (transaction, atMs, entry) => appendAll(transaction, atMs, [entry]),
    appendAll,
    async cut(transaction, beforeMs, limit, nowMs) {
      const newest = await lastAuditRow(transaction)
      const rows = await readAuditRows(transaction, Number.NEGATIVE_INFINITY, limit)
      const firstKept = rows.findIndex(({ id, at_ms }) => at_ms >= beforeMs || id >= (newest?.id ?? 0))
      const going = firstKept === -1 ? rows : rows.slice(0, firstKept)
      const last = going.at(-1)
      if (!last) return null
      const before = sealedCheckpoint(await findCheckpoint(transaction))
      let expectedId = (before?.id ?? 0) + 1
      let macBefore = before?.mac ?? genesis
      for (const row of going) {
        if (row.id !== expectedId++ || macOf(row, macBefore) !== row.mac) {
          throw new AppError('log-broken', `Row ${row.id} of the log is not as it was written, so nothing was cut off.`)
        }
        macBefore = row.mac
      }
      const seen = { row_id: last.id, row_mac: last.mac, row_at_ms: last.at_ms, cut_at_ms: nowMs }
      await writeCheckpoint(transaction, { id: 1, ...seen, seal: sealOf(seen) })
      await deleteAuditRows(transaction, last.id)
      return { id: last.id, mac: last.mac, atMs: last.at_ms, rows: going.length }
    },
    async list(db, page) {
      const rows = await listAuditRows(db, page)
      return rows.map(rowToEntry)
    },
    async verify(db, keptHead, act = { actor: '' }) {
      const total = await countAuditRows(db)
      const stored = await findCheckpoint(db)
      const checkpoint = sealedCheckpoint(stored)
      let head: AuditVerification['head'] = null
      // A checkpoint that somebody without the key wrote stands for nothing: the chain has to begin with the first row.
      let brokenRow: number | null = stored && !checkpoint ? 1 : null
      let kept = compareWithCheckpoint(keptHead, checkpoint)
      let expectedId = (checkpoint?.id ?? 0) + 1
      let macBefore = checkpoint?.mac ?? genesis
      // From the very first: a row slipped in below 1 would be shown as well.
      let afterId = Number.NEGATIVE_INFINITY
      while (brokenRow === null) {
        const rows = await readAuditRows(db, afterId, readRows)
        if (rows.length === 0) break
        for (const row of rows) {
          if (row.id !== expectedId || macOf(row, macBefore) !== row.mac) {
            brokenRow = Math.min(row.id, expectedId)
            break
          }
          head = { id: row.id, mac: row.mac, atMs: row.at_ms }
          macBefore = row.mac
          if (row.id === keptHead?.id) kept = row.mac === keptHead.mac ? 'fits' : 'differs'
          afterId = expectedId++
        }
        act.onProgress?.(Math.min(expectedId - 1 - (checkpoint?.id ?? 0), total), total)
        if (await breathe(act)) throw new AppError('cancelled', 'Verifying was stopped.')
      }
      // Rows that follow the last one cannot be missed by the chain alone.
      if (brokenRow === null && kept === 'missing') brokenRow = expectedId
      // The last row is never cut off.
      if (brokenRow === null && checkpoint && !head) brokenRow = expectedId
      if (brokenRow === null && kept === 'differs') brokenRow = keptHead?.id ?? null
      return { rows: total, brokenRow, head, checkpoint, keptHead: kept }
    }
  }
}

const readRows = 500

/** What can be said of a kept head before any row has been looked at. */
function compareWithCheckpoint(
  keptHead: AuditHead | undefined,
  checkpoint: AuditHead | null
): AuditVerification['keptHead'] {
  if (!keptHead) return 'none'
  if (!checkpoint || keptHead.id > checkpoint.id) return 'missing'
  if (keptHead.id < checkpoint.id) return 'cut'
  return keptHead.mac === checkpoint.mac ? 'fits' : 'differs'
}

export function rowToEntry(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    atMs: row.at_ms,
    actor: row.actor,
    kind: row.kind as AuditKind,
    username: row.username,
    detail: readDetail(row.detail)
  }
}

/** Also what somebody else wrote there must be shown: it is what a check of the log is about. */
function readDetail(text: string): Record<string, unknown> {
  try {
    const detail: unknown = JSON.parse(text)
    if (typeof detail === 'object' && detail !== null && !Array.isArray(detail)) return { ...detail }
  } catch {
    // Falls through: no detail that this program wrote.
  }
  return { unreadable: text }
}

/** Where an entry that speaks of many lists their names. */
export const listMembers = ['users', 'added', 'updated'] as const

function listedUsers(detail: Record<string, unknown>): string[] {
  return listMembers.flatMap((member) => {
    const listed = detail[member]
    return Array.isArray(listed) ? listed.filter((name) => typeof name === 'string') : []
  })
}

/** One audit row may speak for a chunk: it then lists its users. */
export function usersDetail(rows: { username: string }[]): Record<string, unknown> {
  return rows.length === 1 ? {} : { users: rows.map(({ username }) => username) }
}
