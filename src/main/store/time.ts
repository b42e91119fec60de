import type { Clock } from '../system/clock.ts'
import { advanceTime, timeOfClock, uptimeGrainMs, type Reading, type TimeState } from './advance-time.ts'
import { runFixed } from './fixed-statement.ts'
import type { Db } from './schema.ts'

/** What is stored follows the time at this grain, so that not every transaction writes it. */
const grainMs = 1000

/** The time beside the clock. */
export interface TimeLook {
  nowMs: number
  clockMs: number
  /** By how much the time runs ahead of the clock. */
  aheadMs: number
  /** Since when it noticeably does, by the clock; null when it does not. */
  sinceMs: number | null
}

/** The time as this data folder knows it: the clock's, and later where it was later before (see `advanceTime`). */
export interface Timekeeper {
  /** Inside a write transaction: reads the time and remembers it. */
  nowMs(transaction: Db): Promise<number>
  /** For reading alone: remembers nothing. */
  peekMs(db: Db): Promise<number>
  look(db: Db): Promise<TimeLook>
  /** The time as last read here, gone on since then; what other programs have stored meanwhile it does not know. */
  guessMs(): number
  /** Remembers the time though nothing happens: what ended meanwhile has ended, also once the clock is set back. */
  remember(db: Db): Promise<void>
  /** As `remember`, where another program could not tell from what is stored how time goes on. */
  settle(db: Db): Promise<void>
  /** Inside a write transaction: takes the clock at its word from now on. What was to end by the earlier time is the caller's. */
  setRight(transaction: Db): Promise<{ fromMs: number; toMs: number }>
}

export function createTimekeeper(clock: Clock): Timekeeper {
  let before: Reading | null = null
  /** What was found last, stored or not; it holds while the row is the one that it was found with and the uptime tells more. */
  let found: { row: TimeState; state: TimeState } | null = null

  const read = (): Reading => ({ clockMs: clock.nowMs(), uptime: clock.uptime?.() ?? null })
  const advance = async (db: Db) => {
    const row = await readState(db)
    const reading = read()
    const known = reading.uptime && found && isSame(found.row, row) ? found.state : row
    const { nowMs, state } = advanceTime(known, reading, before)
    before = reading
    found = { row, state }
    return { nowMs, reading, row, state }
  }
  const nowMs = async (transaction: Db) => {
    const advanced = await advance(transaction)
    const { row, state } = advanced
    if (isUnsettled(row, state) || state.latestMs >= row.latestMs + grainMs) await writeState(transaction, state)
    return advanced.nowMs
  }
  return {
    nowMs,
    peekMs: async (db) => (await advance(db)).nowMs,
    async look(db) {
      const { nowMs: now, reading, state } = await advance(db)
      return { nowMs: now, clockMs: reading.clockMs, aheadMs: now - reading.clockMs, sinceMs: state.aheadSinceMs }
    },
    guessMs: () => (found ? advanceTime(found.state, read(), before).nowMs : clock.nowMs()),
    async remember(db) {
      await db.transaction().execute(nowMs)
    },
    async settle(db) {
      const { row, state } = await advance(db)
      if (isUnsettled(row, state)) await db.transaction().execute(nowMs)
    },
    async setRight(transaction) {
      const { nowMs: fromMs, reading } = await advance(transaction)
      await writeState(transaction, timeOfClock(reading))
      return { fromMs, toMs: reading.clockMs }
    }
  }
}

/** Whether another program would take the time for earlier. */
function isUnsettled(row: TimeState, state: TimeState): boolean {
  return (
    row.offsetMs !== state.offsetMs ||
    row.machine !== state.machine ||
    row.baseOffsetMs !== state.baseOffsetMs ||
    state.startedAtMs - row.startedAtMs > uptimeGrainMs
  )
}

function isSame(one: TimeState, other: TimeState): boolean {
  return (
    one.latestMs === other.latestMs &&
    one.offsetMs === other.offsetMs &&
    one.baseOffsetMs === other.baseOffsetMs &&
    one.machine === other.machine &&
    one.startedAtMs === other.startedAtMs
  )
}

interface StoredTime {
  high_water_ms: number
  offset_ms: number
  base_offset_ms: number
  ahead_since_ms: number | null
  machine: string | null
  started_at_ms: number
}

async function readState(db: Db): Promise<TimeState> {
  const [row] = await runFixed<StoredTime>(
    db,
    'select high_water_ms, offset_ms, base_offset_ms, ahead_since_ms, machine, started_at_ms from server_state',
    []
  )
  return {
    latestMs: row?.high_water_ms ?? 0,
    offsetMs: row?.offset_ms ?? 0,
    baseOffsetMs: row?.base_offset_ms ?? 0,
    aheadSinceMs: row?.ahead_since_ms ?? null,
    machine: row?.machine ?? null,
    startedAtMs: row?.started_at_ms ?? 0
  }
}

async function writeState(transaction: Db, state: TimeState): Promise<void> {
  await transaction
    .updateTable('server_state')
    .set({
      high_water_ms: state.latestMs,
      offset_ms: state.offsetMs,
      base_offset_ms: state.baseOffsetMs,
      ahead_since_ms: state.aheadSinceMs,
      machine: state.machine,
      started_at_ms: state.startedAtMs
    })
    .execute()
}
