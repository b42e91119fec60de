import type { Cause } from '../../shared/diagnostics.ts'
import type { Db } from '../store/schema.ts'
import type { Timekeeper } from '../store/time.ts'

export interface ClockCheckParts {
  db: Db
  time: Timekeeper
}

/** A clock that is off by less does no harm: codes live at least for minutes. */
const harmlessClockMs = 300_000

/** Why codes end at the wrong time. `dateMs` is what the public address takes for now, null where it does not say. */
export async function clockCauses({ db, time }: ClockCheckParts, dateMs: number | null): Promise<Cause[]> {
  const { nowMs, clockMs: ownMs, aheadMs, sinceMs } = await time.look(db)
  const causes: Cause[] = []
  // First, since the time is set right by the clock.
  if (dateMs !== null && Math.abs(dateMs - ownMs) > harmlessClockMs) {
    const direction = ownMs > dateMs ? 'ahead of' : 'behind'
    causes.push({
      id: 'clock-wrong',
      weight: 'fault',
      sentence: `The clock of this machine is ${span(Math.abs(dateMs - ownMs))} ${direction} that of the public address, so codes end at the wrong time. Set the clock right, then issue new codes.`,
      evidence: [`The clock here says ${utc(ownMs)}; the public address says ${utc(dateMs)}.`],
      cure: { kind: 'elsewhere', command: null }
    })
  }
  if (aheadMs > harmlessClockMs) {
    const since = sinceMs === null ? '' : ` since ${utc(sinceMs)}`
    causes.push({
      id: 'clock-wrong',
      weight: 'fault',
      sentence: `This server’s time runs ${span(aheadMs)} ahead${since}, because its clock was ahead once. Codes are valid for as long as they should be, but a date at which they expire comes too early, and emails and the log show the wrong time. If the clock is right now, set the time right; codes and links that are out then expire.`,
      evidence: [`The clock says ${utc(ownMs)}; the server’s time is ${utc(nowMs)}.`],
      cure: { kind: 'set-time-right' }
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
