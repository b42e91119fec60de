import { maxGuessingNetworks, nameWindowMs, type GuessPolicy } from '../../shared/code-strength.ts'
import type { Db } from '../store/schema.ts'
import {
  countForName,
  countForNetwork,
  dropOldLockouts,
  findStanding,
  lockNetwork,
  slowName,
  type StandingRow
} from './lockout-store.ts'

/** How long which wrong attempts make a guesser wait; see `GuessPolicy`. */
export type LockPolicy = Omit<GuessPolicy, 'endAfter'>

/** Whose attempts for whom: an address, or an IPv6 network, and a name that a user may have or not. */
export interface Guesser {
  usernameKey: string
  networkKey: string
}

/** What was counted against a guesser before an attempt. */
export interface Standing {
  /** Has sent a wrong code for this name within a day. */
  hasGuessed: boolean
  /** Until when its attempts for this name are refused unread; 0 where they are not. */
  waitsUntilMs: number
  guessedBeforeMs: number
  /** Nobody has guessed for this name. */
  isClear: boolean
}

/** What a wrong attempt led to. */
export interface Charge {
  /** Until when the guesser waits from now on; null where it does not. */
  lockedUntilMs: number | null
  /** How many were charged for the name, over all networks. */
  wrongAttempts: number
}

/** A name, or a network for a name, that was left alone for so long starts afresh. */
const forgottenAfterMs = 24 * 3_600_000

/** Names longer than any user's are charged together: they need no row each. */
const longestKey = 200

/**
 * Strangers choose names, so they could fill the disk with them. The oldest are forgotten first; to have a guess forgotten takes
 * this many wrong attempts, each of which is written durably, so that guessing gains nothing from it.
 */
const maxKept = 2_000_000

/** Where wrong attempts for a name are counted, whether a user has it or not. */
export function lockoutKey(usernameKey: string): string {
  return usernameKey.length > longestKey ? '' : usernameKey
}

export async function readStanding(db: Db, guesser: Guesser, nowMs: number): Promise<Standing> {
  const row = await findStanding(db, guesser.usernameKey, guesser.networkKey)
  const guessedBeforeMs = row?.guessed_at_ms ?? 0
  const hasGuessed = guessedBeforeMs > 0 && guessedBeforeMs >= nowMs - forgottenAfterMs
  const waitsUntilMs = hasGuessed ? waitOf(row, nowMs) : 0
  return { hasGuessed, waitsUntilMs, guessedBeforeMs, isClear: row === undefined }
}

/** A network that has not guessed waits for nothing that others did: nobody can lock somebody else out. */
function waitOf(row: StandingRow | undefined, nowMs: number): number {
  const untilMs = Math.max(row?.locked_until_ms ?? 0, row?.slowed_until_ms ?? 0)
  return untilMs > nowMs ? untilMs : 0
}

/**
 * Charges a wrong attempt to its network and to the name. The statements are the same for a name that no user has. After every
 * `wrongAttempts` the network waits, twice as long each time; after guesses from `maxGuessingNetworks` networks within an hour
 * all that have guessed wait.
 */
export async function chargeGuess(
  db: Db,
  guesser: Guesser,
  before: Standing,
  policy: LockPolicy,
  nowMs: number
): Promise<Charge> {
  const { usernameKey, networkKey } = guesser
  const forgottenBeforeMs = nowMs - forgottenAfterMs
  if (before.guessedBeforeMs === 0) await dropOldLockouts(db, forgottenBeforeMs, maxKept)
  const ofNetwork = await countForNetwork(db, { usernameKey, networkKey, nowMs, forgottenBeforeMs })
  const ofName = await countForName(db, {
    usernameKey,
    guessedBeforeMs: before.guessedBeforeMs,
    nowMs,
    forgottenBeforeMs,
    windowOverMs: nowMs - nameWindowMs
  })
  let lockedUntilMs: number | null = null
  if (ofNetwork % policy.wrongAttempts === 0) {
    lockedUntilMs = nowMs + lockMs(policy, ofNetwork / policy.wrongAttempts - 1)
    await lockNetwork(db, usernameKey, networkKey, lockedUntilMs)
  }
  if (ofName.networks >= maxGuessingNetworks) {
    const slowedUntilMs = nowMs + lockMs(policy, ofName.locks)
    await slowName(db, usernameKey, slowedUntilMs)
    lockedUntilMs = Math.max(lockedUntilMs ?? 0, slowedUntilMs)
  }
  return { lockedUntilMs, wrongAttempts: ofName.wrong_attempts }
}

function lockMs({ firstLockMs, longestLockMs }: LockPolicy, locksBefore: number): number {
  return Math.min(longestLockMs, firstLockMs * 2 ** Math.min(locksBefore, 20))
}
