import { breathe, chunkRows, type Act } from '../system/operation.ts'
import { usersDetail } from '../store/audit-chain.ts'
import { withdrawCodesById } from '../codes/revoke.ts'
import { openBatchRows, requireBatch, updateBatch } from './batch-store.ts'
import { finishBatch } from './batches.ts'
import type { StepParts } from './settle.ts'
import { isWaiting, updateMails } from './outbox-store.ts'

export type CancellingParts = Pick<StepParts, 'db' | 'time' | 'audit'>

/** Cancels what waits in the outbox, of whatever batch or of none, and withdraws its codes. Returns how many mails. */
export async function cancelAll(parts: CancellingParts, act: Act): Promise<number> {
  let cancelled = 0
  for (const { id } of await openBatchRows(parts.db)) cancelled += await cancelBatch(parts, id, act)
  for (;;) {
    const count = await cancelChunk(parts, null, act)
    cancelled += count
    if (count === 0) return cancelled
  }
}

/** The same of one batch, which is then over. Throws `batch-not-found`. */
export async function cancelBatch(parts: CancellingParts, batchId: number, act: Act): Promise<number> {
  const { db, time } = parts
  await db.transaction().execute(async (transaction) => {
    const batch = await requireBatch(transaction, batchId)
    if (batch.ended_at_ms === null)
      await updateBatch(transaction, batchId, { state: 'cancelled', note: null, next_try_at_ms: null })
  })
  let cancelled = 0
  for (;;) {
    const count = await cancelChunk(parts, batchId, act)
    cancelled += count
    if (count === 0) break
    await breathe(act)
  }
  await db.transaction().execute(async (transaction) => {
    const batch = await requireBatch(transaction, batchId)
    // What is being handed over right now comes to its end first.
    if (batch.ended_at_ms === null && !(await isWaiting(transaction, batchId))) {
      await finishBatch(transaction, batch, await time.nowMs(transaction))
    }
  })
  return cancelled
}

async function cancelChunk({ db, time, audit }: CancellingParts, batchId: number | null, act: Act): Promise<number> {
  return db.transaction().execute(async (transaction) => {
    const nowMs = await time.nowMs(transaction)
    const mails = await transaction
      .selectFrom('mails')
      .innerJoin('users', 'users.id', 'mails.user_id')
      .select(['mails.id', 'mails.code_id', 'mails.user_id', 'users.username'])
      .where('mails.state', 'in', ['queued', 'deferred'])
      .where('mails.batch_id', batchId === null ? 'is' : '=', batchId)
      .orderBy('mails.id')
      .limit(chunkRows)
      .execute()
    if (mails.length === 0) return 0
    await updateMails(
      transaction,
      mails.map(({ id }) => id),
      { state: 'cancelled', sealed: null, response: `Cancelled by ${act.actor}.`, updated_at_ms: nowMs }
    )
    const codeIds = mails.flatMap(({ code_id }) => (code_id === null ? [] : [code_id]))
    if (codeIds.length > 0) await withdrawCodesById(transaction, audit, codeIds, nowMs, act)
    const [only] = mails
    await audit.append(transaction, nowMs, {
      actor: act.actor,
      kind: 'mail.cancelled',
      user: mails.length === 1 && only ? { id: only.user_id, username: only.username } : undefined,
      detail: { ...(batchId !== null && { batch: batchId }), ...usersDetail(mails) }
    })
    return mails.length
  })
}
