import type { AuditKind } from '../../shared/audit.ts'
import { assertNever } from '../../shared/errors.ts'
import { chunkRows } from '../system/operation.ts'
import { usersDetail, type AuditLog } from '../store/audit-chain.ts'
import type { Random } from '../system/clock.ts'
import { fitsQrCode, issueCodes } from '../codes/issue.ts'
import type { Db } from '../store/schema.ts'
import type { Timekeeper } from '../store/time.ts'
import type { DerivedKeys } from '../keys/derived-keys.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import { openBatchRows, updateBatch, type BatchRow } from './batch-store.ts'
import { queuedLifeMs } from '../mail/code-life.ts'
import { sealPayload } from '../mail/mail-writer.ts'
import type { Lane } from './lane.ts'
import { mailsWithoutCode, setCodeOfMail, showCodesSent, updateMails, type AddressedMailRow } from './outbox-store.ts'
import type { SendOutcome } from '../mail/smtp-outcomes.ts'

/** What became of a mail whose turn it was. */
export interface Result {
  mail: AddressedMailRow
  lane: Lane
  outcome: SendOutcome | { kind: 'cancelled'; response: string }
}

export interface StepParts {
  db: Db
  time: Timekeeper
  random: Random
  keys: DerivedKeys
  settings: SettingsService
  audit: AuditLog
}

/** In whose name the outbox acts by itself. */
export const outboxActor = 'outbox'

const firstRetryMs = 5 * 60_000
const mostRetryMs = 3_600_000
/** Connections that break before a text is asked for: so often at once, then as for any other refusal for the moment. */
const brokenAtOnce = 3
const mostResponseCharacters = 1000

/** 5, 10, 20, 40 minutes, then every hour. */
export function retryDelayMs(attempts: number): number {
  return Math.min(mostRetryMs, firstRetryMs * 2 ** Math.max(0, attempts - 1))
}

/** Writes down what became of mails, within the caller's transaction. */
export async function settleMails(
  parts: Pick<StepParts, 'audit'>,
  transaction: Db,
  results: Result[],
  nowMs: number
): Promise<void> {
  if (results.length === 0) return
  const kept: Result[] = []
  for (const result of results) if (await settleMail(transaction, result, nowMs)) kept.push(result)
  const sent = kept.filter(({ outcome }) => outcome.kind === 'sent')
  await startLives(transaction, sent, nowMs)
  for (const [kind, outcomes] of auditedKinds) {
    const told = kept.filter(({ outcome }) => outcomes.includes(outcome.kind))
    if (told.length === 0) continue
    const [only] = told
    const user = told.length === 1 && only ? { id: only.mail.user_id, username: only.mail.username } : undefined
    await parts.audit.append(transaction, nowMs, {
      actor: outboxActor,
      kind,
      user,
      detail: {
        ...usersDetail(told.map(({ mail }) => mail)),
        ...(told.length === 1 && only ? { mail: only.mail.kind, response: only.outcome.response } : {})
      }
    })
  }
  await noteOnBatches(parts, transaction, kept, nowMs)
}

const auditedKinds: [AuditKind, Result['outcome']['kind'][]][] = [
  ['mail.sent', ['sent']],
  ['mail.failed', ['failed']],
  ['mail.unknown', ['unknown']],
  ['mail.cancelled', ['cancelled']]
]

/** False when the mail is no longer the one that was handed over: it was put into the outbox once more meanwhile. */
async function settleMail(transaction: Db, { mail, lane, outcome }: Result, nowMs: number): Promise<boolean> {
  const response = outcome.response.slice(0, mostResponseCharacters)
  const change = { response, updated_at_ms: nowMs, ...changeOf(mail, lane, outcome, nowMs) }
  const { numUpdatedRows } = await transaction
    .updateTable('mails')
    .set(change)
    .where('id', '=', mail.id)
    .where('message_id', '=', mail.message_id)
    // A program that was thought dead may still tell what became of its mails.
    .where('state', 'in', ['queued', 'deferred', 'sending', 'unknown'])
    .executeTakeFirstOrThrow()
  return Number(numUpdatedRows) > 0
}

