import type { Uptime } from '../system/clock.ts'

/** What a data folder knows of the time. */
export interface TimeState {
  /** The latest time seen. */
  latestMs: number
  /** By how much the time runs ahead of the clock. */
  offsetMs: number
  /** The same when this start of the machine was first seen. */
  baseOffsetMs: number
  /** Since when, by the clock, it runs noticeably ahead. */
  aheadSinceMs: number | null
  machine: string | null
  /** When that machine was started: its uptime counts on from there. */
  startedAtMs: number
}

/** What the machine says at one moment. */
export interface Reading {
  clockMs: number
  uptime: Uptime | null
}

/** A clock that is a little behind corrects itself unseen. */
export const noticedMs = 60_000

/** Uptimes are counted in steps of some milliseconds, and a difference of less is none. */
export const uptimeGrainMs = 100
/** Within one start of a machine its uptime leads to the latest time seen, or beyond. */
const sameStartMs = 1000

/**
 * The folder's time at a reading, and what is then known. In doubt it is the later time, so that no code lives longer than it may:
 *
 * - It never runs back, and never slower than the machine's uptime, whatever is done to the clock.
 * - Where the clock is behind, the difference is added from then on, also after a restart, of which nobody knows how long it took.
 * - A clock that steps forward may have been behind while the machine was held still, so the time goes forward with it; unless it
 *   comes back to where it was before it fell behind since the machine was started, in sight of a program that ran all the while
 *   (`before` is that program's last reading). That is a clock that starts wrong and is then corrected.
 */
export function advanceTime(
  state: TimeState,
  reading: Reading,
  before: Reading | null
): { nowMs: number; state: TimeState } {
  const { clockMs, uptime } = reading
  const isSameStart = uptime !== null && isOfStart(state, uptime)
  const leastMs = isSameStart ? Math.max(state.latestMs, state.startedAtMs + uptime.ms) : state.latestMs
  const baseOffsetMs = isSameStart || uptime === null ? state.baseOffsetMs : state.offsetMs
  const isBack = hasSteppedForward(reading, before) && clockMs + baseOffsetMs >= leastMs - uptimeGrainMs
  const countedOffsetMs = isBack ? baseOffsetMs : state.offsetMs
  const behindMs = leastMs - (clockMs + countedOffsetMs)
  const offsetMs = behindMs > uptimeGrainMs ? leastMs - clockMs : countedOffsetMs
  const nowMs = Math.max(leastMs, clockMs + offsetMs)
  return {
    nowMs,
    state: {
      latestMs: nowMs,
      offsetMs,
      baseOffsetMs,
      aheadSinceMs: offsetMs < noticedMs ? null : (state.aheadSinceMs ?? clockMs),
      machine: uptime === null ? state.machine : uptime.machine,
      startedAtMs: uptime === null ? state.startedAtMs : nowMs - uptime.ms
    }
  }
}

function isOfStart({ machine, startedAtMs, latestMs }: TimeState, uptime: Uptime): boolean {
  return machine === uptime.machine && startedAtMs + uptime.ms >= latestMs - sameStartMs
}

/** Whether the clock went forward by more than time went by. */
function hasSteppedForward({ clockMs, uptime }: Reading, before: Reading | null): boolean {
  if (!before?.uptime || uptime?.machine !== before.uptime.machine) return false
  return clockMs - before.clockMs - (uptime.ms - before.uptime.ms) > uptimeGrainMs
}

/** What is known once the clock is taken at its word. */
export function timeOfClock({ clockMs, uptime }: Reading): TimeState {
  return {
    latestMs: clockMs,
    offsetMs: 0,
    baseOffsetMs: 0,
    aheadSinceMs: null,
    machine: uptime?.machine ?? null,
    startedAtMs: uptime ? clockMs - uptime.ms : 0
  }
}
