import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Entries of the log that list users and leave nothing else behind; the index of their names holds these alone. */
const listingKinds = [
  'users.imported',
  'users.disabled',
  'users.enabled',
  'users.moved',
  'users.restored',
  'users.unlocked',
  'users.unprovisioned'
]

/** So many entries of the log are looked through at a time. */
const batchRows = 10_000

export const guessersAndLogIndex: Migration = {
  async up(db: Kysely<unknown>) {
    await countByNetwork(db)
    await indexListedUsers(db)
    // What stands for the entries that were cut off the beginning of the log.
    await db.schema
      .createTable('audit_checkpoint')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('row_id', 'bigint', (column) => column.notNull())
      .addColumn('row_mac', 'text', (column) => column.notNull())
      .addColumn('row_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('cut_at_ms', 'bigint', (column) => column.notNull())
      .addColumn('seal', 'text', (column) => column.notNull())
      .execute()
  }
}

/** Wrong attempts were counted for a name alone, so that a stranger could make its user wait. */
async function countByNetwork(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('guessers')
    // In the order of their arrival: the oldest go first when there are too many.
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('username_key', 'text', (column) => column.notNull())
    .addColumn('network_key', 'text', (column) => column.notNull())
    .addColumn('wrong_attempts', 'integer', (column) => column.notNull())
    .addColumn('locked_until_ms', 'bigint', (column) => column.notNull())
    .addColumn('updated_at_ms', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema
    .createIndex('guessers_by_name')
    .on('guessers')
    .columns(['username_key', 'network_key'])
    .unique()
    .execute()
  await db.schema.createIndex('guessers_updated_at_ms').on('guessers').column('updated_at_ms').execute()

  await db.schema.dropTable('lockouts').execute()
  await db.schema
    .createTable('lockouts')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('username_key', 'text', (column) => column.notNull().unique())
    .addColumn('wrong_attempts', 'integer', (column) => column.notNull())
    .addColumn('networks', 'integer', (column) => column.notNull())
    .addColumn('window_ms', 'bigint', (column) => column.notNull())
    .addColumn('locks', 'integer', (column) => column.notNull())
    .addColumn('slowed_until_ms', 'bigint', (column) => column.notNull())
    .addColumn('locked_until_ms', 'bigint', (column) => column.notNull())
    .addColumn('updated_at_ms', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('lockouts_updated_at_ms').on('lockouts').column('updated_at_ms').execute()
  await db.schema.createIndex('lockouts_by_end').on('lockouts').columns(['locked_until_ms', 'username_key']).execute()
}

/** A user's timeline looked through the end of the log for names; now it finds them. */
async function indexListedUsers(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table audit_users (
      username text not null,
      audit_id integer not null,
      primary key (username, audit_id)
    ) without rowid`.execute(db)
  await db.schema.createIndex('audit_users_audit_id').on('audit_users').column('audit_id').execute()
  const { rows } = await sql<{ id: number | null }>`select max(id) as id from audit`.execute(db)
  const newestId = rows[0]?.id ?? 0
  const kinds = sql.join(listingKinds)
  for (let afterId = 0; afterId < newestId; afterId += batchRows) {
    // An entry that somebody else wrote may be no JSON.
    await sql`
      insert or ignore into audit_users (username, audit_id)
      select named.value, audit.id
      from audit
        join json_each(case when json_valid(audit.detail) then audit.detail else '{}' end) as listed
        join json_each(case when listed.type = 'array' then listed.value else '[]' end) as named
      where audit.id > ${afterId} and audit.id <= ${afterId + batchRows}
        and audit.user_id is null and audit.kind in (${kinds})
        and listed.key in ('users', 'added', 'updated') and named.type = 'text'`.execute(db)
  }
}
