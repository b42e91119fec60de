import { sql, type RawBuilder, type SelectQueryBuilder } from 'kysely'
import type { User, UserFilter, UserSort, UserSortColumn } from '../../shared/user.ts'
import type { Db, Tables } from '../store/schema.ts'
import { listGroupRows } from '../groups/group-store.ts'
import { foreignCursor, readCursor, writeCursor, type Keys } from './list-cursor.ts'
import { searchWords } from './search-text.ts'
import { matches, type Reading, type UserRow } from './user-store.ts'

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
  | 'provisioned_at_ms'
  | 'code_rank'
  | 'code_issued_key'
  | 'code_expires_key'
  | 'created_at_ms'
  | 'updated_at_ms'

/** The columns of an index each: they put all users in one order, and the username at their end makes it a total one. */
const orders: Record<Exclude<UserSortColumn, 'group' | 'lockedUntilMs' | 'app' | 'provisionedAtMs'>, KeyColumn[]> = {
  username: ['username_key'],
  name: ['name_key', 'username_key'],
  email: ['email_key', 'username_key'],
  phone: ['phone', 'username_key'],
  disabled: ['disabled', 'username_key'],
  code: ['code_rank', 'code_expires_key', 'username_key'],
  codeIssuedAtMs: ['code_issued_key', 'username_key'],
  codeExpiresAtMs: ['code_expires_key', 'username_key'],
  createdAtMs: ['created_at_ms', 'username_key'],
  updatedAtMs: ['updated_at_ms', 'username_key']
}

/**
 * A run of the list that one index puts in order: the whole list, or the users of one group, of one state of the app, those
 * that are (not) locked.
 */
interface Segment {
  /** Names it in a cursor. */
  id: number
  columns: KeyColumn[]
  isLocked?: boolean
  groupId?: number
  appRank?: number
  isProvisioned?: true
  /** No index has this order: what matches is sorted. */
  isSorted?: true
}

/** A page in the order asked for, and the cursor of the next one (null at the end). */
export async function listUsers(
  db: Db,
  { filter, sort, after, skip, limit }: UserListRequest,
  nowMs: number
): Promise<{ users: User[]; next: string | null }> {
  const isSifted = needsSifting(filter)
  const few = isSifted ? await findFew(db, filter, nowMs) : null
  const segments = await segmentsOf(db, sort, isSifted)
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
    const page = { sort, segment, keys, skip: ahead, limit: wanted - found.length, few, isSifted }
    const rows = await readSegment(db, filter, page, nowMs)
    found.push(
      ...rows.map((row) => ({
        user: rowToUser(row, nowMs),
        cursor: writeCursor(sort, { segment: segment.id, keys: keysOfRow(segment, row) })
      }))
    )
    if (found.length === wanted) break
    if (ahead > 0) ahead = rows.length > 0 ? 0 : ahead - (await countSegment(db, filter, page, nowMs))
  }
  const shown = found.slice(0, limit)
  const last = shown.at(-1)
  return { users: shown.map(({ user }) => user), next: last && found.length > limit ? last.cursor : null }
}

/** Whether finding who matches can take a look at each user, in whatever order they are wanted. */
function needsSifting({ query, code, app, sent, locked }: UserFilter): boolean {
  return searchWords(query ?? '').length > 0 || [code, app, sent, locked].some((condition) => condition !== undefined)
}

/** So many matches of a search are put in order by themselves. */
const mostFew = 2000

/**
 * In the order of a column, a look at each user is a jump through the whole file, so rare finds are gathered first. Null for more
 * than a few.
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

async function segmentsOf(db: Db, { column, descending }: UserSort, isSifted: boolean): Promise<Segment[]> {
  const segments = await ascendingSegments(db, column, isSifted)
  return descending ? segments.toReversed() : segments
}

async function ascendingSegments(db: Db, column: UserSortColumn, isSifted: boolean): Promise<Segment[]> {
  const columns = orders.username
  switch (column) {
    case 'group':
      return (await listGroupRows(db)).map(({ id }) => ({ id, columns, groupId: id }))
    case 'lockedUntilMs':
      return [
        { id: 0, columns, isLocked: false },
        { id: 1, columns, isLocked: true }
      ]
    case 'app':
      // Who matches can all be in one state: each of the others would be walked through in vain.
      if (isSifted) return [{ id: 0, columns: ['app_rank', 'username_key'], isSorted: true }]
      return [0, 1, 2].map((rank) => ({ id: rank, columns, appRank: rank }))
    case 'provisionedAtMs':
      return [
        { id: 0, columns, appRank: 0 },
        { id: 1, columns: ['provisioned_at_ms', 'username_key'], isProvisioned: true }
      ]
    default:
      return [{ id: 0, columns: orders[column] }]
  }
}

interface SegmentPage {
  sort: UserSort
  segment: Segment
  keys: Keys | null
  skip: number
  limit: number
  /** The ids of all users that match, where they are few. */
  few: number[] | null
  isSifted: boolean
  /** Where to stop looking: the keys of the last user. */
  until?: Keys | null
}

type ListedRow = UserRow & { group_name: string; locked_until_ms: number | null }

/** So many users without a match are walked past in their order. */
const mostWalked = 4000

/**
 * Many matches are mostly soon met with in the order of the list. Where they are not, since they gather at its other end, a look
 * at all users in the order of the table and a sort of those that match are quicker than the walk to them.
 */
