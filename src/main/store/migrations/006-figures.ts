import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Those that are counted by the day they ended; a query has to say the same to be answered from the index. */
const countedEnds = sql<boolean>`state in ('used', 'expired')`

/** Entries of which the last is asked for however long ago it was; as above. */
const landmarks = sql<boolean>`kind in ('backup.created', 'mail.sample-sent')`

/** What Status counts and looks up in a folder with a million rows. */
export const figures: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.createIndex('codes_issued_at_ms').on('codes').column('issued_at_ms').execute()
    await db.schema
      .createIndex('codes_ended_at_ms')
      .on('codes')
      .columns(['state', 'ended_at_ms'])
      .where(countedEnds)
      .execute()
    // Holds next to nothing, so that it costs the entries of every day nothing.
    await db.schema.createIndex('audit_landmarks').on('audit').columns(['kind', 'id']).where(landmarks).execute()
  }
}
