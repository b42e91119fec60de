import { sql } from 'kysely'
import { mostCountedMails, type CodeDay } from '../../shared/status.ts'
import type { Db } from '../store/schema.ts'
import { codeRanks } from '../users/user-store.ts'

/** Said as the index `codes_ended_at_ms` says it, or the query is not answered from it. */
const countedEnds = sql<boolean>`state in ('used', 'expired')`

/** Likewise for the index `audit_landmarks`. */
const landmarks = sql<boolean>`kind in ('backup.created', 'mail.sample-sent')`

/**
 * What became of codes in each of these spans of time. A live code past its end has expired and says so on its user alone, until
 * something happens to it.
 */
export async function countCodeDays(
  db: Db,
  days: { startMs: number; endMs: number }[],
  nowMs: number
): Promise<CodeDay[]> {
  const spans = sql.join(days.map(({ startMs, endMs }) => sql`(${startMs}, ${endMs})`))
  const { rows } = await sql<CodeDay>`
    with days (start_ms, end_ms) as (values ${spans})
    select start_ms as "startMs",
      (select count(*) from codes where issued_at_ms >= start_ms and issued_at_ms < end_ms) as issued,
      (select count(*) from codes
        where ${countedEnds} and state = 'used' and ended_at_ms >= start_ms and ended_at_ms < end_ms) as used,
      (select count(*) from codes
        where ${countedEnds} and state = 'expired' and ended_at_ms >= start_ms and ended_at_ms < end_ms)
      + (select count(*) from users
        where removed_at_ms is null and code_rank = ${codeRanks.live}
          and code_expires_key >= start_ms and code_expires_key < end_ms and code_expires_key <= ${nowMs}) as expired
    from days order by start_ms`.execute(db)
  return rows
}

export interface Landmark {
  atMs: number
  actor: string
  detail: Record<string, unknown>
}

/** The last entry of a kind of which the database keeps an index. */
export async function lastLandmark(db: Db, kind: 'backup.created' | 'mail.sample-sent'): Promise<Landmark | null> {
  const row = await db
    .selectFrom('audit')
    .select(['at_ms', 'actor', 'detail'])
    .where(landmarks)
    .where('kind', '=', sql.lit(kind))
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? { atMs: row.at_ms, actor: row.actor, detail: JSON.parse(row.detail) as Record<string, unknown> } : null
}

export async function wasMailEverSent(db: Db): Promise<boolean> {
  const row = await db.selectFrom('mails').select('id').where('state', '=', 'sent').limit(1).executeTakeFirst()
  return row !== undefined
}

/** Batches that wait for somebody, and why. */
export async function listStoppedBatches(db: Db): Promise<{ id: number; note: string | null }[]> {
  return db
    .selectFrom('mail_batches')
    .select(['id', 'note'])
    .where('ended_at_ms', 'is', null)
    .where('state', '=', 'stopped')
    .orderBy('id')
    .execute()
}

/**
 * Mails in this state since then whose user has been mailed nothing newer: somebody may still wait for them. Of the latest
 * `mostCountedMails` in this state.
 */
export async function countTroubledMails(db: Db, state: 'failed' | 'unknown', sinceMs: number): Promise<number> {
  const latest = db
    .selectFrom('mails')
    .select(['id', 'user_id', 'created_at_ms'])
    .where('state', '=', state)
    .orderBy('id', 'desc')
    .limit(mostCountedMails)
    .as('latest')
  const { mails } = await db
    .selectFrom(latest)
    .select((eb) => eb.fn.countAll<number>().as('mails'))
    .where('latest.created_at_ms', '>=', sinceMs)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('mails as later')
            .select('later.id')
            .whereRef('later.user_id', '=', 'latest.user_id')
            .whereRef('later.id', '>', 'latest.id')
        )
      )
    )
    .executeTakeFirstOrThrow()
  return mails
}
