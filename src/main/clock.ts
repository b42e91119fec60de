import { randomBytes, randomInt } from 'node:crypto'

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

export const systemRandom: Random = { int: (limit) => randomInt(limit), bytes: (length) => randomBytes(length) }
