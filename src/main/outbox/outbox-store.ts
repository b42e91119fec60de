import { createHash } from 'node:crypto'
import type { Insertable, Selectable } from 'kysely'
import { messageStates, type MessageCounts, type MessageState } from '../../shared/outbox.ts'
import type { TemplateContent } from '../../shared/template.ts'
import type { Db, MailContentsTable, MailsTable } from '../store/schema.ts'

export type MailRow = Selectable<MailsTable>
export type MailContentRow = Selectable<MailContentsTable>
/** A mail with the user it goes to, as the user is now. */
export type AddressedMailRow = MailRow & { username: string; name: string }

/** States from which a mail goes on by itself. */
export const waitingStates = ['queued', 'sending', 'deferred'] as const satisfies MessageState[]

export function noCounts(): MessageCounts {
  return Object.fromEntries(messageStates.map((state) => [state, 0])) as MessageCounts
}

/** The id of a content, which is kept once however many mails say it. */
export async function keepContent(db: Db, { subject, html, text }: TemplateContent): Promise<number> {
  const hash = createHash('sha256')
    .update(JSON.stringify([subject, html, text]))
    .digest('base64url')
  const known = await db.selectFrom('mail_contents').select('id').where('hash', '=', hash).executeTakeFirst()
  if (known) return known.id
  const { id } = await db
    .insertInto('mail_contents')
    .values({ hash, subject, html, text })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

export async function findContent(db: Db, id: number): Promise<MailContentRow> {
  return db.selectFrom('mail_contents').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

/** Counts of these batches, by batch and state. */
export async function countMailsOf(db: Db, batchIds: number[]): Promise<Map<number, MessageCounts>> {
  const counts = new Map<number, MessageCounts>(batchIds.map((id) => [id, noCounts()]))
  if (batchIds.length === 0) return counts
  const rows = await db
    .selectFrom('mails')
    .select(['batch_id', 'state', (eb) => eb.fn.countAll<number>().as('mails')])
    .where('batch_id', 'in', batchIds)
    .groupBy(['batch_id', 'state'])
    .execute()
  for (const { batch_id, state, mails } of rows) {
    const known = counts.get(batch_id ?? 0)
    if (known) known[state] = mails
  }
  return counts
}

export async function countMails(db: Db): Promise<MessageCounts> {
  const rows = await db
    .selectFrom('mails')
    .select(['state', (eb) => eb.fn.countAll<number>().as('mails')])
    .groupBy('state')
    .execute()
  return { ...noCounts(), ...Object.fromEntries(rows.map(({ state, mails }) => [state, mails])) }
}

export async function insertMails(db: Db, rows: Insertable<MailsTable>[]): Promise<{ id: number; user_id: number }[]> {
  if (rows.length === 0) return []
  const ids: { id: number; user_id: number }[] = []
  // SQLite takes 32,766 values in one statement.
  for (let start = 0; start < rows.length; start += 500) {
    ids.push(
      ...(await db
        .insertInto('mails')
        .values(rows.slice(start, start + 500))
        .returning(['id', 'user_id'])
        .execute())
    )
  }
  return ids
}

export async function setCodeOfMail(db: Db, id: number, codeId: number, sealed: string): Promise<void> {
  await db.updateTable('mails').set({ code_id: codeId, sealed }).where('id', '=', id).execute()
}

export async function updateMails(db: Db, ids: number[], change: Partial<MailRow>): Promise<void> {
  if (ids.length === 0) return
  await db.updateTable('mails').set(change).where('id', 'in', ids).execute()
}

export interface MailPage {
  batchId?: number | null | undefined
  states?: MessageState[] | undefined
  userId?: number | undefined
  beforeId?: number | undefined
  limit: number
}

/** The newest first. */
export async function listMailRows(db: Db, page: MailPage): Promise<AddressedMailRow[]> {
  const { batchId, states, userId, beforeId } = page
  return db
    .selectFrom('mails')
    .innerJoin('users', 'users.id', 'mails.user_id')
    .selectAll('mails')
    .select(['users.username', 'users.name'])
    .$if(batchId === null, (query) => query.where('mails.batch_id', 'is', null))
    .$if(typeof batchId === 'number', (query) => query.where('mails.batch_id', '=', batchId ?? 0))
    .$if(states !== undefined, (query) => query.where('mails.state', 'in', states ?? []))
    .$if(userId !== undefined, (query) => query.where('mails.user_id', '=', userId ?? 0))
    .$if(beforeId !== undefined, (query) => query.where('mails.id', '<', beforeId ?? 0))
    .orderBy('mails.id', 'desc')
    .limit(page.limit)
    .execute()
}

export interface MailChoice {
  ids?: number[] | undefined
  batchId?: number | undefined
  states: MessageState[]
  userIds?: number[] | undefined
}

/** The next mails of a choice in the order of their ids. */
export async function nextChosenMails(
  db: Db,
  choice: MailChoice,
  afterId: number,
  limit: number
): Promise<AddressedMailRow[]> {
  const { ids, batchId, states, userIds } = choice
  return db
    .selectFrom('mails')
    .innerJoin('users', 'users.id', 'mails.user_id')
    .selectAll('mails')
    .select(['users.username', 'users.name'])
    .where('mails.id', '>', afterId)
    .where('mails.state', 'in', states)
    .$if(ids !== undefined, (query) => query.where('mails.id', 'in', ids ?? []))
    .$if(batchId !== undefined, (query) => query.where('mails.batch_id', '=', batchId ?? 0))
    .$if(userIds !== undefined, (query) => query.where('mails.user_id', 'in', userIds ?? []))
    .orderBy('mails.id')
    .limit(limit)
    .execute()
}

/** A mail that may be sent now, with what there is to know of its user and code. */
export type DueMailRow = AddressedMailRow & {
  user_disabled: 0 | 1
  user_removed_at_ms: number | null
  code_state: string | null
  code_expires_at_ms: number | null
}

/** The next mails of one batch (null: of none) by one transport whose time has come, those tried before first. */
export async function dueMails(
  db: Db,
  batchId: number | null,
  transport: string,
  nowMs: number,
  limit: number
): Promise<DueMailRow[]> {
  const due = (state: MessageState, count: number) =>
    db
      .selectFrom('mails')
      .innerJoin('users', 'users.id', 'mails.user_id')
      .leftJoin('codes', 'codes.id', 'mails.code_id')
      .selectAll('mails')
      .select([
        'users.username',
        'users.name',
        'users.disabled as user_disabled',
        'users.removed_at_ms as user_removed_at_ms',
        'codes.state as code_state',
        'codes.expires_at_ms as code_expires_at_ms'
      ])
      .where('mails.batch_id', batchId === null ? 'is' : '=', batchId)
      .where('mails.transport', '=', transport)
      .where('mails.state', '=', state)
      .where('mails.next_try_at_ms', '<=', nowMs)
      .orderBy('mails.next_try_at_ms')
      .orderBy('mails.id')
      .limit(count)
      .execute()
  const deferred = await due('deferred', limit)
  return deferred.length >= limit ? deferred : [...deferred, ...(await due('queued', limit - deferred.length))]
}

/** The transports by which mails wait, in batches that go on (and in none). */
export async function waitingTransports(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('mails')
    .select('transport')
    .distinct()
    .where('state', 'in', ['queued', 'deferred'])
    .where((eb) =>
      eb.or([
        eb('batch_id', 'is', null),
        eb('batch_id', 'in', eb.selectFrom('mail_batches').select('id').where('state', '=', 'open'))
      ])
    )
    .execute()
  return rows.map(({ transport }) => transport)
}

/** When the next mail that waits for its time may be tried, or null when none waits. */
export async function nextDueAtMs(db: Db): Promise<number | null> {
  const row = await db
    .selectFrom('mails')
    .select((eb) => eb.fn.min<number | null>('next_try_at_ms').as('at_ms'))
    .where('state', 'in', ['queued', 'deferred'])
    .where((eb) =>
      eb.or([
        eb('batch_id', 'is', null),
        eb('batch_id', 'in', eb.selectFrom('mail_batches').select('id').where('state', '=', 'open'))
      ])
    )
    .executeTakeFirst()
  return row?.at_ms ?? null
}

/** Mails with a code that is not issued yet, of a batch whose time has come. */
export async function mailsWithoutCode(db: Db, batchId: number, limit: number): Promise<MailRow[]> {
  return db
    .selectFrom('mails')
    .selectAll()
    .where('batch_id', '=', batchId)
    .where('kind', '=', 'code')
    .where('state', '=', 'queued')
    .where('code_id', 'is', null)
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Whether any mail is being handed over, by whatever program. */
export async function isAnySending(db: Db): Promise<boolean> {
  const row = await db.selectFrom('mails').select('id').where('state', '=', 'sending').limit(1).executeTakeFirst()
  return row !== undefined
}

/** Whether any mail of a batch goes on by itself. */
export async function isWaiting(db: Db, batchId: number): Promise<boolean> {
  const row = await db
    .selectFrom('mails')
    .select('id')
    .where('batch_id', '=', batchId)
    .where('state', 'in', waitingStates)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Records that the mail server took the mails with these codes: from then on their lives are counted. */
export async function showCodesSent(
  db: Db,
  codeIds: number[],
  sentAtMs: number,
  expiresAtMs: number | null
): Promise<void> {
  if (codeIds.length === 0) return
  if (expiresAtMs !== null) {
    await db
      .updateTable('codes')
      .set({ expires_at_ms: expiresAtMs })
      .where('id', 'in', codeIds)
      .where('state', '=', 'live')
      .execute()
  }
  const owners = db.selectFrom('codes').select('user_id').where('id', 'in', codeIds).where('state', '=', 'live')
  await db
    .updateTable('users')
    .set({ code_sent_at_ms: sentAtMs, ...(expiresAtMs !== null && { code_expires_at_ms: expiresAtMs }) })
    .where('id', 'in', owners)
    .execute()
}
