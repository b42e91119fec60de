import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const reprovisionLinks: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('reprovision_links')
      .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('user_id', 'integer', (column) => column.notNull().references('users.id'))
      .addColumn('token_hash', 'text', (column) => column.notNull().unique())
      .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('expires_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('used_at_ms', 'bigint')
      .execute()
    await db.schema
      .createIndex('reprovision_links_user_id')
      .on('reprovision_links')
      .columns(['user_id', 'id'])
      .execute()

    // A stranger's link names whom it likes: it must not cost a look at every user.
    await db.schema
      .createIndex('users_removed_by_username')
      .on('users')
      .columns(['username_key', 'id'])
      .where(sql.ref('removed_at_ms'), 'is not', null)
      .execute()
  }
}