function changeOf(mail: Result['mail'], lane: Lane, outcome: Result['outcome'], nowMs: number) {
  switch (outcome.kind) {
    case 'sent':
      return { state: 'sent' as const, sent_at_ms: nowMs, sealed: null }
    case 'deferred':
      return { state: 'deferred' as const, next_try_at_ms: nowMs + retryDelayMs(mail.attempts) }
    case 'failed':
      return { state: 'failed' as const }
    case 'unknown':
      return { state: 'unknown' as const }
    case 'cancelled':
      return { state: 'cancelled' as const, sealed: null }
    case 'not-begun': {
      if (lane.heldUp() || mail.attempts < brokenAtOnce) return { state: 'queued' as const, next_try_at_ms: nowMs }
      return { state: 'deferred' as const, next_try_at_ms: nowMs + retryDelayMs(mail.attempts - brokenAtOnce + 1) }
    }
    case 'stop':
      // A notice belongs to no batch that could be stopped.
      return mail.batch_id === null
        ? { state: 'deferred' as const, next_try_at_ms: nowMs + retryDelayMs(mail.attempts) }
        : { state: 'queued' as const, next_try_at_ms: nowMs }
    default:
      return assertNever(outcome)
  }
}

/** A code's life is counted from when the mail server took its mail. */
async function startLives(transaction: Db, sent: Result[], nowMs: number): Promise<void> {
  const byLife = new Map<number | null, number[]>()
  for (const { mail } of sent) {
    if (mail.code_id === null) continue
    byLife.set(mail.valid_for_ms, [...(byLife.get(mail.valid_for_ms) ?? []), mail.code_id])
  }
  for (const [validForMs, codeIds] of byLife) {
    await showCodesSent(transaction, codeIds, nowMs, validForMs === null ? null : nowMs + validForMs)
  }
}

/** Tells on the batch why it stopped or waits, and takes that back once a mail has gone through. */
async function noteOnBatches(
  parts: Pick<StepParts, 'audit'>,
  transaction: Db,
  results: Result[],
  nowMs: number
): Promise<void> {
  const withoutTrouble = new Set<number>()
  for (const { mail, lane, outcome } of results) {
    if (mail.batch_id === null) continue
    if (outcome.kind === 'sent') withoutTrouble.add(mail.batch_id)
    const held = outcome.kind === 'not-begun' ? lane.heldUp() : null
    if (held) {
      withoutTrouble.delete(mail.batch_id)
      await updateBatch(transaction, mail.batch_id, { note: held.note, next_try_at_ms: nowMs + held.forMs })
    }
    if (outcome.kind !== 'stop') continue
    withoutTrouble.delete(mail.batch_id)
    const { numUpdatedRows } = await transaction
      .updateTable('mail_batches')
      .set({ state: 'stopped', note: outcome.response, next_try_at_ms: null })
      .where('id', '=', mail.batch_id)
      .where('state', '=', 'open')
      .executeTakeFirstOrThrow()
    if (Number(numUpdatedRows) === 0) continue
    await parts.audit.append(transaction, nowMs, {
      actor: outboxActor,
      kind: 'outbox.stopped',
      detail: { batch: mail.batch_id, reason: outcome.response }
    })
  }
  if (withoutTrouble.size === 0) return
  await transaction
    .updateTable('mail_batches')
    .set({ note: null, next_try_at_ms: null })
    .where('id', 'in', [...withoutTrouble])
    .where('state', '=', 'open')
    .where('note', 'is not', null)
    .execute()
}

