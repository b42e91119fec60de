import { randomBytes, randomFillSync, randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname, uptime } from 'node:os'

/** How long a machine has been running. */
export interface Uptime {
  /** Which machine: readings of two machines are never compared. */
  machine: string
  ms: number
}

/** Milliseconds since the epoch; injected so that tests own the time. */
export interface Clock {
  nowMs(): number
  /** Goes on whatever is done to the clock, also while the machine sleeps. Left out where nothing counts that. */
  uptime?(): Uptime
}

/** An oscillator that no time server corrects is off by less than one in so many, and is counted slower by that. */
const undisciplinedParts = 10_000

let machine: string | undefined

export const systemClock: Required<Clock> = {
  nowMs: () => Date.now(),
  uptime() {
    machine ??= machineName()
    // Linux' monotonic clock stands still while the machine sleeps; its uptime does not.
    if (process.platform === 'linux') return { machine, ms: Math.round(uptime() * 1000) }
    const ms = Number(process.hrtime.bigint() / 1_000_000n)
    return { machine, ms: ms - Math.ceil(ms / undisciplinedParts) }
  }
}

/** On Linux one start of its kernel. Elsewhere uptimes of several starts of a machine can be told apart only by its clock. */
function machineName(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    // Some containers show an uptime of their own.
    const isOwnUptime = readFileSync('/proc/self/mountinfo', 'utf8').includes(' /proc/uptime ')
    return isOwnUptime ? `${boot}@${hostname()}` : boot
  } catch {
    return hostname()
  }
}

/** Milliseconds that only ever grow: for what a program keeps in memory and lets end after a while. */
export function createStopwatch(clock: Clock): () => number {
  let elapsedMs = 0
  let lastMs = clock.nowMs()
  return () => {
    if (clock.uptime) return clock.uptime().ms
    const nowMs = clock.nowMs()
    elapsedMs += Math.max(0, nowMs - lastMs)
    lastMs = nowMs
    return elapsedMs
  }
}

/** Source of secrets; injected so that tests can repeat a run. */
export interface Random {
  /** Uniform whole number from 0 to below `limit`. */
  int(limit: number): number
  bytes(length: number): Buffer
}

/** Asking the system takes longer than the rest of a provision attempt's arithmetic, so it is asked for many at once. */
const pool = { bytes: Buffer.alloc(4096), used: 4096 }

function pooledBytes(length: number): Buffer {
  if (length > 64) return randomBytes(length)
  if (pool.used + length > pool.bytes.length) {
    randomFillSync(pool.bytes)
    pool.used = 0
  }
  const given = pool.bytes.subarray(pool.used, pool.used + length)
  const copy = Buffer.from(given)
  // Handed out once, and in no memory but the caller's.
  given.fill(0)
  pool.used += length
  return copy
}

export const systemRandom: Random = { int: (limit) => randomInt(limit), bytes: pooledBytes }
