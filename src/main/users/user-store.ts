import { sql, type Expression, type ExpressionBuilder, type Insertable, type Selectable, type SqlBool } from 'kysely'
import type { AppState, CodeState, UserFilter } from '../../shared/user.ts'
import { runFixed } from '../store/fixed-statement.ts'
import type { Db, Flag, Tables, UsersTable } from '../store/schema.ts'
import { searchWords } from './search-text.ts'
import { foldCase } from '../system/fold-case.ts'

export type UserRow = Selectable<UsersTable>
export type NewUserRow = Pick<
  Insertable<UsersTable>,
  'username' | 'username_key' | 'name' | 'email' | 'phone' | 'search_text' | 'name_key' | 'group_id'
>

/** A user is known by it until removed; a removed user's row stays for the log and never answers to the name again. */
export async function findUserByKey(db: Db, usernameKey: string): Promise<UserRow | undefined> {
  const [row] = await runFixed<UserRow>(db, 'select * from users where username_key = ? and removed_at_ms is null', [
    usernameKey
  ])
  return row
}

/** Undefined for a removed one. */
export async function findUserById(db: Db, id: number): Promise<UserRow | undefined> {
  return db.selectFrom('users').selectAll().where('id', '=', id).where('removed_at_ms', 'is', null).executeTakeFirst()
}

/** Ids of who has the name, first, and of those who once had it and were removed, the last one first. From indexes alone. */
export async function findNameHolders(db: Db, usernameKey: string, limit: number): Promise<number[]> {
  const present = await runFixed<{ id: number }>(
    db,
    'select id from users where username_key = ? and removed_at_ms is null',
    [usernameKey]
  )
  const former = await runFixed<{ id: number }>(
    db,
    'select id from users where username_key = ? and removed_at_ms is not null order by id desc limit ?',
    [usernameKey, limit - 1]
  )
  return [...present, ...former].map(({ id }) => id)
}

/** Also one who was removed. */
export async function findUserEver(db: Db, id: number): Promise<UserRow | undefined> {
  const [row] = await runFixed<UserRow>(db, 'select * from users where id = ?', [id])
  return row
}

/** Somebody, for work that is done in the place of a user whom nobody has. */
export async function findAnyUser(db: Db): Promise<UserRow | undefined> {
  const [row] = await runFixed<UserRow>(db, 'select * from users order by id limit 1', [])
  return row
}

/** At most 500 keys; those that no user has are left out. */
export async function findUsersByKeys(db: Db, usernameKeys: string[]): Promise<Map<string, UserRow>> {
  const rows = await db
    .selectFrom('users')
    .selectAll()
    .where('username_key', 'in', usernameKeys)
    .where('removed_at_ms', 'is', null)
    .execute()
  return new Map(rows.map((row) => [row.username_key, row]))
}

export async function insertUsers(db: Db, rows: NewUserRow[], nowMs: number): Promise<void> {
  if (rows.length === 0) return
  const stamped = rows.map((row) => ({
    ...row,
    disabled: 0 as Flag,
    app_state: 'none' as const,
    code_state: 'none' as const,
    created_at_ms: nowMs,
    updated_at_ms: nowMs,
    revision: 1
  }))
  await db.insertInto('users').values(stamped).execute()
}

export async function updateUser(db: Db, id: number, change: Partial<NewUserRow>, nowMs: number): Promise<void> {
  await db
    .updateTable('users')
    .set((eb) => ({ ...change, updated_at_ms: nowMs, revision: eb('revision', '+', 1) }))
    .where('id', '=', id)
    .execute()
}

export async function setUsersDisabled(db: Db, ids: number[], disabled: boolean, nowMs: number): Promise<void> {
  await db
    .updateTable('users')
    .set((eb) => ({ disabled: disabled ? 1 : 0, updated_at_ms: nowMs, revision: eb('revision', '+', 1) }))
    .where('id', 'in', ids)
    .execute()
}

export async function markUsersRemoved(db: Db, ids: number[], nowMs: number): Promise<void> {
  await db
    .updateTable('users')
    .set((eb) => ({ removed_at_ms: nowMs, updated_at_ms: nowMs, revision: eb('revision', '+', 1) }))
    .where('id', 'in', ids)
    .execute()
}

