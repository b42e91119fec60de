import { sql, type Selectable } from 'kysely'
import type { CodeState } from '../../shared/user.ts'
import { changeFixed, runFixed } from '../store/fixed-statement.ts'
import { expectOne, isHit } from '../store/rows.ts'
import type { CodesTable, Db, UsersTable } from '../store/schema.ts'
import type { Write } from '../store/write.ts'

export type CodeRow = Selectable<CodesTable>

/**
 * Part of the statement's text: SQLite sees from it that the index of live codes serves, and would compile a statement anew for
 * each value bound in its place.
 */
const live = sql.lit('live' as const)

/** The state a code reads as: a live one past its end has expired, written or not. */
export function codeStateAt(row: Pick<CodeRow, 'state' | 'expires_at_ms'>, nowMs: number): CodeRow['state'] {
  return row.state === 'live' && row.expires_at_ms <= nowMs ? 'expired' : row.state
}

/** Ends the live codes of these users (at most 500): expired ones as such, the others as told. Returns how many were live. */
export async function endLiveCodes(
  db: Db,
  userIds: number[],
  as: 'superseded' | 'withdrawn',
  nowMs: number
): Promise<number> {
  const ended = await db
    .updateTable('codes')
    .set((eb) => {
      const isPast = eb.case().when('expires_at_ms', '<=', nowMs)
      return {
        state: isPast.then<CodeRow['state']>('expired').else<CodeRow['state']>(as).end(),
        ended_at_ms: isPast.then(eb.ref('expires_at_ms')).else(eb.val(nowMs)).end()
      }
    })
    .where('user_id', 'in', userIds)
    .where('state', '=', live)
    .returning('expires_at_ms')
    .execute()
  return ended.filter(({ expires_at_ms }) => expires_at_ms > nowMs).length
}

/** Returns the ids of the new rows by user id. */
export async function insertLiveCodes(
  db: Db,
  rows: { user_id: number; code_hash: string }[],
  issue: { channel: string; issuedAtMs: number; expiresAtMs: number }
): Promise<Map<number, number>> {
  const common = {
    state: 'live' as const,
    channel: issue.channel,
    issued_at_ms: issue.issuedAtMs,
    expires_at_ms: issue.expiresAtMs,
    ended_at_ms: null
  }
  const inserted = await db
    .insertInto('codes')
    .values(rows.map((row) => ({ ...row, ...common })))
    .returning(['id', 'user_id'])
    .execute()
  return new Map(inserted.map(({ id, user_id }) => [user_id, id]))
}

/** Whose live code is one of these (at most 500). */
export async function liveCodeOwners(db: Db, codeIds: number[]): Promise<{ id: number; username: string }[]> {
  return db
    .selectFrom('codes')
    .innerJoin('users', 'users.id', 'codes.user_id')
    .select(['users.id', 'users.username'])
    .where('codes.id', 'in', codeIds)
    .where('codes.state', '=', 'live')
    .orderBy('users.id')
    .execute()
}

/** The users' own columns follow their newest code; written in the same transaction as the code. */
export async function showNewCodes(db: Db, userIds: number[], issuedAtMs: number, expiresAtMs: number): Promise<void> {
  await db
    .updateTable('users')
    .set({
      code_state: 'live',
      code_issued_at_ms: issuedAtMs,
      code_expires_at_ms: expiresAtMs,
      code_sent_at_ms: null
    })
    .where('id', 'in', userIds)
    .execute()
}

export async function showWithdrawnCodes(db: Db, userIds: number[], nowMs: number): Promise<void> {
  await db
    .updateTable('users')
    .set((eb) => ({
      code_state: eb
        .case()
        .when('code_expires_at_ms', '<=', nowMs)
        .then<UsersTable['code_state']>('expired')
        .else<UsersTable['code_state']>('withdrawn')
        .end()
    }))
    .where('id', 'in', userIds)
    .where('code_state', '=', 'live')
    .execute()
}

/** A user's codes, newest first. */
export async function newestCodes(db: Db, userId: number, limit: number): Promise<CodeRow[]> {
  // With “user_id = ?” and an order, SQLite compiles a statement anew for each value, which takes longer than to run it.
  const text = `select * from codes where user_id in (?) order by id desc limit ${limit}`
  return runFixed<CodeRow>(db, text, [userId])
}

export async function findCodeByHash(db: Db, userId: number, codeHash: string): Promise<CodeRow | undefined> {
  const [row] = await runFixed<CodeRow>(
    db,
    'select * from codes where user_id in (?) and code_hash = ? order by id desc limit 1',
    [userId, codeHash]
  )
  return row
}

/** Ends a code that is live, and shows it on its user; one that has ended otherwise by now is left as it is. */
export async function endCode(
  db: Db,
  code: Pick<CodeRow, 'id' | 'user_id'>,
  state: 'failed' | 'expired',
  nowMs: number
): Promise<void> {
  const ended = await db
    .updateTable('codes')
    .set({ state, ended_at_ms: nowMs })
    .where('id', '=', code.id)
    .where('state', '=', live)
    .executeTakeFirst()
  if (!isHit(ended)) return
  const shown = await db
    .updateTable('users')
    .set({ code_state: state })
    .where('id', '=', code.user_id)
    .executeTakeFirst()
  expectOne(shown, 'a code that ends is shown on its user')
}

/**
 * Uses up a code that sets up an app, and shows it on its user. False where it is not live any more, or past its end: this
 * statement is what lets a code pass only once, whoever else tries it at the same moment.
 */
export async function useCode(write: Write, code: Pick<CodeRow, 'id' | 'user_id'>): Promise<boolean> {
  const { nowMs } = write
  const used = await changeFixed(
    write,
    `update codes set state = 'used', ended_at_ms = ? where id = ? and state = 'live' and expires_at_ms > ?`,
    [nowMs, code.id, nowMs]
  )
  if (used === 0) return false
  const shown = await changeFixed(
    write,
    `update users set code_state = 'used', app_state = 'set-up', provisioned_at_ms = ? where id = ?`,
    [nowMs, code.user_id]
  )
  expectOne({ numUpdatedRows: BigInt(shown) }, 'a code that is used is shown on its user')
  return true
}

export async function listCodeRows(
  db: Db,
  page: { state: CodeState | null; beforeId: number | null; limit: number },
  nowMs: number
): Promise<(CodeRow & { username: string })[]> {
  const shown = sql<string>`case when codes.state = 'live' and codes.expires_at_ms <= ${nowMs} then 'expired' else codes.state end`
  return db
    .selectFrom('codes')
    .innerJoin('users', 'users.id', 'codes.user_id')
    .selectAll('codes')
    .select('users.username')
    .$if(page.state !== null, (query) => query.where(shown, '=', page.state ?? ''))
    .$if(page.beforeId !== null, (query) => query.where('codes.id', '<', page.beforeId ?? 0))
    .orderBy('codes.id', 'desc')
    .limit(page.limit)
    .execute()
}
