import type { Cause } from '../../shared/diagnostics.ts'
import type { Clock } from '../clock.ts'
import type { Db } from '../database/schema.ts'
import type { Timekeeper } from '../database/timekeeper.ts'

export interface ClockCheckParts {
  db: Db
  clock: Clock
  time: Timekeeper
}

/** A clock that is off by less does no harm: codes live at least for minutes. */
const harmlessClockMs = 300_000

/** Why codes end at the wrong time. `dateMs` is what the public address takes for now, null where it does not say. */
export async function clockCauses({ db, clock, time }: ClockCheckParts, dateMs: number | null): Promise<Cause[]> {
  const ownMs = clock.nowMs()
  const seenMs = await time.peekMs(db)
  const causes: Cause[] = []
  const cure = { kind: 'elsewhere', command: null } as const
  if (seenMs - ownMs > harmlessClockMs) {
    causes.push({
      id: 'clock-wrong',
      weight: 'fault',
      sentence: `The clock of this machine is ${span(seenMs - ownMs)} behind the latest time that the data folder has seen, and codes end by that time. Set the clock right, and issue new codes once it has caught up.`,
      evidence: [`The clock says ${utc(ownMs)}; the folder has seen ${utc(seenMs)}.`],
      cure
    })
  }
  if (dateMs !== null && Math.abs(dateMs - ownMs) > harmlessClockMs) {
    const direction = ownMs > dateMs ? 'ahead of' : 'behind'
    causes.push({
      id: 'clock-wrong',
      weight: 'fault',
      sentence: `The clock of this machine is ${span(Math.abs(dateMs - ownMs))} ${direction} that of the public address, so codes end at the wrong time. Set the clock right, then issue new codes.`,
      evidence: [`The clock here says ${utc(ownMs)}; the public address says ${utc(dateMs)}.`],
      cure
    })
  }
  return causes.slice(0, 1)
}

export function utc(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function span(ms: number): string {
  const hours = ms / 3_600_000
  if (hours >= 48) return `${Math.round(hours / 24)} days`
  return hours >= 2 ? `${Math.round(hours)} h` : `${Math.round(ms / 60_000)} min`
}
