import type { Db } from '../database/schema.ts'
import { deleteLockoutsBefore, type LockoutRow } from './lockout-store.ts'

export interface LockPolicy {
  /** So many lock the name. */
  wrongAttempts: number
  /** The first lock's length; each further one is twice the one before. */
  firstLockMs: number
  longestLockMs: number
}

/** A name that was left alone for so long starts afresh. */
const forgottenAfterMs = 24 * 3_600_000

/** Names longer than any user's are charged together: they need no row each. */
const longestKey = 200

/** Where wrong attempts for a name are counted, whether a user has it or not. */
export function lockoutKey(usernameKey: string): string {
  return usernameKey.length > longestKey ? '' : usernameKey
}

/** The count with one more attempt taken as wrong, and the lock it leads to; a day without attempts is forgotten. */
export function chargeAttempt(
  key: string,
  before: LockoutRow | undefined,
  { wrongAttempts, firstLockMs, longestLockMs }: LockPolicy,
  nowMs: number
): LockoutRow {
  const isFresh = !before || before.updated_at_ms < nowMs - forgottenAfterMs
  const row: LockoutRow = isFresh
    ? { username_key: key, wrong_attempts: 1, locks: 0, locked_until_ms: 0, updated_at_ms: nowMs }
    : { ...before, wrong_attempts: before.wrong_attempts + 1, updated_at_ms: nowMs }
  if (row.wrong_attempts < wrongAttempts) return row
  const lockMs = Math.min(longestLockMs, firstLockMs * 2 ** Math.min(row.locks, 20))
  return { ...row, wrong_attempts: 0, locks: row.locks + 1, locked_until_ms: nowMs + lockMs }
}

/** Strangers' names must not fill the table: what nobody tried for a day goes when a new name comes. */
export async function dropStaleLockouts(db: Db, nowMs: number): Promise<void> {
  await deleteLockoutsBefore(db, nowMs - forgottenAfterMs)
}
