import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

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
  code_issued_key: ['bigint', 'coalesce(code_issued_at_ms, 0)'],
  code_expires_key: ['bigint', 'coalesce(code_expires_at_ms, 0)']
} as const

/** Each ends in the username, so that it puts all users in one order. */
const orders = {
  users_by_group: ['group_id', 'username_key'],
  // Whether there is an app lies in it, so that setting one up touches this index alone.
  users_by_username: ['username_key', 'app_rank'],
  users_by_name: ['name_key', 'username_key'],
  users_by_email: ['email_key', 'username_key'],
  users_by_phone: ['phone', 'username_key'],
  users_by_disabled: ['disabled', 'username_key'],
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
    // Nobody without an app is in it: setting one up then adds an entry at its end, and moves none.
    await db.schema
      .createIndex('users_by_provisioned')
      .on('users')
      .columns(['provisioned_at_ms', 'username_key', 'removed_at_ms'])
      .where(sql.ref('removed_at_ms'), 'is', null)
      .where(sql.ref('provisioned_at_ms'), 'is not', null)
      .execute()
    await db.schema.dropIndex('users_group_id').execute()
    // What these were for is found by the new ones, and each costs a bulk issue time.
    await db.schema.dropIndex('users_app_state').execute()
    await db.schema.dropIndex('users_code_state').execute()
    await keyDevicesByUser(db)
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

/** A user has one device, so the user's id is all the key that it needs: an id of its own cost each attempt two more pages. */
async function keyDevicesByUser(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('devices_by_user')
    .addColumn('user_id', 'integer', (column) => column.primaryKey().references('users.id'))
    .addColumn('id_hash', 'text', (column) => column.notNull().unique())
    .addColumn('secret', 'text', (column) => column.notNull())
    .addColumn('generation', 'integer', (column) => column.notNull())
    .addColumn('provisioned_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('code_id', 'integer', (column) => column.notNull().references('codes.id'))
    .addColumn('address', 'text', (column) => column.notNull())
    .execute()
  await sql`
    insert into devices_by_user (user_id, id_hash, secret, generation, provisioned_at_ms, code_id, address)
    select user_id, id_hash, secret, generation, provisioned_at_ms, code_id, address from devices`.execute(db)
  await db.schema.dropTable('devices').execute()
  await db.schema.alterTable('devices_by_user').renameTo('devices').execute()
}

const plainLetters: Record<string, string> = { ł: 'l', ø: 'o', đ: 'd', ð: 'd', þ: 'th', æ: 'ae', œ: 'oe', ı: 'i' }

/** As names were folded when this migration was written: what it did must not change with the program. */
function foldForSearch(text: string): string {
  let folded = ''
  for (const character of text.normalize('NFKD').replace(/\p{M}/gu, '').normalize('NFC')) {
    folded += character === 'ı' ? character : character.toLowerCase().toUpperCase().toLowerCase()
  }
  return folded.normalize('NFC').replace(/[łøđðþæœı]/g, (letter) => plainLetters[letter] ?? letter)
}
