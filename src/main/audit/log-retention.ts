import { parseDuration } from '../../shared/duration.ts'
import type { AuditHead } from '../../shared/backup.ts'
import { breathe, chunkRows, type Act } from '../system/operation.ts'
import { noticedMs } from '../store/advance-time.ts'
import type { Db } from '../store/schema.ts'
import type { Timekeeper } from '../store/time.ts'
import type { Log } from '../system/log.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import type { AuditLog } from '../store/audit-chain.ts'
import { firstAuditId, firstIdSince, lastAuditRow, timeAt } from './audit-store.ts'

export interface RetentionParts {
  db: Db
  time: Timekeeper
  settings: SettingsService
  audit: AuditLog
}

/**
 * A stretch without entries ages those before it by this much at most. A clock that is set years ahead leaves no entries of these
 * years: what it makes look old is not.
 */
const maxQuietMs = 7 * 86_400_000

/**
 * Cuts off what is older than policy keeps, some rows at a time, each with its checkpoint in one transaction, and says so in the
 * log itself. Nothing goes while the time runs ahead of the clock. Returns how many rows went. Whatever interrupts it, the log stays whole from its checkpoint on.
 */
export async function cutOldEntries({ db, time, settings, audit }: RetentionParts, act: Act): Promise<number> {
  const keepMs = parseDuration((await settings.read())['policy.log.keep'])
  if (keepMs === null) return 0
  const { nowMs: startMs, aheadMs } = await time.look(db)
  if (aheadMs >= noticedMs) return 0
  const beforeMs = startMs - keepMs - (await quietMs(db, startMs, keepMs))
  let rows = 0
  let last: (AuditHead & { atMs: number }) | null = null
  for (;;) {
    const chunk = await db.transaction().execute(async (transaction) => {
      return audit.cut(transaction, beforeMs, chunkRows, await time.nowMs(transaction))
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

/** What longer stretches without entries come to over a week each, looking back until what is kept has gone by. */
async function quietMs(db: Db, nowMs: number, keepMs: number): Promise<number> {
  const newestId = (await lastAuditRow(db))?.id ?? 0
  const firstId = await firstAuditId(db)
  let quiet = 0
  let atMs = nowMs
  let id = newestId + 1
  while (id > firstId && nowMs - atMs - quiet < keepMs) {
    const next = Math.min(id - 1, await firstIdSince(db, atMs - maxQuietMs, newestId))
    // Where the time was set right, earlier entries have later times.
    const nextAtMs = Math.min(atMs, await timeAt(db, next))
    quiet += Math.max(0, atMs - nextAtMs - maxQuietMs)
    id = next
    atMs = nextAtMs
  }
  return quiet
}

/** How often entries are looked for that policy no longer keeps. */
const cutEveryMs = 3_600_000

/** Cuts at once and then every hour. `stop` ends a cut between two of its chunks, and waits for that. */
export function createLogCutter({ cut, log }: { cut: (signal: AbortSignal) => Promise<void>; log: Log }): {
  start(): void
  stop(): Promise<void>
} {
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()
  const run = async () => {
    try {
      await cut(stopping.signal)
    } catch (error) {
      log.warn('Old entries of the log could not be cut off.', { error })
    }
  }
  const runNext = () => {
    running = running.then(run)
  }
  return {
    start() {
      if (timer) return
      timer = setInterval(runNext, cutEveryMs).unref()
      runNext()
    },
    async stop() {
      clearInterval(timer)
      stopping.abort()
      await running
    }
  }
}
