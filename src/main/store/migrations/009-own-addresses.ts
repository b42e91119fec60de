import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const ownAddresses: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('own_addresses')
      .addColumn('actor', 'text', (column) => column.primaryKey())
      .addColumn('confirmed', 'text')
      .addColumn('pending', 'text')
      .addColumn('sealed_number', 'text')
      .addColumn('asked_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('tries_left', 'integer', (column) => column.notNull())
      .execute()
  }
}
