import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { foldForSearch } from '../../users/search-text.ts'

/** What names are put in order by was not stored before; so many at a time. */
const batchRows = 1000

interface Before {
  users: { id: number; name: string; name_key: string }
}

/**
 * Generated, so that no writer can forget one. Null sorts nowhere in a row value comparison, so what is empty counts as nought.
 * A live code past its end reads as expired: live ones come after the expired and by their end, so that both stay together
 * whatever the time is.
 */
const generated = {
  email_key: ['text', 'lower(email)'],
  app_rank: ['integer', `case app_state when 'none' then 0 when 'set-up' then 1 else 2 end`],
  code_rank: [
    'integer',
    `case code_state when 'none' then 0 when 'withdrawn' then 1 when 'failed' then 2 when 'expired' then 3 when 'live' then 4 else 5 end`
  ],
  provisioned_key: ['bigint', 'coalesce(provisioned_at_ms, 0)'],
  code_issued_key: ['bigint', 'coalesce(code_issued_at_ms, 0)'],
  code_expires_key: ['bigint', 'coalesce(code_expires_at_ms, 0)']
} as const

/** Each ends in the username, so that it puts all users in one order. */
const orders = {
  users_by_group: ['group_id', 'username_key'],
  users_by_username: ['username_key'],
  users_by_name: ['name_key', 'username_key'],
  users_by_email: ['email_key', 'username_key'],
  users_by_phone: ['phone', 'username_key'],
  users_by_disabled: ['disabled', 'username_key'],
  users_by_app: ['app_rank', 'username_key'],
  users_by_provisioned: ['provisioned_key', 'username_key'],
  users_by_code: ['code_rank', 'code_expires_key', 'username_key'],
  users_by_code_issued: ['code_issued_key', 'username_key'],
  users_by_code_expires: ['code_expires_key', 'username_key'],
  users_by_created: ['created_at_ms', 'username_key'],
  users_by_updated: ['updated_at_ms', 'username_key']
}

export const usersAndLimits: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('users')
      .addColumn('name_key', 'text', (column) => column.notNull().defaultTo(''))
      .execute()
    await fillNameKeys(db)
    for (const [name, [type, expression]] of Object.entries(generated)) {
      await db.schema
        .alterTable('users')
        .addColumn(name, type, (column) => column.generatedAlwaysAs(sql.raw(expression)))
        .execute()
    }
    for (const [name, columns] of Object.entries(orders)) {
      // With the column of the condition in it, a page far down is found without a look at the rows before it.
      await db.schema
        .createIndex(name)
        .on('users')
        .columns([...columns, 'removed_at_ms'])
        .where(sql.ref('removed_at_ms'), 'is', null)
        .execute()
    }
    await db.schema.dropIndex('users_group_id').execute()
    // For the figures of the Status screen, which count every pair of states.
    await db.schema.dropIndex('users_app_state').execute()
    await db.schema
      .createIndex('users_states')
      .on('users')
      .columns(['app_state', 'code_state', 'code_expires_at_ms', 'removed_at_ms'])
      .where(sql.ref('removed_at_ms'), 'is', null)
      .execute()
    await db.schema.createIndex('lockouts_by_end').on('lockouts').columns(['locked_until_ms', 'username_key']).execute()

    // Failed attempts of the last minute by network address: what the limits count.
    await db.schema
      .createTable('address_failures')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('address_key', 'text', (column) => column.notNull())
      .addColumn('username_key', 'text', (column) => column.notNull())
      .addColumn('at_ms', 'bigint', (column) => column.notNull())
      .execute()
    await db.schema
      .createIndex('address_failures_address_key')
      .on('address_failures')
      .columns(['address_key', 'at_ms', 'username_key'])
      .execute()
    await db.schema.createIndex('address_failures_at_ms').on('address_failures').column('at_ms').execute()
  }
}

async function fillNameKeys(database: Kysely<unknown>): Promise<void> {
  const db = database as Kysely<Before>
  for (let afterId = 0; ;) {
    const rows = await db
      .selectFrom('users')
      .select(['id', 'name'])
      .where('id', '>', afterId)
      .orderBy('id')
      .limit(batchRows)
      .execute()
    for (const { id, name } of rows) {
      await db
        .updateTable('users')
        .set({ name_key: foldForSearch(name) })
        .where('id', '=', id)
        .execute()
    }
    const last = rows.at(-1)
    if (!last) return
    afterId = last.id
  }
}
