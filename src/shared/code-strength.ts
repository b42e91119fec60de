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

/** How often a code can be tried in vain while it lives, by somebody who never rests: each lock is twice the one before. */
export function mostTries(
  lifeMs: number,
  { wrongAttempts, firstLockMs, longestLockMs, endAfter }: GuessPolicy
): number {
  let rounds = 1
  let lockMs = Math.min(firstLockMs, longestLockMs)
  let restMs = lifeMs - lockMs
  while (restMs > 0 && lockMs < longestLockMs) {
    rounds += 1
    lockMs = Math.min(lockMs * 2, longestLockMs)
    restMs -= lockMs
  }
  if (restMs > 0) rounds += Math.ceil(restMs / longestLockMs)
  return Math.min(rounds * wrongAttempts, endAfter ?? Infinity)
}