/** Of these users (at most 500) the ones that are not removed. */
export async function findUsersByIds(db: Db, ids: number[]): Promise<UserRow[]> {
  return db.selectFrom('users').selectAll().where('id', 'in', ids).where('removed_at_ms', 'is', null).execute()
}

/** Of these users (at most 500) the ones that are removed. */
export async function findRemovedUsers(db: Db, ids: number[]): Promise<UserRow[]> {
  return db.selectFrom('users').selectAll().where('id', 'in', ids).where('removed_at_ms', 'is not', null).execute()
}

/** Their names must be free. */
export async function markUsersRestored(db: Db, ids: number[], nowMs: number): Promise<void> {
  await db
    .updateTable('users')
    .set((eb) => ({ removed_at_ms: null, updated_at_ms: nowMs, revision: eb('revision', '+', 1) }))
    .where('id', 'in', ids)
    .execute()
}

/** The first users of a group by name, at most `limit`; removed ones are left out. */
export async function usersOfGroup(db: Db, groupId: number, limit: number): Promise<UserRow[]> {
  return db
    .selectFrom('users')
    .selectAll()
    .where('group_id', '=', groupId)
    .where('removed_at_ms', 'is', null)
    .orderBy('username_key')
    .limit(limit)
    .execute()
}

export async function setUsersGroup(db: Db, ids: number[], groupId: number, nowMs: number): Promise<void> {
  await db
    .updateTable('users')
    .set((eb) => ({ group_id: groupId, updated_at_ms: nowMs, revision: eb('revision', '+', 1) }))
    .where('id', 'in', ids)
    .execute()
}

/** Of these users (at most 500) the ones that are neither disabled nor removed now. */
export async function activeUserIds(db: Db, ids: number[]): Promise<Set<number>> {
  const rows = await db
    .selectFrom('users')
    .select('id')
    .where('id', 'in', ids)
    // The plus keeps SQLite from the index over this column, through which it would go from end to end.
    .where(sql<Flag>`+disabled`, '=', 0)
    .where('removed_at_ms', 'is', null)
    .execute()
  return new Set(rows.map(({ id }) => id))
}

export type UsersExpression = ExpressionBuilder<Tables, 'users'>

/**
 * How rows are come by. `in-order`: from the index of their order, where the one over the states of codes would find all that
 * match first, and sort them. `by-table`: in the order of the table, without any index, each of which has a row to be looked up
 * for each of its entries: four times as slow where it comes to every row.
 */
export type Reading = 'any' | 'in-order' | 'by-table'

/** The conditions of a filter over `users`, removed ones never included. */
export function matches(
  eb: UsersExpression,
  filter: UserFilter,
  nowMs: number,
  given: Reading = 'any'
): Expression<SqlBool> {
  const words = searchWords(filter.query ?? '')
  const isInNoIndex = words.length > 0 || filter.sent !== undefined
  const how = given === 'any' && isInNoIndex && filter.username === undefined ? 'by-table' : given
  // A plus keeps SQLite from the indexes over a column, and from those that are limited by it.
  const removedAtMs = how === 'by-table' ? sql<number | null>`+users.removed_at_ms` : eb.ref('users.removed_at_ms')
  const conditions: Expression<SqlBool>[] = [eb(removedAtMs, 'is', null)]
  if (filter.username !== undefined) conditions.push(eb('users.username_key', '=', foldCase(filter.username)))
  if (filter.group !== undefined) {
    const group = eb.selectFrom('groups').select('id').where('name_key', '=', foldCase(filter.group))
    conditions.push(eb('users.group_id', '=', group))
  }
  if (filter.disabled !== undefined) conditions.push(eb('users.disabled', '=', filter.disabled ? 1 : 0))
  if (filter.sent !== undefined) conditions.push(eb('users.code_sent_at_ms', filter.sent ? 'is not' : 'is', null))
  if (filter.app) {
    const ranks = filter.app.map((state) => appRanks[state])
    conditions.push(eb('users.app_rank', 'in', ranks))
  }
  if (filter.code) conditions.push(eb.or(filter.code.map((state) => isCodeState(eb, state, nowMs, how))))
  if (filter.locked !== undefined) {
    const locked = eb.exists(
      eb
        .selectFrom('lockouts')
        .select('lockouts.username_key')
        .whereRef('lockouts.username_key', '=', 'users.username_key')
        .where('lockouts.locked_until_ms', '>', nowMs)
    )
    conditions.push(filter.locked ? locked : eb.not(locked))
  }
  // Last, since it takes longest.
  for (const word of words) {
    conditions.push(sql<SqlBool>`users.search_text like ${`%${word.replace(/[\\%_]/g, '\\$&')}%`} escape '\\'`)
  }
  return eb.and(conditions)
}

