import { sql, type Selectable } from 'kysely'
import type { AuditFilter, AuditKind } from '../../shared/audit.ts'
import { runFixed } from '../database/fixed-statement.ts'
import { timeSetRight } from '../database/migrations/008-clock.ts'
import type { AuditTable, Db } from '../database/schema.ts'

export type AuditRow = Selectable<AuditTable>

export async function lastAuditRow(db: Db): Promise<Pick<AuditRow, 'id' | 'mac'> | undefined> {
  const [row] = await runFixed<Pick<AuditRow, 'id' | 'mac'>>(
    db,
    'select id, mac from audit order by id desc limit 1',
    []
  )
  return row
}

export async function countAuditRows(db: Db): Promise<number> {
  const { rows } = await db
    .selectFrom('audit')
    .select((eb) => eb.fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow()
  return rows
}

export async function insertAuditRow(db: Db, row: AuditRow): Promise<void> {
  const { id, at_ms, actor, kind, user_id, username, detail, mac } = row
  await runFixed(
    db,
    'insert into audit (id, at_ms, actor, kind, user_id, username, detail, mac) values (?, ?, ?, ?, ?, ?, ?, ?)',
    [id, at_ms, actor, kind, user_id, username, detail, mac]
  )
}

/** In order of writing, from the row after `afterId` on. */
export async function readAuditRows(db: Db, afterId: number, limit: number): Promise<AuditRow[]> {
  return db.selectFrom('audit').selectAll().where('id', '>', afterId).orderBy('id').limit(limit).execute()
}

export async function listAuditRows(
  db: Db,
  page: { userId?: number | undefined; beforeId?: number | undefined; limit: number }
): Promise<AuditRow[]> {
  return db
    .selectFrom('audit')
    .selectAll()
    .$if(page.userId !== undefined, (query) => query.where('user_id', '=', page.userId ?? null))
    .$if(page.beforeId !== undefined, (query) => query.where('id', '<', page.beforeId ?? 0))
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute()
}

export interface RowCondition extends Omit<AuditFilter, 'user'> {
  /** Null for a name that no user has. */
  user?: { id: number | null; username: string }
}

/** Rows `from` to below `before` that match, the newest first. */
export async function findMatchingRows(
  db: Db,
  { user, kinds, sinceMs, untilMs, text }: RowCondition,
  { from, before }: { from: number; before: number },
  limit: number
): Promise<AuditRow[]> {
  return db
    .selectFrom('audit')
    .selectAll()
    .where('id', '>=', from)
    .where('id', '<', before)
    .$if(kinds !== undefined, (query) => query.where('kind', 'in', kinds ?? []))
    .$if(sinceMs !== undefined, (query) => query.where('at_ms', '>=', sinceMs ?? 0))
    .$if(untilMs !== undefined, (query) => query.where('at_ms', '<=', untilMs ?? 0))
    .$if(user !== undefined, (query) =>
      query.where((eb) =>
        eb.or([
          eb('user_id', '=', user?.id ?? -1),
          sql<boolean>`username like ${asPattern(user?.username ?? '')} escape '\\'`,
          // One row may speak for a chunk and list its users, as JSON.
          sql<boolean>`detail like ${`%${asPattern(JSON.stringify(user?.username ?? ''))}%`} escape '\\'`
        ])
      )
    )
    .$if(text !== undefined, (query) => {
      const pattern = `%${asPattern(text ?? '')}%`
      // Within the details text stands as JSON writes it.
      const inDetail = `%${asPattern(JSON.stringify(text ?? '').slice(1, -1))}%`
      return query.where(
        sql<boolean>`(actor like ${pattern} escape '\\' or username like ${pattern} escape '\\' or kind like ${pattern} escape '\\' or detail like ${inDetail} escape '\\')`
      )
    })
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

/** So many rows that list users are looked through: each may hold hundreds of names. */
const mostListings = 1000

/**
 * Rows of these kinds from `from` on, at the end of the log, whose details hold the username as JSON writes it; the newest
 * first.
 */
export async function findListingRows(
  db: Db,
  username: string,
  kinds: readonly AuditKind[],
  from: number,
  limit: number
): Promise<AuditRow[]> {
  const listings = db
    .selectFrom('audit')
    .select('id')
    .where('id', '>=', from)
    .where('kind', 'in', kinds)
    .where('user_id', 'is', null)
    .orderBy('id', 'desc')
    .limit(mostListings)
  return (
    db
      .selectFrom('audit')
      .selectAll()
      .where('id', 'in', listings)
      // Much faster than `like`, which folds case; PostgreSQL calls it strpos.
      .where(sql<boolean>`instr(detail, ${JSON.stringify(username)}) > 0`)
      .orderBy('id', 'desc')
      .limit(limit)
      .execute()
  )
}

function asPattern(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}

/** Times of the log may go back by less than this: so often is the latest time written down. */
const timeGrainMs = 1000

/** Rows of the log, from one to before another, whose times are in order. */
interface Stretch {
  from: number
  before: number
}

/** The log has one, and one more for each time that the time was set right. */
async function stretchesOf(db: Db, newestId: number): Promise<Stretch[]> {
  const rows = await db.selectFrom('audit').select('id').where(timeSetRight).orderBy('id').execute()
  const starts = [1, ...rows.map(({ id }) => id).filter((id) => id > 1)]
  return starts.map((from, index) => ({ from, before: starts[index + 1] ?? newestId + 1 }))
}

/** The first row that can be of this time or later. */
export async function firstIdSince(db: Db, sinceMs: number, newestId: number): Promise<number> {
  for (const stretch of await stretchesOf(db, newestId)) {
    const id = await firstIdWithin(db, sinceMs - timeGrainMs, stretch)
    if (id < stretch.before) return id
  }
  return newestId + 1
}

/** The last row that can be of this time or earlier. */
export async function lastIdUntil(db: Db, untilMs: number, newestId: number): Promise<number> {
  for (const stretch of (await stretchesOf(db, newestId)).toReversed()) {
    const id = (await firstIdWithin(db, untilMs + timeGrainMs + 1, stretch)) - 1
    if (id >= stretch.from) return id
  }
  return 0
}

/** By halving. */
async function firstIdWithin(db: Db, sinceMs: number, { from, before }: Stretch): Promise<number> {
  let [low, high] = [from, before]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if ((await timeAt(db, middle)) < sinceMs) low = middle + 1
    else high = middle
  }
  return low
}

/** Of the row with this id, or the next there is. */
async function timeAt(db: Db, id: number): Promise<number> {
  const row = await db
    .selectFrom('audit')
    .select('at_ms')
    .where('id', '>=', id)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return row?.at_ms ?? Number.MAX_SAFE_INTEGER
}
