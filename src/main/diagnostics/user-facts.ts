import { attemptRefusals, type AttemptRefusal, type AuditEntry } from '../../shared/audit.ts'
import { AppError } from '../../shared/errors.ts'
import type { Group } from '../../shared/group.ts'
import type { User } from '../../shared/user.ts'
import type { AuditLog } from '../store/audit-chain.ts'
import type { RefusalCounts } from '../provisioning/refusal-counts.ts'
import type { Db } from '../store/schema.ts'
import type { Timekeeper } from '../store/time.ts'
import { foldCase } from '../system/fold-case.ts'
import type { GroupService } from '../groups/group-service.ts'
import { readTimeline } from '../users/timeline.ts'
import type { UserService } from '../users/user-service.ts'
import { findRemovedAtMs, listSettingChanges, listStrangeAttempts } from './diagnostics-store.ts'
import { isSimilar } from './similar-names.ts'

export interface UserCheckParts {
  db: Db
  time: Timekeeper
  audit: AuditLog
  refusals: Pick<RefusalCounts, 'waitingFor'>
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

export interface Attempt {
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
  const timeline = user ? await readTimeline(db, parts, user) : []
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
  const { refusal, address, endedAtMs, lastAtMs } = entry.detail
  return {
    refusal: attemptRefusals.find((each) => entry.kind === 'attempt.refused' && each === refusal) ?? null,
    // A counted entry is written once its minute is over.
    atMs: typeof lastAtMs === 'number' ? lastAtMs : entry.atMs,
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
