import type { UserSelection } from '../../shared/user.ts'
import type { Act } from '../system/operation.ts'
import type { AuditLog } from '../store/audit-chain.ts'
import { byteOrderMark, formatCsvLine } from '../system/csv-line.ts'
import type { Db } from '../store/schema.ts'
import type { Timekeeper } from '../store/time.ts'
import { listGroupRows } from '../groups/group-store.ts'
import { forWholeSelection } from './selection.ts'

/** Those that an import reads come first; it passes over the others. */
const header = ['username', 'name', 'email', 'group', 'phone', 'disabled', 'app', 'code', 'code ends', 'app set up']

export interface ExportService {
  /** CSV in UTF-8 of the selected users. Throws `cancelled`. */
  export(selection: UserSelection, act: Act): Promise<{ content: Uint8Array; users: number }>
}

export function createExportService(db: Db, time: Timekeeper, audit: AuditLog): ExportService {
  return {
    async export(selection, act) {
      const groups = new Map((await listGroupRows(db)).map(({ id, name }) => [id, name]))
      const nowMs = await time.peekMs(db)
      const pieces = [Buffer.from(byteOrderMark + formatCsvLine(header))]
      let users = 0
      await forWholeSelection(db, selection, nowMs, act, (rows) => {
        const lines = rows.map((row) => {
          const isPast = row.code_state === 'live' && (row.code_expires_at_ms ?? 0) <= nowMs
          return formatCsvLine([
            row.username,
            row.name,
            row.email,
            groups.get(row.group_id) ?? '',
            row.phone,
            row.disabled === 1 ? 'yes' : 'no',
            row.app_state,
            isPast ? 'expired' : row.code_state,
            timeText(row.code_expires_at_ms),
            timeText(row.provisioned_at_ms)
          ])
        })
        pieces.push(Buffer.from(lines.join('')))
        users += rows.length
      })
      const content = new Uint8Array(Buffer.concat(pieces))
      await db.transaction().execute(async (transaction) => {
        const detail = { users, bytes: content.length }
        await audit.append(transaction, await time.nowMs(transaction), {
          actor: act.actor,
          kind: 'users.exported',
          detail
        })
      })
      return { content, users }
    }
  }
}

function timeText(atMs: number | null): string {
  return atMs === null ? '' : new Date(atMs).toISOString()
}