/** Ranks as the database derives them (migration 002), whose indexes hold them. */
const appRanks: Record<AppState, number> = { none: 0, 'set-up': 1, provisioned: 2 }
export const codeRanks: Record<UsersTable['code_state'], number> = {
  none: 0,
  withdrawn: 1,
  failed: 2,
  expired: 3,
  live: 4,
  used: 5
}

function isCodeState(eb: UsersExpression, state: CodeState, nowMs: number, how: Reading): Expression<SqlBool> {
  if (state === 'superseded') return eb.lit(false)
  // The rank is in the index over states; where a row is looked at, what it is derived from is read sooner.
  const [written, end] =
    how === 'any'
      ? [(one: keyof typeof codeRanks) => eb('users.code_rank', '=', codeRanks[one]), 'users.code_expires_key' as const]
      : [(one: keyof typeof codeRanks) => eb('users.code_state', '=', one), 'users.code_expires_at_ms' as const]
  if (state === 'live') return eb.and([written('live'), eb(end, '>', nowMs)])
  if (state !== 'expired') return written(state)
  return eb.or([written('expired'), eb.and([written('live'), eb(end, '<=', nowMs)])])
}

export async function countUsers(db: Db, filter: UserFilter, nowMs: number): Promise<number> {
  const { users } = await db
    .selectFrom('users')
    .select((eb) => eb.fn.countAll<number>().as('users'))
    .where((eb) => matches(eb, filter, nowMs))
    .executeTakeFirstOrThrow()
  return users
}

/** The next rows of a filter in the order of ids, which no bulk act changes while it goes through them. */
export async function nextMatchingRows(
  db: Db,
  filter: UserFilter,
  afterId: number,
  limit: number,
  nowMs: number
): Promise<UserRow[]> {
  return db
    .selectFrom('users')
    .selectAll('users')
    .where((eb) => matches(eb, filter, nowMs))
    .where('users.id', '>', afterId)
    .orderBy('users.id')
    .limit(limit)
    .execute()
}

/**
 * How many users (not removed) are in each state of the app. Every username is above the empty one: asked for so, SQLite reads the
 * rank from the index over usernames and looks at no row.
 */
export async function countUsersByApp(db: Db): Promise<Record<AppState, number>> {
  const countOf = (rank: number) =>
    sql<number>`(select count(*) from users where removed_at_ms is null and username_key > '' and app_rank = ${rank})`
  const { rows } = await sql<{ all: number; setUp: number; provisioned: number }>`
    select (select count(*) from users where removed_at_ms is null) as "all",
      ${countOf(appRanks['set-up'])} as "setUp", ${countOf(appRanks.provisioned)} as provisioned`.execute(db)
  const [{ all, setUp, provisioned } = { all: 0, setUp: 0, provisioned: 0 }] = rows
  return { none: all - setUp - provisioned, 'set-up': setUp, provisioned }
}

/** How many users (not removed) are in each state of the code: each a stretch of the index that orders them by it. */
export async function countUsersByCode(db: Db, nowMs: number): Promise<Record<CodeState, number>> {
  const countOf = (rank: number, isPast?: boolean) => {
    const end = isPast === undefined ? sql`` : sql`and code_expires_key ${sql.raw(isPast ? '<=' : '>')} ${nowMs}`
    return sql<number>`(select count(*) from users where removed_at_ms is null and code_rank = ${rank} ${end})`
  }
  const { none, withdrawn, failed, expired, live, used } = codeRanks
  const { rows } = await sql<Record<Exclude<CodeState, 'superseded'>, number>>`
    select ${countOf(none)} as none, ${countOf(withdrawn)} as withdrawn, ${countOf(failed)} as failed,
      ${countOf(expired)} + ${countOf(live, true)} as expired, ${countOf(live, false)} as live, ${countOf(used)} as used
    `.execute(db)
  const [counts = { none: 0, withdrawn: 0, failed: 0, expired: 0, live: 0, used: 0 }] = rows
  return { ...counts, superseded: 0 }
}
