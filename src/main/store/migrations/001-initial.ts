import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const initial: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('server_state')
      .addColumn('id', 'integer', (column) => column.primaryKey().check(sql`id = 1`))
      .addColumn('high_water_ms', 'bigint', (column) => column.notNull())
      .addColumn('key_check', 'text', (column) => column.notNull())
      .execute()

    await db.schema
      .createTable('settings')
      .addColumn('key', 'text', (column) => column.primaryKey())
      .addColumn('value', 'text', (column) => column.notNull())
      .addColumn('updated_at_ms', 'bigint', (column) => column.notNull())
      .execute()

    await db.schema
      .createTable('groups')
      .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('name_key', 'text', (column) => column.notNull().unique())
      .addColumn('mobile_client', 'integer', (column) => column.notNull())
      .addColumn('self_provision', 'integer', (column) => column.notNull())
      .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
      .execute()

    // Ids are never given twice: codes and signatures are bound to them, and a removed user's must stay dead.
    await db.schema
      .createTable('users')
      .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('username', 'text', (column) => column.notNull())
      .addColumn('username_key', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('email', 'text', (column) => column.notNull())
      .addColumn('phone', 'text', (column) => column.notNull())
      .addColumn('search_text', 'text', (column) => column.notNull())
      .addColumn('group_id', 'integer', (column) => column.notNull().references('groups.id'))
      .addColumn('disabled', 'integer', (column) => column.notNull().defaultTo(0))
      .addColumn('removed_at_ms', 'bigint')
      .addColumn('app_state', 'text', (column) => column.notNull().defaultTo('none'))
      .addColumn('provisioned_at_ms', 'bigint')
      .addColumn('code_state', 'text', (column) => column.notNull().defaultTo('none'))
      .addColumn('code_issued_at_ms', 'bigint')
      .addColumn('code_expires_at_ms', 'bigint')
      .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('updated_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('revision', 'integer', (column) => column.notNull().defaultTo(1))
      .execute()
    await db.schema
      .createIndex('users_username_key')
      .unique()
      .on('users')
      .column('username_key')
      .where(sql.ref('removed_at_ms'), 'is', null)
      .execute()
    await db.schema.createIndex('users_group_id').on('users').columns(['group_id', 'username_key']).execute()
    await db.schema.createIndex('users_code_state').on('users').columns(['code_state', 'code_expires_at_ms']).execute()
    await db.schema.createIndex('users_app_state').on('users').column('app_state').execute()

    await db.schema
      .createTable('codes')
      .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('user_id', 'integer', (column) => column.notNull().references('users.id'))
      .addColumn('code_hash', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('channel', 'text', (column) => column.notNull())
      .addColumn('issued_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('expires_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('ended_at_ms', 'bigint')
      .execute()
    // The rule "a new code ends the earlier one" held by the database itself.
    await db.schema
      .createIndex('codes_one_live')
      .unique()
      .on('codes')
      .column('user_id')
      .where(sql.ref('state'), '=', sql.lit('live'))
      .execute()
    await db.schema.createIndex('codes_user_id').on('codes').columns(['user_id', 'id']).execute()

    await db.schema
      .createTable('devices')
      .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('user_id', 'integer', (column) => column.notNull().unique().references('users.id'))
      .addColumn('id_hash', 'text', (column) => column.notNull().unique())
      .addColumn('secret', 'text', (column) => column.notNull())
      .addColumn('generation', 'integer', (column) => column.notNull())
      .addColumn('provisioned_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('code_id', 'integer', (column) => column.notNull().references('codes.id'))
      .addColumn('address', 'text', (column) => column.notNull())
      .execute()

    await db.schema
      .createTable('lockouts')
      .addColumn('username_key', 'text', (column) => column.primaryKey())
      .addColumn('wrong_attempts', 'integer', (column) => column.notNull())
      .addColumn('locks', 'integer', (column) => column.notNull())
      .addColumn('locked_until_ms', 'bigint', (column) => column.notNull())
      .addColumn('updated_at_ms', 'bigint', (column) => column.notNull())
      .execute()
    await db.schema.createIndex('lockouts_updated_at_ms').on('lockouts').column('updated_at_ms').execute()

    await db.schema
      .createTable('audit')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addColumn('actor', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('user_id', 'integer')
      .addColumn('username', 'text', (column) => column.notNull())
      .addColumn('detail', 'text', (column) => column.notNull())
      .addColumn('mac', 'text', (column) => column.notNull())
      .execute()
    await db.schema.createIndex('audit_user_id').on('audit').columns(['user_id', 'id']).execute()
  }
}
