import { timingSafeEqual, type KeyObject } from 'node:crypto'
import type { AttemptRefusal } from '../../shared/audit.ts'
import { parseDuration } from '../../shared/duration.ts'
import type { Settings } from '../../shared/settings.ts'
import type { DiskReserve } from '../store/disk-reserve.ts'
import type { Db } from '../store/schema.ts'
import type { Store } from '../store/store.ts'
import type { Recorded, Write } from '../store/write.ts'
import { provisionDevice, type DeviceParts } from './device-service.ts'
import { foldCase } from '../system/fold-case.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import { findUserByKey, type UserRow } from '../users/user-store.ts'
import { addressKey, limitOfAddress } from './address-limit.ts'
import { hashCode } from '../codes/hash.ts'
import { endCode, newestCodes, useCode, type CodeRow } from '../codes/code-store.ts'
import { isCodeShaped, normaliseCode } from '../codes/text.ts'
import { chargeGuess, lockoutKey, readStanding, type LockPolicy } from './lockout.ts'
import { clearLockouts } from './lockout-store.ts'
import { wordsOfRefusal, type AppRefusal } from './refusal.ts'
import type { CountedRefusal, DueRefusals, RefusalCounts } from './refusal-counts.ts'

export interface Attempt {
  username: string
  code: string
  /** Where it came from, for the log and the limits by address. */
  address: string
}

/** What an attempt came to: the Id of the app now provisioned, or why not. The reason is for the log; `error` is what the app hears. */
export type AttemptOutcome = { id: string; username: string } | { refusal: AttemptRefusal; error: AppRefusal }

type Passed = { id: string; username: string }
type Refused = { refusal: AttemptRefusal }

export interface AttemptParts extends DeviceParts {
  store: Store
  settings: SettingsService
  refusals: RefusalCounts
  reserve: DiskReserve
  /** Writes the notice that an app was set up, where policy wants the user to hear of it; true where there is one to send. */
  queueNotice?:
    ((write: Write, userId: number, notice: { atMs: number; address: string }) => Promise<boolean>) | undefined
  /** Called after the commit where a notice was written. */
  onNotice?: (() => void) | undefined
}

/** How many of a user's codes are looked through to tell an old code from a wrong one. */
const rememberedCodes = 20

/** What is left to do in memory once the transaction is committed, and only then. */
interface AfterCommit {
  counted?: CountedRefusal
  settled?: DueRefusals
  hasNotice?: boolean
}

/**
 * One try to provision an app. Everything that it changes (charge, end of the code, device, log entry) is one durable
 * transaction, committed before the answer exists: a code that passed once never passes again, whatever is killed when. One that
 * is refused without being compared changes nothing, and is only counted.
 */
export async function attemptProvision(parts: AttemptParts, attempt: Attempt): Promise<AttemptOutcome> {
  const { store, settings, refusals } = parts
  const policy = await settings.read()
  const after: AfterCommit = {}
  let outcome: Passed | Refused
  try {
    outcome = await store.writeTogether({ actor: 'portal' }, (write) =>
      attemptWithin(parts, write, policy, attempt, after)
    )
  } catch (error) {
    if (after.settled) refusals.giveBack(after.settled)
    throw error
  }
  if (after.settled) refusals.settle(after.settled)
  if (after.counted) refusals.note(after.counted)
  if (after.hasNotice) parts.onNotice?.()
  return 'id' in outcome ? outcome : { ...outcome, error: wordsOfRefusal(outcome.refusal, policy) }
}

