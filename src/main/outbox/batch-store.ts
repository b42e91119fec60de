import type { Insertable, Selectable } from 'kysely'
import { AppError } from '../../shared/errors.ts'
import type { Db, MailBatchesTable } from '../store/schema.ts'

export type BatchRow = Selectable<MailBatchesTable>

export async function insertBatch(db: Db, row: Insertable<MailBatchesTable>): Promise<number> {
  const { id } = await db.insertInto('mail_batches').values(row).returning('id').executeTakeFirstOrThrow()
  return id
}

/** Throws `batch-not-found`. */
export async function requireBatch(db: Db, id: number): Promise<BatchRow> {
  const batch = await db.selectFrom('mail_batches').selectAll().where('id', '=', id).executeTakeFirst()
  if (!batch) throw new AppError('batch-not-found', `There is no batch ${id}.`)
  return batch
}

export async function updateBatch(db: Db, id: number, change: Partial<BatchRow>): Promise<void> {
  await db.updateTable('mail_batches').set(change).where('id', '=', id).execute()
}

/** Lets a batch go that has been put together, unless somebody paused or cancelled it meanwhile. */
export async function openBatch(db: Db, id: number): Promise<void> {
  const change = { state: 'open' as const, note: null }
  await db.updateTable('mail_batches').set(change).where('id', '=', id).where('state', '=', 'made').execute()
}

/** The newest first. */
export async function listBatchRows(db: Db, page: { beforeId: number | null; limit: number }): Promise<BatchRow[]> {
  return db
    .selectFrom('mail_batches')
    .selectAll()
    .$if(page.beforeId !== null, (query) => query.where('id', '<', page.beforeId ?? 0))
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute()
}

/** Those that are not over, the oldest first. */
export async function openBatchRows(db: Db): Promise<BatchRow[]> {
  return db.selectFrom('mail_batches').selectAll().where('ended_at_ms', 'is', null).orderBy('id').execute()
}
