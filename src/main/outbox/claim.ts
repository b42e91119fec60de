import type { Db } from '../store/schema.ts'
import { openBatchRows, updateBatch, type BatchRow } from './batch-store.ts'
import { finishBatch } from './batches.ts'
import type { Lane } from './lane.ts'
import { settleMails, type Result, type StepParts } from './settle.ts'
import { dueMails, isWaiting, type DueMailRow } from './outbox-store.ts'
import type { SendOutcome } from '../mail/smtp-outcomes.ts'

/**
 * Takes the next mails of a batch (null: of none) that go out by a lane, at most `room`, and writes down that they are being sent;
 * those that must not go out any more are settled. `touch` hears of the batches of which something changed.
 */
export async function claimMails(
  parts: Pick<StepParts, 'audit'>,
  transaction: Db,
  { batch, lane, nowMs, room }: { batch: BatchRow | null; lane: Lane; nowMs: number; room: number },
  touch: (batchId: number | null) => void
): Promise<DueMailRow[]> {
  const due = await dueMails(transaction, batch?.id ?? null, lane.name, nowMs, room)
  const good: DueMailRow[] = []
  const bad: Result[] = []
  for (const mail of due) {
    const why = reasonAgainst(mail, nowMs)
    if (why) bad.push({ mail, lane, outcome: why })
    else good.push({ ...mail, attempts: mail.attempts + 1 })
  }
  await settleMails(parts, transaction, bad, nowMs)
  for (const { mail } of bad) touch(mail.batch_id)
  if (good.length === 0) return good
  await transaction
    .updateTable('mails')
    .set((eb) => ({ state: 'sending', attempts: eb('attempts', '+', 1), updated_at_ms: nowMs }))
    .where(
      'id',
      'in',
      good.map(({ id }) => id)
    )
    .execute()
  if (batch && batch.started_at_ms === null) await updateBatch(transaction, batch.id, { started_at_ms: nowMs })
  touch(batch?.id ?? null)
  return good
}

/** Ends the batches of which nothing goes on by itself any more. */
export async function closeEndedBatches(transaction: Db, nowMs: number): Promise<void> {
  for (const batch of await openBatchRows(transaction)) {
    const mayEnd = batch.state === 'open' || batch.state === 'cancelled'
    if (!mayEnd || batch.at_ms > nowMs) continue
    if (!(await isWaiting(transaction, batch.id))) await finishBatch(transaction, batch, nowMs)
  }
}

/** Why a mail whose turn it is must not go out (any more), or null when it may. */
function reasonAgainst(mail: DueMailRow, nowMs: number): SendOutcome | { kind: 'cancelled'; response: string } | null {
  if (mail.user_removed_at_ms !== null)
    return { kind: 'cancelled', response: 'The user was removed before the mail could be sent.' }
  if (mail.user_disabled === 1)
    return { kind: 'cancelled', response: 'The user was disabled before the mail could be sent.' }
  if (mail.kind !== 'code')
    return mail.sealed === null ? { kind: 'cancelled', response: 'What it said is no longer kept.' } : null
  if (mail.code_state === 'live' && (mail.code_expires_at_ms ?? 0) > nowMs && mail.sealed !== null) return null
  if (mail.code_state === 'live' || mail.code_state === 'expired') {
    return { kind: 'failed', response: 'The code expired before the mail could be sent. Retry sends a new one.' }
  }
  const why =
    mail.code_state === 'used' || mail.code_state === 'failed'
      ? 'its code had been used by then'
      : mail.code_state === 'superseded'
        ? 'a newer code had replaced its own'
        : 'its code had been withdrawn'
  return { kind: 'cancelled', response: `Not sent: ${why}.` }
}
