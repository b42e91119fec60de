import type { Selectable } from 'kysely'
import type { AuditTable, Db } from '../database/schema.ts'

export type AuditRow = Selectable<AuditTable>

export async function lastAuditRow(db: Db): Promise<Pick<AuditRow, 'id' | 'mac'> | undefined> {
  return db.selectFrom('audit').select(['id', 'mac']).orderBy('id', 'desc').limit(1).executeTakeFirst()
}

export async function insertAuditRow(db: Db, row: AuditRow): Promise<void> {
  await db.insertInto('audit').values(row).execute()
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