/** What a program that is gone was handing over may or may not have arrived; nobody can know. */
export async function recoverSending(parts: Pick<StepParts, 'audit'>, transaction: Db, nowMs: number): Promise<void> {
  const rows = await transaction
    .selectFrom('mails')
    .innerJoin('users', 'users.id', 'mails.user_id')
    .select(['mails.id', 'users.id as user_id', 'users.username'])
    .where('mails.state', '=', 'sending')
    .execute()
  if (rows.length === 0) return
  await updateMails(
    transaction,
    rows.map(({ id }) => id),
    {
      state: 'unknown',
      response: 'The program ended while this mail was being handed over.',
      updated_at_ms: nowMs
    }
  )
  const [only] = rows
  await parts.audit.append(transaction, nowMs, {
    actor: outboxActor,
    kind: 'mail.unknown',
    user: rows.length === 1 && only ? { id: only.user_id, username: only.username } : undefined,
    detail: usersDetail(rows)
  })
}

/** Failed and unknown mails keep what they said for another try, as long as their code lives. */
export async function wipeDeadCodes(transaction: Db, nowMs: number): Promise<void> {
  await transaction
    .updateTable('mails')
    .set({ sealed: null })
    .where('state', 'in', ['failed', 'unknown'])
    .where('sealed', 'is not', null)
    .where('kind', '=', 'code')
    .where('code_id', 'not in', (eb) =>
      eb.selectFrom('codes').select('id').where('state', '=', 'live').where('expires_at_ms', '>', nowMs)
    )
    .execute()
}

/** Issues the codes of batches that were planned for later and whose time has come. */
export async function issueWaitingCodes(parts: StepParts, isStopping: () => boolean): Promise<void> {
  const { db, time } = parts
  const nowMs = await time.peekMs(db)
  for (const batch of await openBatchRows(db)) {
    // One that was not planned for later has its codes from the beginning, and one that has begun has them all.
    const isPlanned = batch.at_ms > batch.created_at_ms && batch.started_at_ms === null
    if (batch.state !== 'open' || batch.at_ms > nowMs || !isPlanned) continue
    while (!isStopping() && (await issueChunk(parts, batch))) await new Promise((resolve) => setImmediate(resolve))
  }
}

/** False when the batch has none left without a code. */
async function issueChunk(parts: StepParts, batch: BatchRow): Promise<boolean> {
  const { db, time, settings, keys } = parts
  // Most batches have none; a write lock is not taken to find that out.
  if ((await mailsWithoutCode(db, batch.id, 1)).length === 0) return false
  const policy = await settings.read()
  return db.transaction().execute(async (transaction) => {
    const nowMs = await time.nowMs(transaction)
    const mails = await mailsWithoutCode(transaction, batch.id, chunkRows)
    if (mails.length === 0) return false
    const users = await transaction
      .selectFrom('users')
      .selectAll()
      .where(
        'id',
        'in',
        mails.map(({ user_id }) => user_id)
      )
      .execute()
    const life =
      batch.until_ms === null
        ? { validForMs: queuedLifeMs(batch.valid_for_ms ?? 0, mails.length, 0) }
        : { untilMs: batch.until_ms }
    const fitting = users.filter(({ username }) => fitsQrCode(policy, username))
    const codes = new Map(
      (
        await issueCodes(parts, transaction, fitting, { policy, channel: 'mail', life, reveal: false }, nowMs, {
          actor: batch.actor
        })
      ).map((code) => [code.userId, code])
    )
    for (const mail of mails) {
      const code = codes.get(mail.user_id)
      if (!code) continue
      const sealed = sealPayload(keys.sealing, { kind: 'code', code: code.code }, mail.message_id)
      await setCodeOfMail(transaction, mail.id, code.codeId, sealed)
    }
    const dropped = mails.filter(({ user_id }) => !codes.has(user_id)).map(({ id }) => id)
    await updateMails(transaction, dropped, {
      state: 'cancelled',
      response: 'Not sent: the user was disabled or removed, or the username is too long for a QR code.',
      updated_at_ms: nowMs
    })
    return true
  })
}
