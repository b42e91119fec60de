import type { Clock } from '../clock.ts'
import { runFixed } from './fixed-statement.ts'
import type { Db } from './schema.ts'

/** The stored mark follows the clock at this grain, so that not every transaction writes it. */
const grainMs = 1000

/** The time as this data folder knows it: the later of the clock and the latest time ever seen. */
export interface Timekeeper {
  /** Inside a write transaction: reads the time and remembers it. */
  nowMs(transaction: Db): Promise<number>
  /** For reading alone: remembers nothing. */
  peekMs(db: Db): Promise<number>
  /** Remembers the time though nothing happens: what ended meanwhile has ended, also once the clock is set back. */
  remember(db: Db): Promise<void>
}

export function createTimekeeper(clock: Clock): Timekeeper {
  const highWaterMs = async (db: Db) => {
    const [row] = await runFixed<{ high_water_ms: number }>(db, 'select high_water_ms from server_state', [])
    return row?.high_water_ms ?? 0
  }
  const nowMs = async (transaction: Db) => {
    const clockMs = clock.nowMs()
    const seenMs = await highWaterMs(transaction)
    if (clockMs >= seenMs + grainMs) {
      await transaction.updateTable('server_state').set({ high_water_ms: clockMs }).execute()
    }
    return Math.max(clockMs, seenMs)
  }
  return {
    nowMs,
    async peekMs(db) {
      return Math.max(clock.nowMs(), await highWaterMs(db))
    },
    async remember(db) {
      await db.transaction().execute(nowMs)
    }
  }
}
