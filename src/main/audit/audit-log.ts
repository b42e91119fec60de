import { createHmac, type KeyObject } from 'node:crypto'
import type { AuditEntry, AuditKind } from '../../shared/audit.ts'
import type { Db } from '../database/schema.ts'
import { insertAuditRow, lastAuditRow, listAuditRows, readAuditRows, type AuditRow } from './audit-store.ts'

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
  /** Newest first; of one user where asked. `beforeId` pages on. */
  list(
    db: Db,
    page: { userId?: number | undefined; beforeId?: number | undefined; limit: number }
  ): Promise<AuditEntry[]>
  /** The id of the first row that does not fit its chain, or null when all do. */
  findBrokenRow(db: Db): Promise<number | null>
}

/** Before the first row there is no MAC. */
const genesis = ''

export function createAuditLog(auditKey: KeyObject): AuditLog {
  const macOf = (row: Omit<AuditRow, 'mac'>, before: string) =>
    createHmac('sha256', auditKey)
      .update(before)
      .update(JSON.stringify([row.id, row.at_ms, row.actor, row.kind, row.user_id, row.username, row.detail]))
      .digest('base64url')
  return {
    async append(transaction, atMs, entry) {
      const last = await lastAuditRow(transaction)
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
      await insertAuditRow(transaction, { ...row, mac: macOf(row, last?.mac ?? genesis) })
    },
    async list(db, page) {
      const rows = await listAuditRows(db, page)
      return rows.map((row) => ({
        id: row.id,
        atMs: row.at_ms,
        actor: row.actor,
        kind: row.kind as AuditKind,
        username: row.username,
        detail: JSON.parse(row.detail) as Record<string, unknown>
      }))
    },
    async findBrokenRow(db) {
      let before = genesis
      let expectedId = 1
      // From the very first: a row slipped in below 1 would be shown as well.
      let afterId = Number.NEGATIVE_INFINITY
      for (;;) {
        const rows = await readAuditRows(db, afterId, 1000)
        for (const row of rows) {
          if (row.id !== expectedId || macOf(row, before) !== row.mac) return Math.min(row.id, expectedId)
          before = row.mac
          afterId = expectedId++
        }
        if (rows.length === 0) return null
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
  }
}

/** One audit row may speak for a chunk: it then lists its users. */
export function usersDetail(rows: { username: string }[]): Record<string, unknown> {
  return rows.length === 1 ? {} : { users: rows.map(({ username }) => username) }
}
