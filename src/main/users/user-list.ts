import { sql, type RawBuilder, type SelectQueryBuilder } from 'kysely'
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import type { User, UserFilter, UserSort, UserSortColumn } from '../../shared/user.ts'
import type { Db, Tables } from '../database/schema.ts'
import { listGroupRows } from '../groups/group-store.ts'
import { searchWords } from './search-text.ts'
import { matches, type UserRow } from './user-store.ts'

export interface UserListRequest {
  filter: UserFilter
  sort: UserSort
  /** Where an earlier page with the same sort ended. */
  after?: string | undefined
  /** Jumps ahead from there. */
  skip: number
  limit: number
}

type KeyColumn =
  | 'username_key'
  | 'name_key'
  | 'email_key'
  | 'phone'
  | 'disabled'
  | 'app_rank'
  | 'provisioned_key'
  | 'code_rank'
  | 'code_issued_key'
  | 'code_expires_key'
  | 'created_at_ms'
  | 'updated_at_ms'

/** The columns of an index each: they put all users in one order, and the username at their end makes it a total one. */
const orders: Record<Exclude<UserSortColumn, 'group' | 'lockedUntilMs'>, KeyColumn[]> = {
  username: ['username_key'],
  name: ['name_key', 'username_key'],
  email: ['email_key', 'username_key'],
  phone: ['phone', 'username_key'],
  disabled: ['disabled', 'username_key'],
  app: ['app_rank', 'username_key'],
  provisionedAtMs: ['provisioned_key', 'username_key'],
  code: ['code_rank', 'code_expires_key', 'username_key'],
  codeIssuedAtMs: ['code_issued_key', 'username_key'],
  codeExpiresAtMs: ['code_expires_key', 'username_key'],
  createdAtMs: ['created_at_ms', 'username_key'],
  updatedAtMs: ['updated_at_ms', 'username_key']
}

/**
 * A run of the list that one index puts in order: the whole list, or for what is not a user's own column the users of one
 * group, or those that are (not) locked.
 */
interface Segment {
  /** Names it in a cursor. */
  id: number
  columns: KeyColumn[]
  isLocked?: boolean
  groupId?: number
}

/** Where a page ended: in which run, and at which keys. */
const cursorData = z.tuple([
  z.string(),
  z.boolean(),
  z.number().int(),
  z
    .array(z.union([z.string(), z.number()]))
    .min(1)
    .max(3)
])

/** A page in the order asked for, and the cursor of the next one (null at the end). */
export async function listUsers(
  db: Db,
  { filter, sort, after, skip, limit }: UserListRequest,
  nowMs: number
): Promise<{ users: User[]; next: string | null }> {
  const isSearch = searchWords(filter.query ?? '').length > 0
  const few = isSearch ? await findFew(db, filter, nowMs) : null
  const segments = await segmentsOf(db, sort)
  const position = after === undefined ? null : readCursor(after, sort)
  const start = position === null ? 0 : segments.findIndex(({ id }) => id === position.segment)
  const first = segments[start]
  if (!first || (position && position.keys.length !== keysOf(first).length)) throw foreignCursor()
  const found: { user: User; cursor: string }[] = []
  let ahead = skip
  // One more than asked for, to know whether there is a next page.
  const wanted = limit + 1
  for (const [index, segment] of segments.slice(start).entries()) {
    const keys = index === 0 ? (position?.keys ?? null) : null
    const isScan = isSearch && ahead < mostSorted
    const page = { sort, segment, keys, skip: ahead, limit: wanted - found.length, few, isScan }
    const rows = await readSegment(db, filter, page, nowMs)
    found.push(...rows.map((row) => ({ user: rowToUser(row, nowMs), cursor: writeCursor(sort, segment, row) })))
    if (found.length === wanted) break
    if (ahead > 0) ahead = rows.length > 0 ? 0 : ahead - (await countSegment(db, filter, page, nowMs))
  }
  const shown = found.slice(0, limit)
  const last = shown.at(-1)
  return { users: shown.map(({ user }) => user), next: last && found.length > limit ? last.cursor : null }
}

/** So many matches of a search are put in order by themselves. */
const mostFew = 2000
/** So far down a list of matches the order is made anew for each page; further down it is read from an index. */
const mostSorted = 5000

/**
 * A search finds its users by looking at each. In the order of a column that is a jump through the whole file, so rare finds
 * are gathered first, in the order of the table. Null for more than a few.
 */
async function findFew(db: Db, filter: UserFilter, nowMs: number): Promise<number[] | null> {
  const rows = await db
    .selectFrom('users')
    .select('users.id')
    .where((eb) => matches(eb, filter, nowMs))
    .limit(mostFew + 1)
    .execute()
  return rows.length > mostFew ? null : rows.map(({ id }) => id)
}

async function segmentsOf(db: Db, { column, descending }: UserSort): Promise<Segment[]> {
  if (column === 'group') {
    const groups = await listGroupRows(db)
    const segments = groups.map(({ id }) => ({ id, columns: orders.username, groupId: id }))
    return descending ? segments.toReversed() : segments
  }
  if (column === 'lockedUntilMs') {
    const segments = [
      { id: 0, columns: orders.username, isLocked: false },
      { id: 1, columns: orders.username, isLocked: true }
    ]
    return descending ? segments.toReversed() : segments
  }
  return [{ id: 0, columns: orders[column] }]
}

interface SegmentPage {
  sort: UserSort
  segment: Segment
  keys: (string | number)[] | null
  skip: number
  limit: number
  /** The ids of all users that match, where they are few. */
  few: number[] | null
  /** Whether every user is looked at in the order of the table. */
  isScan: boolean
}

