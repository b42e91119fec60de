import { sql, type Expression, type SqlBool } from 'kysely'
import type { Db } from '../store/schema.ts'
import { waitingStates } from '../outbox/outbox-store.ts'

/** Two readings of one moment: the time that ran ahead, and the clock. */
export interface TimeShift {
  fromMs: number
  toMs: number
}

/** Codes of emails that wait to be sent: nobody has seen them. */
const codesOfWaitingMails = (db: Db) =>
  db
    .selectFrom('mails')
    .select((eb) => eb.ref('code_id').$notNull().as('id'))
    .where('state', 'in', waitingStates)
    .where('sealed', 'is not', null)
    .where('code_id', 'is not', null)

/** The next users, by id, with a code marked live that somebody may hold or that has expired. */
export async function nextHolders(
  db: Db,
  afterUserId: number,
  nowMs: number,
  limit: number
): Promise<{ id: number; username: string }[]> {
  return db
    .selectFrom('codes')
    .innerJoin('users', 'users.id', 'codes.user_id')
    .select(['users.id', 'users.username'])
    .where('codes.state', '=', sql.lit('live' as const))
    .where('codes.user_id', '>', afterUserId)
    .where((eb) => eb.or([eb('codes.expires_at_ms', '<=', nowMs), eb('codes.id', 'not in', codesOfWaitingMails(db))]))
    .orderBy('codes.user_id')
    .limit(limit)
    .execute()
}

export async function countLiveLinks(db: Db, nowMs: number): Promise<number> {
  const { links } = await db
    .selectFrom('reprovision_links')
    .select((eb) => eb.fn.countAll<number>().as('links'))
    .where('used_at_ms', 'is', null)
    .where('expires_at_ms', '>', nowMs)
    .executeTakeFirstOrThrow()
  return links
}

/** What was asked for within the day still counts, as long ago as it is. */
export async function endLinks(db: Db, { fromMs, toMs }: TimeShift): Promise<void> {
  await db
    .updateTable('reprovision_links')
    .set({ expires_at_ms: toMs })
    .where('used_at_ms', 'is', null)
    .where('expires_at_ms', '>', toMs)
    .execute()
  await db
    .updateTable('reprovision_links')
    .set((eb) => ({ created_at_ms: eb('created_at_ms', '-', fromMs - toMs) }))
    .where('created_at_ms', '>', toMs - linksCountForMs)
    .execute()
}

const linksCountForMs = 86_400_000

/** Locks and counts last as long as they would have. */
export async function shiftLocks(db: Db, { fromMs, toMs }: TimeShift): Promise<void> {
  const byMs = fromMs - toMs
  await db
    .updateTable('lockouts')
    .set((eb) => ({
      window_ms: eb('window_ms', '-', byMs),
      slowed_until_ms: sql<number>`max(0, slowed_until_ms - ${byMs})`,
      locked_until_ms: sql<number>`max(0, locked_until_ms - ${byMs})`,
      updated_at_ms: eb('updated_at_ms', '-', byMs)
    }))
    .execute()
  await db
    .updateTable('guessers')
    .set((eb) => ({
      locked_until_ms: sql<number>`max(0, locked_until_ms - ${byMs})`,
      updated_at_ms: eb('updated_at_ms', '-', byMs)
    }))
    .execute()
  await db
    .updateTable('address_failures')
    .set((eb) => ({ at_ms: eb('at_ms', '-', byMs) }))
    .execute()
}

/**
 * Emails go on waiting as long as they would have, with what is left of their codes' lives; a batch that is planned for a date
 * keeps its date. Returns how many wait with a code.
 */
export async function shiftOutbox(db: Db, { fromMs, toMs }: TimeShift): Promise<number> {
  const byMs = fromMs - toMs
  const kept = await db
    .updateTable('codes')
    .set((eb) => ({ expires_at_ms: eb('expires_at_ms', '-', byMs) }))
    .where('state', '=', sql.lit('live' as const))
    .returning('user_id')
    .execute()
  await db
    .updateTable('users')
    .set((eb) => ({ code_expires_at_ms: eb('code_expires_at_ms', '-', byMs) }))
    .where('code_state', '=', 'live')
    .execute()
  const planned = db
    .selectFrom('mail_batches')
    .select('id')
    .whereRef('at_ms', '>', 'created_at_ms')
    .where('started_at_ms', 'is', null)
  await db
    .updateTable('mails')
    .set((eb) => ({ next_try_at_ms: eb('next_try_at_ms', '-', byMs) }))
    .where('state', 'in', waitingStates)
    .where((eb) => eb.or([eb('batch_id', 'is', null), eb('batch_id', 'not in', planned)]))
    .execute()
  await db
    .updateTable('mail_batches')
    .set((eb) => ({ next_try_at_ms: eb('next_try_at_ms', '-', byMs) }))
    .where('ended_at_ms', 'is', null)
    .execute()
  await db
    .updateTable('mail_batches')
    .set({ at_ms: toMs })
    .where('id', 'not in', planned)
    .where('at_ms', '>', toMs)
    .execute()
  await db
    .updateTable('mail_lease')
    .set((eb) => ({ until_ms: eb('until_ms', '-', byMs) }))
    .execute()
  return kept.length
}

/** When things happened, by table; what would lie in the future is taken for now. */
const happened = {
  codes: ['issued_at_ms', 'ended_at_ms'],
  users: ['code_issued_at_ms', 'code_sent_at_ms', 'provisioned_at_ms', 'updated_at_ms'],
  devices: ['provisioned_at_ms'],
  mails: ['created_at_ms', 'updated_at_ms', 'sent_at_ms'],
  mail_batches: ['created_at_ms', 'started_at_ms', 'ended_at_ms'],
  reprovision_links: ['used_at_ms'],
  sheets: ['made_at_ms']
} as const

/** The log stays as it was written. */
export async function bringToNow(db: Db, toMs: number): Promise<void> {
  for (const [table, columns] of Object.entries(happened)) {
    const changes = sql.join(columns.map((column) => sql`${sql.ref(column)} = min(${sql.ref(column)}, ${toMs})`))
    const isAhead = sql.join(
      columns.map((column): Expression<SqlBool> => sql<SqlBool>`${sql.ref(column)} > ${toMs}`),
      sql` or `
    )
    await sql`update ${sql.table(table)} set ${changes} where ${isAhead}`.execute(db)
  }
  const isPast = sql<SqlBool>`code_state <> 'live' and code_expires_at_ms > ${toMs}`
  await db.updateTable('users').set({ code_expires_at_ms: toMs }).where(isPast).execute()
}
