import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Entries after which times of the log begin anew; a query has to say the same to be answered from the index. */
const timeSetRight = sql<boolean>`kind = 'time.set-right'`

/** By how much the folder's time runs ahead of the clock, and what it goes on by; see `advanceTime`. */
export const clock: Migration = {
  async up(db: Kysely<unknown>) {
    const table = () => db.schema.alterTable('server_state')
    await table()
      .addColumn('offset_ms', 'bigint', (column) => column.notNull().defaultTo(0))
      .execute()
    await table()
      .addColumn('base_offset_ms', 'bigint', (column) => column.notNull().defaultTo(0))
      .execute()
    await table().addColumn('ahead_since_ms', 'bigint').execute()
    await table().addColumn('machine', 'text').execute()
    await table()
      .addColumn('started_at_ms', 'bigint', (column) => column.notNull().defaultTo(0))
      .execute()
    await db.schema.createIndex('audit_time_set_right').on('audit').column('id').where(timeSetRight).execute()
  }
}
