import { attemptRefusals, type AttemptRefusal, type AuditEntry } from '../../shared/audit.ts'
import type { Cause } from '../../shared/diagnostics.ts'
import { AppError } from '../../shared/errors.ts'
import type { Group } from '../../shared/group.ts'
import type { User } from '../../shared/user.ts'
import type { AuditLog } from '../audit/audit-log.ts'
import type { Db } from '../database/schema.ts'
import type { Timekeeper } from '../database/timekeeper.ts'
import { foldCase } from '../fold-case.ts'
import type { GroupService } from '../groups/group-service.ts'
import { readTimeline } from '../users/timeline.ts'
import type { UserService } from '../users/user-service.ts'
import { noRightCause } from './be-the-phone.ts'
import { findRemovedAtMs, listSettingChanges, listStrangeAttempts } from './diagnostics-store.ts'
import { utc } from './server-check.ts'

export interface UserCheckParts {
  db: Db
  time: Timekeeper
  audit: AuditLog
  users: UserService
  groups: GroupService
}

/** All that this server knows of why a user's app fails. */
export interface UserFacts {
  /** As it was asked for; the user's own spelling where there is one. */
  username: string
  user: User | null
  removedAtMs: number | null
  group: Group | null
  /** The last attempt to provision, refused or not. */
  lastAttempt: Attempt | null
  lastStrings: { reason: string | null; atMs: number; address: string } | null
  /** Names close to this one that nobody has and that an app tried lately. */
  similarNames: { username: string; atMs: number; address: string }[]
  /** What the text of the user's last code said that is no longer so. */
  changedSince: { siteId: { before: unknown; atMs: number } | null; address: { before: unknown; atMs: number } | null }
  nowMs: number
}

interface Attempt {
  /** Null for one that passed. */
  refusal: AttemptRefusal | null
  atMs: number
  address: string
  endedAtMs: number | null
}

/** A caller describes what happened just now, or a while ago. */
const recentMs = 3 * 86_400_000

export async function readUserFacts(parts: UserCheckParts, typed: string): Promise<UserFacts> {
  const { db } = parts
  const nowMs = await parts.time.peekMs(db)
  const key = foldCase(typed.normalize('NFC').trim())
  const user = await parts.users.show(typed).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'user-not-found') return null
    throw error
  })
  const timeline = user ? await readTimeline(db, parts.audit, user) : []
  const strange = await listStrangeAttempts(db, nowMs - recentMs, 200)
  const issuedAtMs = user?.codeIssuedAtMs ?? null
  return {
    username: user?.username ?? typed,
    user,
    removedAtMs: user ? null : await findRemovedAtMs(db, key),
    group: user ? ((await parts.groups.list()).find(({ name }) => name === user.group) ?? null) : null,
    lastAttempt: attemptIn(timeline),
    lastStrings: stringsIn(timeline),
    similarNames: strange.filter(({ username }) => isSimilar(foldCase(username), key)),
    changedSince: await changesSince(db, issuedAtMs),
    nowMs
  }
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '')

function attemptIn(timeline: readonly AuditEntry[]): Attempt | null {
  const entry = timeline.find(({ kind }) => kind === 'attempt.refused' || kind === 'attempt.passed')
  if (!entry) return null
  const { refusal, address, endedAtMs } = entry.detail
  return {
    refusal: attemptRefusals.find((each) => entry.kind === 'attempt.refused' && each === refusal) ?? null,
    atMs: entry.atMs,
    address: textOf(address),
    endedAtMs: typeof endedAtMs === 'number' ? endedAtMs : null
  }
}

function stringsIn(timeline: readonly AuditEntry[]): UserFacts['lastStrings'] {
  const entry = timeline.find(({ kind }) => kind === 'strings.refused' || kind === 'strings.downloaded')
  if (!entry) return null
  const reason = entry.kind === 'strings.refused' ? textOf(entry.detail['reason']) : null
  return { reason, atMs: entry.atMs, address: textOf(entry.detail['address']) }
}

async function changesSince(db: Db, sinceMs: number | null): Promise<UserFacts['changedSince']> {
  const found: UserFacts['changedSince'] = { siteId: null, address: null }
  if (sinceMs === null) return found
  for (const { atMs, changes } of await listSettingChanges(db, sinceMs)) {
    const siteId = changes['server.siteId']
    const address = changes['policy.selfReset.completeUrl']
    // The first change tells what the code's text still says.
    if (siteId) found.siteId ??= { before: siteId.before, atMs }
    if (address) found.address ??= { before: address.before, atMs }
  }
  return found
}

/** At most two letters apart, a domain more or less, or the same but for white space. */
function isSimilar(one: string, other: string): boolean {
  const core = (name: string) => name.replace(/^.*\\/, '').replace(/@.*$/, '').replaceAll(/\s/g, '')
  const a = core(one)
  const b = core(other)
  if (a === '' || b === '' || Math.abs(a.length - b.length) > 2) return false
  return a === b || distance(a, b) <= (Math.min(a.length, b.length) > 4 ? 2 : 1)
}