async function readSegment(db: Db, filter: UserFilter, page: SegmentPage, nowMs: number): Promise<ListedRow[]> {
  if (!isLongWalk(page)) return readRows(db, filter, page, nowMs, page.segment.isSorted ? 'by-table' : 'in-order')
  const until = await findKeys(db, page, mostWalked + page.skip + page.limit, nowMs)
  const walked = await readRows(db, filter, { ...page, until }, nowMs, 'in-order')
  return until === null || walked.length === page.limit ? walked : readRows(db, filter, page, nowMs, 'by-table')
}

/** A group is read from its own index, and few users are locked at a time. */
function isLongWalk({ isSifted, few, segment }: SegmentPage): boolean {
  return isSifted && few === null && !segment.isSorted && segment.groupId === undefined && segment.isLocked !== true
}

/** The keys of the user who comes so many after the position, whether or not the filter matches; null where nobody does. */
async function findKeys(db: Db, page: SegmentPage, ahead: number, nowMs: number): Promise<Keys | null> {
  const keys = keysOf(page.segment)
  const row = await inOrder(segmentQuery(db, {}, page, nowMs, 'in-order').clearSelect(), page)
    .select(keys.map((key) => sql<string | number>`${sql.ref(key)}`.as(key)))
    .limit(1)
    .offset(ahead)
    .executeTakeFirst()
  return row ? Object.values(row) : null
}

/** First which users, from an index alone where the filter lets it; then what is shown of these few. */
async function readRows(
  db: Db,
  filter: UserFilter,
  page: SegmentPage,
  nowMs: number,
  how: Reading
): Promise<ListedRow[]> {
  const chosen = inOrder(segmentQuery(db, filter, page, nowMs, how), page)
    .limit(page.limit)
    .offset(page.skip)
  const rows = db
    .selectFrom(chosen.as('chosen'))
    .innerJoin('users', 'users.id', 'chosen.id')
    .innerJoin('groups', 'groups.id', 'users.group_id')
    .leftJoin('lockouts', 'lockouts.username_key', 'users.username_key')
    .selectAll('users')
    .select(['groups.name as group_name', 'lockouts.locked_until_ms'])
  return inOrder(rows, page).execute()
}

function inOrder<DB, TB extends keyof DB, O>(
  query: SelectQueryBuilder<DB, TB, O>,
  { segment, sort }: SegmentPage
): SelectQueryBuilder<DB, TB, O> {
  const direction = sort.descending ? 'desc' : 'asc'
  return keysOf(segment).reduce((ordered, key) => ordered.orderBy(sql.ref(key), direction), query)
}

/** How many users a run has from the position on. */
async function countSegment(db: Db, filter: UserFilter, page: SegmentPage, nowMs: number): Promise<number> {
  const how = page.segment.isSorted || isLongWalk(page) ? 'by-table' : 'in-order'
  const { users } = await segmentQuery(db, filter, page, nowMs, how)
    .clearSelect()
    .select((eb) => eb.fn.countAll<number>().as('users'))
    .executeTakeFirstOrThrow()
  return users
}

type SegmentQuery = SelectQueryBuilder<Tables, 'users', { id: number }>

/** The users of a run that match the filter and come after the position, in no order yet. */
function segmentQuery(db: Db, filter: UserFilter, page: SegmentPage, nowMs: number, how: Reading): SegmentQuery {
  const { segment, sort, keys, few, until = null } = page
  const users = db.selectFrom('users')
  const from: typeof users =
    segment.isLocked === true
      ? users
          .innerJoin('lockouts', 'lockouts.username_key', 'users.username_key')
          .where('lockouts.locked_until_ms', '>', nowMs)
      : users
  const { groupId, appRank, isProvisioned } = segment
  return from
    .select('users.id')
    .where((eb) => matches(eb, segment.isLocked === false ? unlocked(filter) : filter, nowMs, how))
    .$if(few !== null, (query) =>
      query.where(sql<boolean>`users.id in (select value from json_each(${JSON.stringify(few)}))`)
    )
    .$if(segment.isLocked === false && filter.locked === true, (query) => query.where(sql<boolean>`false`))
    .$if(appRank !== undefined, (query) => query.where('users.app_rank', '=', appRank ?? 0))
    .$if(isProvisioned === true, (query) => query.where('users.provisioned_at_ms', 'is not', null))
    .$if(groupId !== undefined, (query) => query.where('users.group_id', '=', groupId ?? 0))
    .$if(keys !== null, (query) => query.where(compareKeys(segment, sort.descending ? '<' : '>', keys ?? [])))
    .$if(until !== null, (query) => query.where(compareKeys(segment, sort.descending ? '>=' : '<=', until ?? [])))
}

function unlocked(filter: UserFilter): UserFilter {
  return { ...filter, locked: false }
}

/** A row value comparison, which SQLite answers from an index over the columns. */
function compareKeys(segment: Segment, operator: '<' | '<=' | '>' | '>=', position: Keys): RawBuilder<boolean> {
  const columns = sql.join(keysOf(segment).map((key) => sql.ref(key)))
  return sql<boolean>`(${columns}) ${sql.raw(operator)} (${sql.join(position)})`
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
    codeSentAtMs: row.code_sent_at_ms,
    lockedUntilMs: row.locked_until_ms !== null && row.locked_until_ms > nowMs ? row.locked_until_ms : null,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
    revision: row.revision
  }
}

function keysOfRow(segment: Segment, row: ListedRow): Keys {
  const own = segment.columns.map((key) => row[key] ?? 0)
  return segment.isLocked === true ? [row.locked_until_ms ?? 0, ...own] : own
}
