import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const sheets: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('sheets')
      .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('made_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('made_by', 'text', (column) => column.notNull())
      .addColumn('part', 'text', (column) => column.notNull())
      .addColumn('design', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('owner', 'text', (column) => column.notNull())
      .addColumn('pages', 'integer', (column) => column.notNull())
      .addColumn('expires_at_ms', 'bigint', (column) => column.notNull())
      .execute()
    // Asked at every start, for the few that nobody finished.
    await db.schema.createIndex('sheets_state').on('sheets').column('state').execute()

    await db.schema
      .createTable('sheet_codes')
      .addColumn('sheet_id', 'integer', (column) => column.notNull().references('sheets.id'))
      .addColumn('position', 'integer', (column) => column.notNull())
      .addColumn('code_id', 'integer', (column) => column.notNull().references('codes.id'))
      .addPrimaryKeyConstraint('sheet_codes_key', ['sheet_id', 'position'])
      .execute()

    await db.schema
      .createTable('sheet_letter')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('text', 'text', (column) => column.notNull())
      .addColumn('updated_at_ms', 'bigint', (column) => column.notNull())
      .execute()
  }
}
