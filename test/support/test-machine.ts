import type { Uptime } from '../../src/main/system/clock.ts'
import { testStartMs, type TestClock } from './console.ts'

/** A machine on which time elapses, and whose clock shows what it is set to. */
export interface TestMachine extends TestClock {
  uptime(): Uptime
  /** Time goes by, and the clock goes with it. */
  elapse(byMs: number): void
  /** Sets the clock forward or back while no time goes by. */
  step(byMs: number): void
  /** Starts the machine anew after a while, in which the clock goes on. */
  reboot(offMs: number): void
  /** What a clock that nobody touched would show. */
  trueMs(): number
}

export function createTestMachine(): TestMachine {
  let trueMs = testStartMs
  let skewMs = 0
  let startedAtMs = testStartMs - 3_600_000
  let machine = 'one'
  const elapse = (byMs: number) => void (trueMs += byMs)
  return {
    nowMs: () => trueMs + skewMs,
    uptime: () => ({ machine, ms: trueMs - startedAtMs }),
    elapse,
    advance: elapse,
    step: (byMs) => void (skewMs += byMs),
    set: (toMs) => void (skewMs = toMs - trueMs),
    reboot(offMs) {
      trueMs += offMs
      startedAtMs = trueMs
      machine += "'"
    },
    trueMs: () => trueMs
  }
}