async function attemptWithin(
  parts: AttemptParts,
  write: Write,
  policy: Settings,
  attempt: Attempt,
  after: AfterCommit
): Promise<Passed | Refused> {
  const { refusals } = parts
  const { nowMs } = write
  const usernameKey = foldCase(attempt.username.normalize('NFC').trim())
  const user = await findUserByKey(write, usernameKey)
  // A code typed into the wrong field is still a code, and is kept nowhere in the clear.
  const isCode = !user && isCodeShaped(attempt.username, policy['policy.codes.alphabet'], policy['policy.codes.length'])
  const key = isCode
    ? `code ${hashCode(parts.keys.pepper, 0, normaliseCode(attempt.username))}`
    : lockoutKey(usernameKey)
  const guesser = { usernameKey: key, networkKey: addressKey(attempt.address) }

  const refused = (refusal: AttemptRefusal, detail: Record<string, unknown> = {}): CountedRefusal => ({
    refusal,
    address: attempt.address,
    user: user ? { id: user.id, username: user.username } : null,
    username: isCode ? '' : truncatedName(attempt.username),
    atMs: nowMs,
    detail: { ...(isCode && { codeAsUsername: true }), ...detail }
  })
  const count = (refusal: AttemptRefusal, detail?: Record<string, unknown>) => {
    after.counted = refused(refusal, detail)
    return { refusal }
  }
  const record = async (entry: Recorded) => {
    const due = refusals.due(nowMs)
    after.settled = due
    await write.record(...due.entries, entry)
  }
  const refuse = async (refusal: AttemptRefusal, detail?: Record<string, unknown>) => {
    const one = refused(refusal, detail)
    if (refusals.isRepeated(one) || (await parts.reserve.isLow())) {
      after.counted = one
      return { refusal }
    }
    await record({
      kind: 'attempt.refused',
      user: one.user ?? undefined,
      username: one.username,
      detail: { refusal, address: one.address, ...one.detail }
    })
    return { refusal }
  }

  const standing = await readStanding(write, guesser, nowMs)
  if (standing.waitsUntilMs > 0) return count('locked', { lockedUntilMs: standing.waitsUntilMs })
  // Looked at before the code is: a right one passes, unless its sender has guessed for this name before.
  const limit = await limitOfAddress(write, policy, attempt.address, nowMs)
  if (limit.refusal === 'attempts' && standing.hasGuessed) return count('address-limit', { limit: limit.refusal })

  const { matching, live } = await compare(write, parts.keys.pepper, user, attempt.code)
  const isLive = user?.disabled === 0 && matching?.id === live?.id && live !== undefined && live.expires_at_ms > nowMs
  if (user && matching && isLive) {
    if (!(await useCode(write, matching))) return refuse('code-used')
    if (!standing.isClear) await clearLockouts(write, [key])
    const device = { userId: user.id, codeId: matching.id, address: attempt.address, nowMs }
    const id = await provisionDevice(parts, write, device)
    const detail = { address: attempt.address, codeId: matching.id }
    await record({ kind: 'attempt.passed', user, detail })
    if (policy['policy.selfReset.notifyProvisioned']) {
      const notice = { atMs: nowMs, address: attempt.address }
      after.hasNotice = (await parts.queueNotice?.(write, user.id, notice)) ?? false
    }
    return { id, username: user.username }
  }
  if (live && live.expires_at_ms <= nowMs) await endCode(write, live, 'expired', live.expires_at_ms)
  if (user && matching) {
    // Whoever holds a code that was the user's does not guess: most such attempts are a second scan of the same picture.
    const refusal = user.disabled === 1 ? 'user-disabled' : refusalOf(matching)
    const answer = await refuse(refusal, endOf(matching, nowMs))
    // At once, since its neighbours in the same transaction ask for it; should that fail, the next one is counted all the same.
    refusals.remember(refused(refusal))
    return answer
  }

  // Within the transaction that compared it: nobody else can attempt, or learn of this one, before the charge is written.
  const charge = await chargeGuess(write, guesser, standing, lockPolicy(policy), nowMs)
  if (live && live.expires_at_ms > nowMs && endsByWrongAttempts(policy, charge.wrongAttempts)) {
    await endCode(write, live, 'failed', nowMs)
  }
  if (limit.refusal !== null) return count('address-limit', { limit: limit.refusal })
  await limit.charge(key)
  const locked = charge.lockedUntilMs === null ? {} : { lockedUntilMs: charge.lockedUntilMs }
  if (!user) return refuse('unknown-user', locked)
  if (user.disabled === 1) return refuse('user-disabled', locked)
  return refuse(live ? 'wrong-code' : 'no-code', locked)
}

/** No user has this id: a name that nobody has is compared with no code, by the same steps. */
const nobodyId = 0

/** The user's code that the typed one is, of whatever state, and the one marked live. */
async function compare(
  db: Db,
  pepper: KeyObject,
  user: UserRow | undefined,
  typed: string
): Promise<{ matching: CodeRow | undefined; live: CodeRow | undefined }> {
  const id = user?.id ?? nobodyId
  const hash = Buffer.from(hashCode(pepper, id, normaliseCode(typed)))
  const codes = await newestCodes(db, id, rememberedCodes)
  return {
    matching: codes.find((code) => timingSafeEqual(Buffer.from(code.code_hash), hash)),
    live: codes.find((code) => code.state === 'live')
  }
}

function refusalOf({ state }: CodeRow): AttemptRefusal {
  return state === 'live' ? 'code-expired' : `code-${state}`
}

function endOf(code: CodeRow, nowMs: number): Record<string, unknown> {
  return { endedAtMs: code.ended_at_ms ?? Math.min(code.expires_at_ms, nowMs) }
}

function lockPolicy(policy: Settings): LockPolicy {
  return {
    wrongAttempts: policy['policy.codes.wrongAttempts'],
    firstLockMs: parseDuration(policy['policy.codes.firstLock']) ?? 0,
    longestLockMs: parseDuration(policy['policy.codes.longestLock']) ?? 0
  }
}

/** With codes of 40 bits and more wrong guesses end none, or a stranger could end every starter's code; policy may say else. */
function endsByWrongAttempts(policy: Settings, wrongAttempts: number): boolean {
  const limit = policy['policy.codes.endAfterWrongAttempts']
  return limit !== 'off' && wrongAttempts >= limit
}

/** A stranger's text is cut before it goes into the log. */
function truncatedName(username: string): string {
  return [...username].slice(0, 64).join('')
}
