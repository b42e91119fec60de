import { createHmac, type KeyObject } from 'node:crypto'
import type { AuditEntry, AuditKind, AuditVerification } from '../../shared/audit.ts'
import type { AuditHead } from '../../shared/backup.ts'
import { AppError } from '../../shared/errors.ts'
import { breathe, type Act } from '../act.ts'
import type { Db } from '../database/schema.ts'
import {
  countAuditRows,
  insertAuditRow,
  lastAuditRow,
  listAuditRows,
  readAuditRows,
  type AuditRow
} from './audit-store.ts'

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
  /** Newest first; of one user where asked. `beforeId` pages on. */
  list(
    db: Db,
    page: { userId?: number | undefined; beforeId?: number | undefined; limit: number }
  ): Promise<AuditEntry[]>
  /** Checks every row against its chain, and the end of it against a head that was kept elsewhere. Throws `cancelled`. */
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
      last = { id: row.id, mac }
    }
  }
  return {
    append: (transaction, atMs, entry) => appendAll(transaction, atMs, [entry]),
    appendAll,
    async list(db, page) {
      const rows = await listAuditRows(db, page)
      return rows.map(rowToEntry)
    },
    async verify(db, keptHead, act = { actor: '' }) {
      const total = await countAuditRows(db)
      let head: AuditVerification['head'] = null
      let brokenRow: number | null = null
      let kept: AuditVerification['keptHead'] = keptHead ? 'missing' : 'none'
      let expectedId = 1
      // From the very first: a row slipped in below 1 would be shown as well.
      let afterId = Number.NEGATIVE_INFINITY
      while (brokenRow === null) {
        const rows = await readAuditRows(db, afterId, readRows)
        if (rows.length === 0) break
        for (const row of rows) {
          if (row.id !== expectedId || macOf(row, head?.mac ?? genesis) !== row.mac) {
            brokenRow = Math.min(row.id, expectedId)
            break
          }
          head = { id: row.id, mac: row.mac, atMs: row.at_ms }
          if (row.id === keptHead?.id) kept = row.mac === keptHead.mac ? 'fits' : 'differs'
          afterId = expectedId++
        }
        act.onProgress?.(Math.min(expectedId - 1, total), total)
        if (await breathe(act)) throw new AppError('cancelled', 'Verifying was stopped.')
      }
      // Rows that follow the last one cannot be missed by the chain alone.
      if (brokenRow === null && kept === 'missing') brokenRow = expectedId
      if (brokenRow === null && kept === 'differs') brokenRow = keptHead?.id ?? null
      return { rows: total, brokenRow, head, keptHead: kept }
    }
  }
}

const readRows = 500

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

/** One audit row may speak for a chunk: it then lists its users. */
export function usersDetail(rows: { username: string }[]): Record<string, unknown> {
  return rows.length === 1 ? {} : { users: rows.map(({ username }) => username) }
}
