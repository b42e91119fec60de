import type { AuditEntry, AuditFilter, AuditVerification } from '../../shared/audit.ts'
import type { AuditHead } from '../../shared/backup.ts'
import { AppError } from '../../shared/errors.ts'
import { breathe, stoppedByCaller, type Act } from '../system/operation.ts'
import { byteOrderMark, formatCsvLine } from '../system/csv-line.ts'
import type { Db } from '../store/schema.ts'
import type { Timekeeper } from '../store/time.ts'
import { foldCase } from '../system/fold-case.ts'
import { findUserByKey } from '../users/user-store.ts'
import { rowToEntry, type AuditLog } from '../store/audit-chain.ts'
import {
  findMatchingRows,
  firstAuditId,
  firstIdSince,
  lastAuditRow,
  lastIdUntil,
  type RowCondition
} from './audit-store.ts'

/** Rows looked through in one go: some milliseconds' worth, whatever is looked for. */
const windowRows = 2000
/** Windows looked through for one page, so that a rare find is no long wait. */
const windowsPerPage = 25
const exportRows = 500

export interface LogService {
  /**
   * Newest first, before the row `beforeId`. `next` is where to go on, null when all has been looked through; a rare find may
   * give fewer entries than asked for, and still a `next`.
   */
  list(page: {
    filter: AuditFilter
    beforeId?: number | undefined
    limit: number
  }): Promise<{ entries: AuditEntry[]; next: number | null }>
  /** Everything that matches, newest first. Throws `cancelled`. */
  export(filter: AuditFilter, format: 'csv' | 'json', act: Act): Promise<{ content: Uint8Array; entries: number }>
  /** Throws `cancelled`. */
  verify(keptHead: AuditHead | undefined, act: Act): Promise<AuditVerification>
}

export interface LogParts {
  db: Db
  reads: Db
  time: Timekeeper
  audit: AuditLog
}

export function createLogService({ db, reads, time, audit }: LogParts): LogService {
  const list: LogService['list'] = async ({ filter, beforeId, limit }) => {
    const condition = await conditionOf(db, filter)
    const newest = (await lastAuditRow(db))?.id ?? 0
    const lastId = filter.untilMs === undefined ? newest : await lastIdUntil(db, filter.untilMs, newest)
    const firstId =
      filter.sinceMs === undefined ? await firstAuditId(db) : await firstIdSince(db, filter.sinceMs, newest)
    const entries: AuditEntry[] = []
    let before = Math.min(beforeId ?? Number.MAX_SAFE_INTEGER, lastId + 1)
    for (let window = 0; window < windowsPerPage && before > firstId && entries.length < limit; window++) {
      const from = Math.max(firstId, before - windowRows)
      const rows = await findMatchingRows(reads, condition, { from, before }, limit - entries.length)
      entries.push(...rows.map(rowToEntry))
      const last = entries.at(-1)
      before = entries.length === limit && last ? last.id : from
      await new Promise((resolve) => setImmediate(resolve))
    }
    return { entries, next: before > firstId ? before : null }
  }
  return {
    list,
    async export(filter, format, act) {
      const newest = (await lastAuditRow(db))?.id ?? 0
      const pieces: Buffer[] = []
      const add = (text: string) => pieces.push(Buffer.from(text))
      if (format === 'csv') add(byteOrderMark + formatCsvLine(['row', 'time', 'actor', 'kind', 'username', 'detail']))
      let entries = 0
      let beforeId: number | null = newest + 1
      while (beforeId !== null) {
        const page: { entries: AuditEntry[]; next: number | null } = await list({ filter, beforeId, limit: exportRows })
        for (const entry of page.entries) {
          if (format === 'csv') add(csvLine(entry))
          else add(`${entries === 0 ? '[\n' : ',\n'}${jsonLine(entry)}`)
          entries += 1
        }
        beforeId = page.next
        act.onProgress?.(newest - (beforeId ?? 0), newest)
        if ((await breathe(act)) && beforeId !== null) {
          throw new AppError('cancelled', `The export stopped: ${stoppedByCaller}. Nothing was written.`)
        }
      }
      if (format === 'json') add(entries === 0 ? '[]\n' : '\n]\n')
      await db.transaction().execute(async (transaction) => {
        const detail = { entries, format }
        await audit.append(transaction, await time.nowMs(transaction), {
          actor: act.actor,
          kind: 'log.exported',
          detail
        })
      })
      return { content: new Uint8Array(Buffer.concat(pieces)), entries }
    },
    verify: (keptHead, act) => audit.verify(db, keptHead, act)
  }
}

/** The user's own entries and those that list it among others; by the name alone where there is no such user (any more). */
async function conditionOf(db: Db, filter: AuditFilter): Promise<RowCondition> {
  const { user: name, ...rest } = filter
  if (name === undefined) return rest
  const user = await findUserByKey(db, foldCase(name.normalize('NFC').trim()))
  return { ...rest, user: { id: user?.id ?? null, username: user?.username ?? name.trim() } }
}

function csvLine({ id, atMs, actor, kind, username, detail }: AuditEntry): string {
  return formatCsvLine([String(id), new Date(atMs).toISOString(), actor, kind, username, JSON.stringify(detail)])
}

function jsonLine({ id, atMs, actor, kind, username, detail }: AuditEntry): string {
  return JSON.stringify({ row: id, at: new Date(atMs).toISOString(), actor, kind, username, detail })
}
