import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const mail: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('groups')
      .addColumn('transport', 'text', (column) => column.notNull().defaultTo('default'))
      .execute()
    await db.schema.alterTable('users').addColumn('code_sent_at_ms', 'bigint').execute()

    await db.schema
      .createTable('templates')
      .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('group_id', 'integer', (column) => column.references('groups.id').onDelete('cascade'))
      .addColumn('subject', 'text', (column) => column.notNull())
      .addColumn('html', 'text', (column) => column.notNull())
      .addColumn('text', 'text')
      .addColumn('updated_at_ms', 'bigint', (column) => column.notNull())
      .execute()
    await db.schema.createIndex('templates_kind_group').unique().on('templates').columns(['kind', 'group_id']).execute()
    // Nulls are all different to an index: this one holds the one for everybody apart.
    await db.schema
      .createIndex('templates_kind')
      .unique()
      .on('templates')
      .column('kind')
      .where(sql.ref('group_id'), 'is', null)
      .execute()

    // What is said is fixed when a mail is put into the outbox, and is the same for most mails.
    await db.schema
      .createTable('mail_contents')
      .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('hash', 'text', (column) => column.notNull().unique())
      .addColumn('subject', 'text', (column) => column.notNull())
      .addColumn('html', 'text', (column) => column.notNull())
      .addColumn('text', 'text')
      .execute()

    await db.schema
      .createTable('mail_batches')
      .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('actor', 'text', (column) => column.notNull())
      .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .addColumn('valid_for_ms', 'bigint')
      .addColumn('until_ms', 'bigint')
      .addColumn('started_at_ms', 'bigint')
      .addColumn('ended_at_ms', 'bigint')
      .addColumn('note', 'text')
      .addColumn('next_try_at_ms', 'bigint')
      .addColumn('counts', 'text')
      .execute()
    await db.schema
      .createIndex('mail_batches_open')
      .on('mail_batches')
      .column('state')
      .where(sql.ref('ended_at_ms'), 'is', null)
      .execute()

    await db.schema
      .createTable('mails')
      .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('batch_id', 'integer', (column) => column.references('mail_batches.id'))
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('user_id', 'integer', (column) => column.notNull().references('users.id'))
      .addColumn('content_id', 'integer', (column) => column.notNull().references('mail_contents.id'))
      .addColumn('transport', 'text', (column) => column.notNull())
      .addColumn('address', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull().defaultTo(0))
      .addColumn('message_id', 'text', (column) => column.notNull())
      .addColumn('sealed', 'text')
      .addColumn('code_id', 'integer', (column) => column.references('codes.id'))
      .addColumn('valid_for_ms', 'bigint')
      .addColumn('next_try_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('response', 'text')
      .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('updated_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('sent_at_ms', 'bigint')
      .execute()
    await db.schema
      .createIndex('mails_batch_state')
      .on('mails')
      .columns(['batch_id', 'transport', 'state', 'next_try_at_ms'])
      .execute()
    await db.schema.createIndex('mails_state').on('mails').columns(['state', 'id']).execute()
    await db.schema.createIndex('mails_user_id').on('mails').columns(['user_id', 'id']).execute()

    await db.schema
      .createTable('mail_lease')
      .addColumn('id', 'integer', (column) => column.primaryKey().check(sql`id = 1`))
      .addColumn('holder', 'text', (column) => column.notNull())
      .addColumn('until_ms', 'bigint', (column) => column.notNull())
      .execute()
  }
}