type ListedRow = UserRow & { group_name: string; locked_until_ms: number | null }

/** First which users, from an index alone where the filter lets it; then what is shown of these few. */
async function readSegment(db: Db, filter: UserFilter, page: SegmentPage, nowMs: number): Promise<ListedRow[]> {
  const { segment, sort, skip, limit } = page
  const direction = sort.descending ? 'desc' : 'asc'
  const keys = keysOf(segment)
  const inOrder = (query: SegmentQuery) =>
    keys.reduce((ordered, key) => ordered.orderBy(sql.ref(key), direction), query)
  const chosen = inOrder(segmentQuery(db, filter, page, nowMs))
    .limit(limit)
    .offset(skip)
  const rows = db
    .selectFrom(chosen.as('chosen'))
    .innerJoin('users', 'users.id', 'chosen.id')
    .innerJoin('groups', 'groups.id', 'users.group_id')
    .leftJoin('lockouts', 'lockouts.username_key', 'users.username_key')
    .selectAll('users')
    .select(['groups.name as group_name', 'lockouts.locked_until_ms'])
  return keys.reduce((ordered, key) => ordered.orderBy(sql.ref(key), direction), rows).execute()
}

/** How many users a run has from the position on. */
async function countSegment(db: Db, filter: UserFilter, page: SegmentPage, nowMs: number): Promise<number> {
  const { users } = await segmentQuery(db, filter, page, nowMs)
    .clearSelect()
    .select((eb) => eb.fn.countAll<number>().as('users'))
    .executeTakeFirstOrThrow()
  return users
}

type SegmentQuery = SelectQueryBuilder<Tables, 'users', { id: number }>

/** The users of a run that match the filter and come after the position, in no order yet. */
function segmentQuery(db: Db, filter: UserFilter, page: SegmentPage, nowMs: number): SegmentQuery {
  const { segment, sort, keys, few } = page
  const users = db.selectFrom('users')
  const from: typeof users =
    segment.isLocked === true
      ? users
          .innerJoin('lockouts', 'lockouts.username_key', 'users.username_key')
          .where('lockouts.locked_until_ms', '>', nowMs)
      : users
  const { groupId } = segment
  return from
    .select('users.id')
    .where((eb) => matches(eb, segment.isLocked === false ? unlocked(filter) : filter, nowMs))
    .$if(few !== null, (query) =>
      query.where(sql<boolean>`users.id in (select value from json_each(${JSON.stringify(few)}))`)
    )
    .$if(segment.isLocked === false && filter.locked === true, (query) => query.where(sql<boolean>`false`))
    .$if(groupId !== undefined, (query) => query.where('users.group_id', '=', groupId ?? 0))
    .$if(keys !== null, (query) => query.where(isBeyond(keyTerms(page), keys ?? [], sort.descending)))
}

function unlocked(filter: UserFilter): UserFilter {
  return { ...filter, locked: false }
}

/** A row value comparison, which SQLite answers from an index over the columns. */
function isBeyond(
  terms: RawBuilder<unknown>[],
  position: (string | number)[],
  descending: boolean
): RawBuilder<boolean> {
  return sql<boolean>`(${sql.join(terms)}) ${sql.raw(descending ? '<' : '>')} (${sql.join(position)})`
}

/** The plus keeps SQLite from an index over the column. */
function keyTerms({ segment, isScan }: SegmentPage): RawBuilder<unknown>[] {
  return keysOf(segment).map((key) => (isScan ? sql`+${sql.ref(key)}` : sql.ref(key)))
}

function keysOf({ columns, isLocked }: Segment): string[] {
  const own = columns.map((column) => `users.${column}`)
  return isLocked === true ? ['lockouts.locked_until_ms', ...own] : own
}

function rowToUser(row: ListedRow, nowMs: number): User {
  const isPast = row.code_expires_at_ms !== null && row.code_expires_at_ms <= nowMs
  return {
    id: row.id,
    username: row.username,
    name: row.name,
    email: row.email,
    phone: row.phone,
    group: row.group_name,
    disabled: row.disabled === 1,
    app: row.app_state,
    provisionedAtMs: row.provisioned_at_ms,
    code: row.code_state === 'live' && isPast ? 'expired' : row.code_state,
    codeIssuedAtMs: row.code_issued_at_ms,
    codeExpiresAtMs: row.code_expires_at_ms,
    lockedUntilMs: row.locked_until_ms !== null && row.locked_until_ms > nowMs ? row.locked_until_ms : null,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
    revision: row.revision
  }
}

/** Opaque to callers: where a page ended. */
function writeCursor({ column, descending }: UserSort, segment: Segment, row: ListedRow): string {
  const own = segment.columns.map((key) => row[key])
  const keys = segment.isLocked === true ? [row.locked_until_ms ?? 0, ...own] : own
  return Buffer.from(JSON.stringify([column, descending, segment.id, keys])).toString('base64url')
}

function readCursor(cursor: string, { column, descending }: UserSort): { segment: number; keys: (string | number)[] } {
  try {
    const parsed = cursorData.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
    if (parsed.success && parsed.data[0] === column && parsed.data[1] === descending) {
      return { segment: parsed.data[2], keys: parsed.data[3] }
    }
  } catch {
    // Falls through: not one of ours.
  }
  throw foreignCursor()
}

function foreignCursor(): AppError {
  return new AppError('invalid-input', 'This is not a cursor that an earlier page with the same order gave.')
}
