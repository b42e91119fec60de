import { codeDays, type StatusFigures } from '../../shared/status.ts'
import type { PortalRunner } from '../portal/portal-runner.ts'
import type { StatusParts } from './status-service.ts'
import { countCodeDays, lastLandmark, type Landmark } from './status-store.ts'

const hourMs = 3_600_000

export async function readFigures(
  { db, reads, clock, time }: StatusParts,
  portal: Pick<PortalRunner, 'requestsSince'>
): Promise<StatusFigures> {
  const nowMs = await time.peekMs(db)
  const days = daysUntil(nowMs, codeDays)
  const backup = await lastLandmark(reads, 'backup.created')
  // The portal counts by the machine's own clock.
  const midnightMs = startOfDay(clock.nowMs(), 0)
  const startedMs = clock.nowMs() - process.uptime() * 1000
  return {
    days: await countCodeDays(reads, days, nowMs),
    requests: {
      today: portal.requestsSince(midnightMs),
      lastHour: portal.requestsSince(clock.nowMs() - hourMs),
      sinceMs: startedMs > midnightMs ? startedMs : null
    },
    lastBackup: backup && backupOf(backup)
  }
}

/** The last days of this machine's time zone, today last; a day may have 23 or 25 hours. */
export function daysUntil(nowMs: number, count: number): { startMs: number; endMs: number }[] {
  return Array.from({ length: count }, (_, index) => {
    const daysAgo = count - 1 - index
    return { startMs: startOfDay(nowMs, daysAgo), endMs: startOfDay(nowMs, daysAgo - 1) }
  })
}

function startOfDay(nowMs: number, daysAgo: number): number {
  const day = new Date(nowMs)
  day.setHours(0, 0, 0, 0)
  day.setDate(day.getDate() - daysAgo)
  return day.getTime()
}

function backupOf({ atMs, actor, detail }: Landmark): StatusFigures['lastBackup'] {
  const { file, bytes, users } = detail
  return {
    atMs,
    actor,
    bytes: typeof bytes === 'number' ? bytes : 0,
    users: typeof users === 'number' ? users : 0,
    file: typeof file === 'string' ? file : null
  }
}
