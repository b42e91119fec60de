import { sql, type Expression, type ExpressionBuilder, type Insertable, type Selectable, type SqlBool } from 'kysely'
import type { CodeState, UserFilter } from '../../shared/user.ts'
import type { Db, Flag, Tables, UsersTable } from '../database/schema.ts'
import { searchWords } from './search-text.ts'
import { foldCase } from '../fold-case.ts'

export type UserRow = Selectable<UsersTable>
export type NewUserRow = Pick<
  Insertable<UsersTable>,
  'username' | 'username_key' | 'name' | 'email' | 'phone' | 'search_text' | 'name_key' | 'group_id'
>

/** A user is known by it until removed; a removed user's row stays for the log and never answers to the name again. */
export async function findUserByKey(db: Db, usernameKey: string): Promise<UserRow | undefined> {
  return db
    .selectFrom('users')
    .selectAll()
    .where('username_key', '=', usernameKey)
    .where('removed_at_ms', 'is', null)
    .executeTakeFirst()
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

/** Of these users (at most 500) the ones that are neither disabled nor removed now. */
export async function activeUserIds(db: Db, ids: number[]): Promise<Set<number>> {
  const rows = await db
    .selectFrom('users')
    .select('id')
    .where('id', 'in', ids)
    .where('disabled', '=', 0)
    .where('removed_at_ms', 'is', null)
    .execute()
  return new Set(rows.map(({ id }) => id))
}

export type UsersExpression = ExpressionBuilder<Tables, 'users'>

/** The conditions of a filter over `users`, removed ones never included. */
export function matches(eb: UsersExpression, filter: UserFilter, nowMs: number): Expression<SqlBool> {
  const conditions: Expression<SqlBool>[] = [eb('users.removed_at_ms', 'is', null)]
  for (const word of searchWords(filter.query ?? '')) {
    conditions.push(sql<SqlBool>`users.search_text like ${`%${word.replace(/[\\%_]/g, '\\$&')}%`} escape '\\'`)
  }
  if (filter.username !== undefined) conditions.push(eb('users.username_key', '=', foldCase(filter.username)))
  if (filter.group !== undefined) {
    const group = eb.selectFrom('groups').select('id').where('name_key', '=', foldCase(filter.group))
    conditions.push(eb('users.group_id', '=', group))
  }
  if (filter.disabled !== undefined) conditions.push(eb('users.disabled', '=', filter.disabled ? 1 : 0))
  if (filter.app) conditions.push(eb('users.app_state', 'in', filter.app))
  if (filter.code) conditions.push(eb.or(filter.code.map((state) => isCodeState(eb, state, nowMs))))
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
  return eb.and(conditions)
}

function isCodeState(eb: UsersExpression, state: CodeState, nowMs: number): Expression<SqlBool> {
  const isWritten = (written: UsersTable['code_state']) => eb('users.code_state', '=', written)
  if (state === 'live') return eb.and([isWritten('live'), eb('users.code_expires_at_ms', '>', nowMs)])
  if (state === 'expired') {
    return eb.or([isWritten('expired'), eb.and([isWritten('live'), eb('users.code_expires_at_ms', '<=', nowMs)])])
  }
  if (state === 'superseded') return eb.lit(false)
  return isWritten(state)
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

/** How many users (not removed) are in each pair of written states. */
export async function countUsersByState(
  db: Db,
  nowMs: number
): Promise<{ app: UserRow['app_state']; code: CodeState; users: number }[]> {
  const code = sql<CodeState>`case when code_state = 'live' and code_expires_at_ms <= ${nowMs} then 'expired' else code_state end`
  return db
    .selectFrom('users')
    .select((eb) => ['app_state as app' as const, code.as('code'), eb.fn.countAll<number>().as('users')])
    .where('removed_at_ms', 'is', null)
    .groupBy(['app_state', code])
    .execute()
}
