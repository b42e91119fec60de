import { parseDuration } from '../../shared/duration.ts'
import type { AuditHead } from '../../shared/backup.ts'
import { breathe, chunkRows, type Act } from '../act.ts'
import type { Db } from '../database/schema.ts'
import type { Timekeeper } from '../database/timekeeper.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import type { AuditLog } from './audit-log.ts'

export interface RetentionParts {
  db: Db
  time: Timekeeper
  settings: SettingsService
  audit: AuditLog
}

/**
 * Cuts off what is older than policy keeps, some rows at a time, each with its checkpoint in one transaction, and says so in the
 * log itself. Returns how many rows went. Whatever interrupts it, the log stays whole from its checkpoint on.
 */
export async function cutOldEntries({ db, time, settings, audit }: RetentionParts, act: Act): Promise<number> {
  const keepMs = parseDuration((await settings.read())['policy.log.keep'])
  if (keepMs === null) return 0
  let rows = 0
  let last: (AuditHead & { atMs: number }) | null = null
  for (;;) {
    const chunk = await db.transaction().execute(async (transaction) => {
      const nowMs = await time.nowMs(transaction)
      return audit.cut(transaction, nowMs - keepMs, chunkRows, nowMs)
    })
    rows += chunk?.rows ?? 0
    last = chunk ?? last
    const isStopped = await breathe(act)
    if (isStopped || !chunk || chunk.rows < chunkRows) break
  }
  if (!last) return 0
  const detail = { rows, until: { row: last.id, mac: last.mac, atMs: last.atMs } }
  await db.transaction().execute(async (transaction) => {
    await audit.append(transaction, await time.nowMs(transaction), { actor: act.actor, kind: 'log.cut', detail })
  })
  return rows
}
