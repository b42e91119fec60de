import { sql, type Selectable } from 'kysely'
import type { AuditFilter, AuditKind } from '../../shared/audit.ts'
import { runFixed } from '../store/fixed-statement.ts'
import type { AuditCheckpointTable, AuditTable, Db } from '../store/schema.ts'

export type AuditRow = Selectable<AuditTable>

/** Entries after which times of the log begin anew; said as the index `audit_time_set_right` says it, to be answered from it. */
export const timeSetRight = sql<boolean>`kind = 'time.set-right'`

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

export type CheckpointRow = Selectable<AuditCheckpointTable>

export async function findCheckpoint(db: Db): Promise<CheckpointRow | undefined> {
  return db.selectFrom('audit_checkpoint').selectAll().orderBy('id').executeTakeFirst()
}

export async function writeCheckpoint(db: Db, row: CheckpointRow): Promise<void> {
  await db
    .insertInto('audit_checkpoint')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
}

/** Rows up to this one, with what the index says of them. */
export async function deleteAuditRows(db: Db, untilId: number): Promise<void> {
  await db.deleteFrom('audit_users').where('audit_id', '<=', untilId).execute()
  await db.deleteFrom('audit').where('id', '<=', untilId).execute()
}

export async function firstAuditId(db: Db): Promise<number> {
  const row = await db.selectFrom('audit').select('id').orderBy('id').limit(1).executeTakeFirst()
  return row?.id ?? 1
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

/** Acts on many users that leave nothing but an entry of the log which lists them; an index holds their names. */
export const listingKinds: readonly AuditKind[] = [
  'users.imported',
  'users.disabled',
  'users.enabled',
  'users.moved',
  'users.restored',
  'users.unlocked',
  'users.unprovisioned'
]

export async function indexListedUsers(db: Db, auditId: number, usernames: readonly string[]): Promise<void> {
  await runFixed(db, 'insert or ignore into audit_users (username, audit_id) select value, ? from json_each(?)', [
    auditId,
    JSON.stringify(usernames)
  ])
}

/** Entries since then that list the user among others, the newest first. */
export async function findListingRows(db: Db, username: string, sinceMs: number, limit: number): Promise<AuditRow[]> {
  return db
    .selectFrom('audit_users')
    .innerJoin('audit', 'audit.id', 'audit_users.audit_id')
    .selectAll('audit')
    .where('audit_users.username', '=', username)
    .where('audit.at_ms', '>=', sinceMs)
    .orderBy('audit_users.audit_id', 'desc')
    .limit(limit)
    .execute()
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
export async function timeAt(db: Db, id: number): Promise<number> {
  const row = await db
    .selectFrom('audit')
    .select('at_ms')
    .where('id', '>=', id)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return row?.at_ms ?? Number.MAX_SAFE_INTEGER
}
