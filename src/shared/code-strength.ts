import type { codeAlphabets } from './settings.ts'

export type CodeAlphabet = (typeof codeAlphabets)[number]

/**
 * Crockford's base32 leaves out I, L, O and U; `alphanumeric` keeps U. None has both a letter and the digit that it is
 * taken for, because typing is normalised the same way for all of them.
 */
export const codeSymbols: Record<CodeAlphabet, string> = {
  base32: '0123456789ABCDEFGHJKMNPQRSTVWXYZ',
  digits: '0123456789',
  alphanumeric: '0123456789ABCDEFGHJKMNPQRSTUVWXYZ'
}

/** Below this a code is within reach of somebody patient. */
export const leastSafeBits = 40

/** Bits of a code: what a guesser has to guess. */
export function codeBits(alphabet: CodeAlphabet, length: number): number {
  return length * Math.log2(codeSymbols[alphabet].length)
}

/** How many codes there are for each that a guesser may try: one chance in so many. */
export function oddsAgainst(alphabet: CodeAlphabet, length: number, tries: number): number {
  return Math.max(1, codeSymbols[alphabet].length ** length / tries)
}

export interface GuessPolicy {
  wrongAttempts: number
  firstLockMs: number
  longestLockMs: number
  /** So many wrong attempts end the code; null where they do not. */
  endAfter: number | null
}

/** From so many networks within an hour a name is guessed at until all of them have to wait. */
export const maxGuessingNetworks = 50
export const nameWindowMs = 3_600_000

const dayMs = 86_400_000

/** How often one network can try a code in vain while it lives, if it never rests: each lock is twice the one before. */
export function mostTries(lifeMs: number, policy: GuessPolicy): number {
  return Math.min(locksWithin(lifeMs, policy) * policy.wrongAttempts, policy.endAfter ?? Infinity)
}

/**
 * No more than this can somebody with so many networks try a code in vain while it lives. A network that has not guessed gets
 * one try a day whatever others did; the rest is what fits between the waits that the name itself imposes.
 */
export function mostTriesOfNetworks(lifeMs: number, networks: number, policy: GuessPolicy): number {
  const each = locksWithin(lifeMs, policy) * policy.wrongAttempts
  const windows = locksWithin(lifeMs, policy) + Math.ceil(lifeMs / nameWindowMs) + 1
  const inWindow = maxGuessingNetworks * locksWithin(nameWindowMs, policy) * policy.wrongAttempts
  const fresh = networks * Math.ceil(Math.max(lifeMs, 1) / dayMs)
  return Math.min(networks * each, fresh + windows * inWindow, policy.endAfter ?? Infinity)
}

/** Into how many runs of guesses the waits divide this time. */
function locksWithin(lifeMs: number, { firstLockMs, longestLockMs }: GuessPolicy): number {
  let rounds = 1
  let lockMs = Math.min(firstLockMs, longestLockMs)
  let restMs = lifeMs - lockMs
  while (restMs > 0 && lockMs < longestLockMs) {
    rounds += 1
    lockMs = Math.min(lockMs * 2, longestLockMs)
    restMs -= lockMs
  }
  if (restMs > 0) rounds += Math.ceil(restMs / longestLockMs)
  return rounds
}
