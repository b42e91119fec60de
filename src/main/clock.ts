import { randomBytes, randomFillSync, randomInt } from 'node:crypto'

/** Milliseconds since the epoch; injected so that tests own the time. */
export interface Clock {
  nowMs(): number
}

export const systemClock: Clock = { nowMs: () => Date.now() }

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