/** How many letters to add, drop or change (V. Levenshtein, 1966). */
function distance(one: string, other: string): number {
  let before = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let row = 1; row <= one.length; row++) {
    const line = [row]
    for (let column = 1; column <= other.length; column++) {
      const change = one[row - 1] === other[column - 1] ? 0 : 1
      line.push(Math.min((before[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1, (before[column - 1] ?? 0) + change))
    }
    before = line
  }
  return before[other.length] ?? 0
}

const issue = (username: string): Cause['cure'] => ({ kind: 'user', act: 'issue', username })

/** No such user, or one who may do nothing. */
export function accountCauses({ user, username, removedAtMs, similarNames }: UserFacts): Cause[] {
  if (!user) {
    const removed = removedAtMs === null ? [] : [`A user of this name was removed ${utc(removedAtMs)}.`]
    return [
      {
        id: 'user-unknown',
        weight: 'fault',
        sentence:
          removedAtMs === null
            ? `There is no user “${username}”. Add the user, or ask how the name is written.`
            : `The user “${username}” has been removed. Add the user anew, then issue a code.`,
        evidence: removed,
        cure: { kind: 'add-user', username }
      }
    ]
  }
  if (user.disabled) {
    return [
      {
        id: 'user-disabled',
        weight: 'fault',
        sentence: `${username} is disabled, and the app is told that there is no such user. Enable the user, then issue a new code.`,
        evidence: ['Disabling ended a live code.'],
        cure: { kind: 'user', act: 'enable', username }
      }
    ]
  }
  return similarNames.slice(0, 1).map(({ username: tried, atMs, address }) => ({
    id: 'name-mistyped',
    weight: 'suspicion',
    sentence: `An app tried the name “${tried}”, which nobody has; ${username} may have mistyped it. Scan the QR code instead of typing.`,
    evidence: [`The attempt came ${utc(atMs)} from ${address}.`],
    cure: issue(username)
  }))
}

/** The wait after wrong attempts, and what is wrong with the code. */
export function codeCauses(facts: UserFacts): Cause[] {
  const { user, username, lastAttempt, nowMs } = facts
  if (!user) return []
  const attempt =
    lastAttempt && lastAttempt.refusal !== null
      ? [`The last attempt came ${utc(lastAttempt.atMs)} from ${lastAttempt.address}.`]
      : []
  const causes: Cause[] = []
  if (user.lockedUntilMs !== null) {
    causes.push({
      id: 'user-locked',
      weight: 'fault',
      sentence: `${username} is locked until ${utc(user.lockedUntilMs)} after too many wrong attempts; until then every code is refused. Unlock the user, or issue a new code.`,
      evidence: attempt,
      cure: { kind: 'user', act: 'unlock', username }
    })
  }
  // An attempt before the newest code was issued says nothing of that code, unless it is later that an old one is tried.
  const isAboutNow = lastAttempt !== null && lastAttempt.atMs >= (user.codeIssuedAtMs ?? 0)
  const refusal = isAboutNow ? lastAttempt.refusal : null
  const byAttempt = refusal === null ? null : attemptCause(refusal, username, user, lastAttempt)
  if (byAttempt) causes.push({ ...byAttempt, weight: 'fault', evidence: [...attempt, ...byAttempt.evidence] })
  else if (refusal === null && user.code !== 'live' && user.app === 'none') causes.push(stateCause(user, nowMs))
  return causes
}

function attemptCause(
  refusal: AttemptRefusal,
  username: string,
  user: User,
  attempt: Attempt | null
): Pick<Cause, 'id' | 'sentence' | 'evidence' | 'cure'> | null {
  const ended = attempt === null || attempt.endedAtMs === null ? [] : [`That code ended ${utc(attempt.endedAtMs)}.`]
  const about = { evidence: ended, cure: issue(username) }
  const another = user.code === 'live' ? ' The newer code is live: scan that one.' : ' Issue a new one.'
  switch (refusal) {
    case 'code-used':
      return { id: 'code-used', sentence: `The code of ${username} has already been used.${another}`, ...about }
    case 'code-expired':
      return { id: 'code-expired', sentence: `The code of ${username} had expired.${another}`, ...about }
    case 'code-superseded':
      return {
        id: 'code-superseded',
        sentence: `${username} tried an older code; a newer one has taken its place.${another}`,
        ...about
      }
    case 'code-withdrawn':
      return { id: 'code-withdrawn', sentence: `The code of ${username} was withdrawn.${another}`, ...about }
    case 'code-failed':
      return {
        id: 'code-failed',
        sentence: `The code of ${username} was ended by wrong attempts.${another}`,
        ...about
      }
    case 'wrong-code':
      return {
        id: 'code-mistyped',
        sentence: `What ${username} typed is no code that was ever issued to this user; the live code has not ended. Scan the QR code instead of typing.`,
        evidence: [],
        cure: issue(username)
      }
    case 'no-code':
      return {
        id: 'code-never-issued',
        sentence: `${username} has no live code, and what was tried was never issued to this user. Issue a new one.`,
        evidence: [],
        cure: issue(username)
      }
    case 'address-limit':
      return {
        id: 'attempts-too-many',
        sentence: `Too many attempts failed from the address that ${username} uses, so all from there are refused for a minute. Wait, or trust this network.`,
        evidence: [],
        cure: { kind: 'setting', key: 'policy.codes.trustedNetworks' }
      }
    // Shown by the user's own state, which may have changed since.
    case 'unknown-user':
    case 'user-disabled':
    case 'locked':
      return null
    default:
      return refusal satisfies never
  }
}

function stateCause({ username, code, codeExpiresAtMs, codeIssuedAtMs }: User, nowMs: number): Cause {
  const issued = codeIssuedAtMs === null ? [] : [`The last code was issued ${utc(codeIssuedAtMs)}.`]
  const about = { weight: 'fault', evidence: issued, cure: issue(username) } as const
  switch (code) {
    case 'used':
      return { id: 'code-used', sentence: `The last code of ${username} has been used. Issue a new one.`, ...about }
    case 'expired': {
      const when = codeExpiresAtMs === null || codeExpiresAtMs > nowMs ? '' : ` ${utc(codeExpiresAtMs)}`
      return { id: 'code-expired', sentence: `The code of ${username} expired${when}. Issue a new one.`, ...about }
    }
    case 'withdrawn':
      return { id: 'code-withdrawn', sentence: `The code of ${username} was withdrawn. Issue a new one.`, ...about }
    case 'superseded':
      return { id: 'code-superseded', sentence: `The code of ${username} was superseded. Issue a new one.`, ...about }
    case 'failed':
      return {
        id: 'code-failed',
        sentence: `The code of ${username} was ended by a failed attempt. Issue a new one.`,
        ...about
      }
    default:
      return {
        ...about,
        id: 'code-never-issued',
        weight: 'suspicion',
        sentence: `No code has been issued to ${username} yet. Issue one.`
      }
  }
}

/** Why an app that was provisioned gets no strings. */
export function stringsCauses({ user, username, group, lastStrings }: UserFacts): Cause[] {
  if (!user) return []
  const asked = lastStrings
    ? [
        lastStrings.reason === null
          ? `Strings were last downloaded ${utc(lastStrings.atMs)} from ${lastStrings.address}.`
          : `Strings were refused ${utc(lastStrings.atMs)} to ${lastStrings.address}.`
      ]
    : []
  if (group && !group.mobileClient) return [noRightCause(group.name, asked, username)]
  if (user.app === 'none') {
    return [
      {
        id: 'device-void',
        weight: 'fault',
        sentence: `${username} has no app here: the Id that the phone holds is void. Issue a new code and set the phone up again.`,
        evidence: asked,
        cure: issue(username)
      }
    ]
  }
  if (user.app === 'set-up') {
    return [
      {
        id: 'strings-never-asked',
        weight: 'suspicion',
        sentence: `The app of ${username} was set up but has not got its strings yet. Let it ask again; if it fails once more, issue a new code.`,
        evidence: asked,
        cure: issue(username)
      }
    ]
  }
  return [
    {
      id: 'device-void',
      weight: 'suspicion',
      sentence: `${username} has another app by now: provisioning again makes the earlier Id void. Use the phone that was set up last, or issue a new code.`,
      evidence: asked,
      cure: issue(username)
    }
  ]
}

/** What the user's QR code says that is no longer so. */
export function textCauses({ username, user, changedSince }: UserFacts, siteId: number): Cause[] {
  const causes: Cause[] = []
  if (!user) return causes
  if (changedSince.siteId && changedSince.siteId.before !== siteId) {
    causes.push({
      id: 'site-id-changed',
      weight: 'fault',
      sentence: `The Site ID was changed after the code of ${username} was issued, and the QR code still says the old one. Issue a new code, or put the old Site ID back.`,
      evidence: [
        `It was ${String(changedSince.siteId.before)} until ${utc(changedSince.siteId.atMs)} and is ${siteId} now.`
      ],
      cure: issue(username)
    })
  }
  if (changedSince.address) {
    causes.push({
      id: 'address-changed',
      weight: 'suspicion',
      sentence: `The address was changed after the code of ${username} was issued, and the QR code still leads to the old one. Issue a new code.`,
      evidence: [`It was ${String(changedSince.address.before)} until ${utc(changedSince.address.atMs)}.`],
      cure: issue(username)
    })
  }
  return causes
}

/** This server has not heard of the phone, so the phone has spoken to another, or to nobody. */
export function unseenCauses({ user, username, lastAttempt }: UserFacts): Cause[] {
  if (!user || (lastAttempt !== null && lastAttempt.atMs >= (user.codeIssuedAtMs ?? 0))) return []
  return [
    {
      id: 'attempt-not-seen',
      weight: 'suspicion',
      sentence: `No attempt of ${username} has reached this server since the code was issued: the app has asked another server, or nobody. Let the app scan the code again.`,
      evidence: user.codeIssuedAtMs === null ? [] : [`The code was issued ${utc(user.codeIssuedAtMs)}.`],
      cure: issue(username)
    }
  ]
}
