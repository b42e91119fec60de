import { leftOutReasons, type LeftOutReason, type PlanList, type PlannedUser } from '../../shared/mail.ts'
import type { UserSelection } from '../../shared/user.ts'
import { breathe, chunkRows, type Act } from '../system/operation.ts'
import type { Db } from '../store/schema.ts'
import { foldCase } from '../system/fold-case.ts'
import { listGroupRows, type GroupRow } from '../groups/group-store.ts'
import { emailWarning } from '../users/user-rules.ts'
import { findUsersByKeys, nextMatchingRows, type UserRow } from '../users/user-store.ts'

/** Why a user gets no mail, or null who gets one. */
export function leftOutReason(
  user: UserRow,
  group: GroupRow | undefined,
  includeProvisioned: boolean
): Exclude<LeftOutReason, 'no-such-user'> | null {
  if (user.disabled === 1) return 'disabled'
  if (user.email === '') return 'no-address'
  if (group?.mobile_client !== 1) return 'no-mobile-client'
  if (user.app_state === 'provisioned' && !includeProvisioned) return 'provisioned'
  return null
}

export const leftOutWords: Record<LeftOutReason, string> = {
  'no-such-user': 'there is no such user',
  disabled: 'the user is disabled',
  'no-address': 'the user has no email address',
  'no-mobile-client': 'the group may not use a Mobile Client',
  provisioned: 'the user’s app is provisioned already'
}

export type Groups = ReadonlyMap<number, GroupRow>

export async function readGroups(db: Db): Promise<Groups> {
  return new Map((await listGroupRows(db)).map((row) => [row.id, row]))
}

export function isCodeLive(user: UserRow, nowMs: number): boolean {
  return user.code_state === 'live' && (user.code_expires_at_ms ?? 0) > nowMs
}

/** Of these users (at most 500) the keys of those who are locked. */
export async function lockedKeys(db: Db, users: UserRow[], nowMs: number): Promise<Set<string>> {
  if (users.length === 0) return new Set()
  const rows = await db
    .selectFrom('lockouts')
    .select('username_key')
    .where(
      'username_key',
      'in',
      users.map((user) => user.username_key)
    )
    .where('locked_until_ms', '>', nowMs)
    .execute()
  return new Set(rows.map((row) => row.username_key))
}

/**
 * One page of a list of the plan: goes through the selection from where the last page ended, as far as it takes. `after` is
 * opaque to callers.
 */
export async function pageOfPlan(
  db: Db,
  request: {
    selection: UserSelection
    includeProvisioned: boolean
    list: PlanList
    after: string | undefined
    limit: number
  },
  nowMs: number,
  act: Act
): Promise<{ users: PlannedUser[]; next: string | null }> {
  const groups = await readGroups(db)
  const users: PlannedUser[] = []
  let position = Number(request.after ?? 0)
  if (!Number.isSafeInteger(position) || position < 0) position = 0
  const names = 'usernames' in request.selection ? distinctNames(request.selection.usernames) : null
  for (;;) {
    const chunk = await nextChunk(db, request.selection, names, position, nowMs)
    if (chunk.length === 0) return { users, next: null }
    const rows = chunk.flatMap(({ row }) => (row ? [row] : []))
    const locked = request.list === 'locked' ? await lockedKeys(db, rows, nowMs) : new Set<string>()
    for (const { row, name, after } of chunk) {
      position = after
      const reason = row ? leftOutReason(row, groups.get(row.group_id), request.includeProvisioned) : 'no-such-user'
      if (!isOnList(request.list, reason, row, locked, nowMs)) continue
      users.push({
        username: row?.username ?? name,
        name: row?.name ?? '',
        email: row?.email ?? '',
        group: row ? (groups.get(row.group_id)?.name ?? '') : ''
      })
      if (users.length === request.limit) return { users, next: String(position) }
    }
    if (await breathe(act)) return { users, next: String(position) }
  }
}

function isOnList(
  list: PlanList,
  reason: LeftOutReason | null,
  row: UserRow | undefined,
  locked: Set<string>,
  nowMs: number
): boolean {
  if (leftOutReasons.some((one) => one === list)) return reason === list
  if (reason !== null || !row) return false
  if (list === 'live') return isCodeLive(row, nowMs)
  if (list === 'mixed') return emailWarning(row.email) !== null
  return list === 'locked' ? locked.has(row.username_key) : true
}

interface Chosen {
  row: UserRow | undefined
  /** As it was given, where the selection names users. */
  name: string
  /** Where a page goes on after this one. */
  after: number
}

async function nextChunk(
  db: Db,
  selection: UserSelection,
  names: [string, string][] | null,
  position: number,
  nowMs: number
): Promise<Chosen[]> {
  if (names) {
    const chunk = names.slice(position, position + chunkRows)
    if (chunk.length === 0) return []
    const found = await findUsersByKeys(
      db,
      chunk.map(([key]) => key)
    )
    return chunk.map(([key, name], index) => ({ row: found.get(key), name, after: position + index + 1 }))
  }
  if (!('filter' in selection)) return []
  const rows = await nextMatchingRows(db, selection.filter, position, chunkRows, nowMs)
  return rows.map((row) => ({ row, name: row.username, after: row.id }))
}

function distinctNames(usernames: string[]): [string, string][] {
  return [...new Map(usernames.map((name) => [foldCase(name.normalize('NFC').trim()), name]))]
}
