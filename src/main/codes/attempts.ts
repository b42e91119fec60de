import { timingSafeEqual, type KeyObject } from 'node:crypto'
import type { AttemptRefusal } from '../../shared/audit.ts'
import { parseDuration } from '../../shared/duration.ts'
import type { Settings } from '../../shared/settings.ts'
import type { AuditLog } from '../audit/audit-log.ts'
import type { Db } from '../database/schema.ts'
import type { Timekeeper } from '../database/timekeeper.ts'
import { provisionDevice, type DeviceParts } from '../devices/device-service.ts'
import { foldCase } from '../fold-case.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import { findUserByKey } from '../users/user-store.ts'
import { limitOfAddress } from './address-limit.ts'
import { hashCode } from './code-hash.ts'
import { endCode, newestCodes, useCode, type CodeRow } from './code-store.ts'
import { isCodeShaped, normaliseCode } from './code-text.ts'
import { chargeAttempt, dropStaleLockouts, lockoutKey, type LockPolicy } from './lockout.ts'
import { clearLockouts, findLockout, writeLockout, type LockoutRow } from './lockout-store.ts'

export interface Attempt {
  username: string
  code: string
  /** Where it came from, for the log and the limits by address. */
  address: string
}

/** What an attempt came to: the Id of the app now provisioned, or why not. The reason is for the log, not the network. */
export type AttemptOutcome = { id: string; username: string } | { refusal: AttemptRefusal }

export interface AttemptParts extends DeviceParts {
  db: Db
  time: Timekeeper
  settings: SettingsService
  audit: AuditLog
  /** Told within the transaction that sets an app up, where policy wants the user to hear of it. */
  onProvisioned?:
    ((transaction: Db, userId: number, notice: { atMs: number; address: string }) => Promise<unknown>) | undefined
}

/** How many of a user's codes are looked through to tell an old code from a wrong one. */
const rememberedCodes = 20

/**
 * One try to provision an app. Everything that it changes (charge, end of the code, device, log entry) is one durable
 * transaction, committed before the answer exists: a code that passed once never passes again, whatever is killed when.
 */
export async function attemptProvision(parts: AttemptParts, attempt: Attempt): Promise<AttemptOutcome> {
  const policy = await parts.settings.read()
  return parts.db.transaction().execute(async (transaction) => {
    const nowMs = await parts.time.nowMs(transaction)
    const usernameKey = foldCase(attempt.username.normalize('NFC').trim())
    const user = await findUserByKey(transaction, usernameKey)
    // A code typed into the wrong field is still a code, and is kept nowhere in the clear.
    const isCode =
      !user && isCodeShaped(attempt.username, policy['policy.codes.alphabet'], policy['policy.codes.length'])
    const key = isCode
      ? `code ${hashCode(parts.keys.pepper, 0, normaliseCode(attempt.username))}`
      : lockoutKey(usernameKey)
    const refuse = async (refusal: AttemptRefusal, detail: Record<string, unknown> = {}) => {
      await parts.audit.append(transaction, nowMs, {
        actor: 'portal',
        kind: 'attempt.refused',
        user,
        username: isCode ? '' : shown(attempt.username),
        detail: { refusal, address: attempt.address, ...(isCode && { codeAsUsername: true }), ...detail }
      })
      return { refusal }
    }

    // Looked at before the user is: an address that is refused charges and ends nothing.
    const limit = await limitOfAddress(transaction, policy, attempt.address, nowMs)
    if (limit.refusal !== null) return refuse('address-limit', { limit: limit.refusal })

    // Counted as wrong before anybody has compared it. The count is written below, before the transaction ends, unless the
    // attempt was right: nobody else can attempt, or learn of this one, in between.
    const before = await findLockout(transaction, key)
    if (before && before.locked_until_ms > nowMs) return refuse('locked', { lockedUntilMs: before.locked_until_ms })
    const charged = chargeAttempt(key, before, lockPolicy(policy), nowMs)
    const isLockedNow = charged.locked_until_ms > nowMs
    const locked = isLockedNow ? { lockedUntilMs: charged.locked_until_ms } : {}

    // Nobody has no codes, and a disabled user's are withdrawn; looked up all the same, so that it takes as long.
    const { matching, live } = await compare(
      transaction,
      parts.keys.pepper,
      user?.disabled === 0 ? user.id : 0,
      attempt.code
    )
    const isLive = matching !== undefined && matching.id === live?.id && matching.expires_at_ms > nowMs
    if (!user || !isLive) {
      if (!before) await dropStaleLockouts(transaction, nowMs)
      await writeLockout(transaction, charged)
      // Whoever holds a code that was the user's does not guess: most such attempts are a second scan.
      if (!matching) await limit.charge(key)
      if (!user) return refuse('unknown-user', locked)
      if (user.disabled === 1) return refuse('user-disabled', locked)
      if (live && live.expires_at_ms <= nowMs) await endCode(transaction, live, 'expired', live.expires_at_ms)
      else if (live && endsByWrongAttempts(policy, charged)) {
        await endCode(transaction, live, 'failed', nowMs)
      }
      return refuse(refusalOf(matching, live), { ...locked, ...(matching ? endOf(matching, nowMs) : {}) })
    }
    if (before) await clearLockouts(transaction, [key])
    await useCode(transaction, matching, nowMs)
    const id = await provisionDevice(parts, transaction, {
      userId: user.id,
      codeId: matching.id,
      address: attempt.address,
      nowMs
    })
    await parts.audit.append(transaction, nowMs, {
      actor: 'portal',
      kind: 'attempt.passed',
      user,
      detail: { address: attempt.address, codeId: matching.id }
    })
    if (policy['policy.selfReset.notifyProvisioned']) {
      await parts.onProvisioned?.(transaction, user.id, { atMs: nowMs, address: attempt.address })
    }
    return { id, username: user.username }
  })
}

/** The user's code that the typed one is, of whatever state, and the one marked live. */
async function compare(
  db: Db,
  pepper: KeyObject,
  userId: number,
  typed: string
): Promise<{ matching: CodeRow | undefined; live: CodeRow | undefined }> {
  const hash = Buffer.from(hashCode(pepper, userId, normaliseCode(typed)))
  const codes = await newestCodes(db, userId, rememberedCodes)
  return {
    matching: codes.find((code) => timingSafeEqual(Buffer.from(code.code_hash), hash)),
    live: codes.find((code) => code.state === 'live')
  }
}

function refusalOf(matching: CodeRow | undefined, live: CodeRow | undefined): AttemptRefusal {
  if (!matching) return live ? 'wrong-code' : 'no-code'
  return matching.state === 'live' ? 'code-expired' : `code-${matching.state}`
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
function endsByWrongAttempts(policy: Settings, { locks, wrong_attempts }: LockoutRow): boolean {
  const limit = policy['policy.codes.endAfterWrongAttempts']
  // Each lock stands for the attempts that led to it, and set their count back to nought.
  return limit !== 'off' && locks * policy['policy.codes.wrongAttempts'] + wrong_attempts >= limit
}

/** A stranger's text is cut before it goes into the log. */
function shown(username: string): string {
  return [...username].slice(0, 64).join('')
}
