import { AppError } from '../../shared/errors.ts'
import type { MailRequest } from '../../shared/mail.ts'
import type { MessageSelection, OutboxBatch, OutboxMessage, OutboxSummary } from '../../shared/outbox.ts'
import type { Act } from '../system/operation.ts'
import type { Db } from '../store/schema.ts'
import { foldCase } from '../system/fold-case.ts'
import type { BulkOutcome } from '../users/selection.ts'
import { findUserByKey, type UserRow } from '../users/user-store.ts'
import { listBatchRows, openBatchRows, requireBatch, updateBatch } from './batch-store.ts'
import { showBatches } from './batches.ts'
import { cancelAll, cancelBatch } from './cancel.ts'
import { isLeased } from './lease.ts'
import { queueBatch, queueOne, type QueueingParts } from './queue.ts'
import { retryMails } from './retry.ts'
import { countMails, listMailRows, nextDueAtMs, type AddressedMailRow, type MailPage } from './outbox-store.ts'
import { readReadyTransports } from '../mail/ready-transports.ts'
import { readGroups } from '../mail/recipients.ts'

export interface OutboxService {
  /** Issues a code to each recipient and puts the mail with it into the outbox; both or neither. */
  send(request: MailRequest, act: Act): Promise<{ batch: OutboxBatch | null; queued: number } & BulkOutcome>
  /** Within the caller's transaction; false when nothing can be mailed to this user (no address, no transport). */
  queueNotice(transaction: Db, userId: number, notice: { atMs: number; address: string }): Promise<boolean>
  /** A one-time link of the User Portal, likewise. */
  queueLink(transaction: Db, user: UserRow, link: { url: string; expiresAtMs: number }): Promise<boolean>
  summary(): Promise<OutboxSummary>
  batches(page: { beforeId: number | null; limit: number }): Promise<OutboxBatch[]>
  messages(page: Omit<MailPage, 'userId'> & { username?: string | undefined }): Promise<OutboxMessage[]>
  pause(batchId: number, act: Act): Promise<OutboxBatch>
  resume(batchId: number, act: Act): Promise<OutboxBatch>
  cancel(batchId: number | undefined, act: Act): Promise<number>
  retry(selection: MessageSelection, act: Act): Promise<{ retried: number } & BulkOutcome>
}

export function createOutboxService(parts: QueueingParts): OutboxService {
  const { db, time, audit, transports } = parts

  const showBatch = async (id: number) => {
    const [shown] = await showBatches(db, [await requireBatch(db, id)], await time.peekMs(db))
    if (!shown) throw new Error(`batch ${id} is gone`)
    return shown
  }

  return {
    async send(request, act) {
      const { batchId, ...outcome } = await queueBatch(parts, request, act)
      return { batch: batchId === null ? null : await showBatch(batchId), ...outcome }
    },

    async queueNotice(transaction, userId, notice) {
      const user = await transaction.selectFrom('users').selectAll().where('id', '=', userId).executeTakeFirst()
      if (!user || user.email === '') return false
      const ready = await readReadyTransports(transports, transaction)
      if (ready.size === 0) return false
      const known = { groups: await readGroups(transaction), ready }
      return queueOne(parts, transaction, user, 'notice', { kind: 'notice', ...notice }, known)
    },

    async queueLink(transaction, user, { url, expiresAtMs }) {
      const known = { groups: await readGroups(transaction), ready: await readReadyTransports(transports, transaction) }
      return queueOne(parts, transaction, user, 'link', { kind: 'link', url, expiresAtMs }, known)
    },

    async summary() {
      const nowMs = await time.peekMs(db)
      const counts = await countMails(db)
      const open = await showBatches(db, await openBatchRows(db), nowMs)
      const rank = (batch: OutboxBatch) =>
        ['sending', 'stopped', 'paused', 'scheduled', 'cancelled', 'done'].indexOf(batch.state)
      return {
        counts,
        waiting: counts.queued + counts.sending + counts.deferred,
        open: open.toSorted((a, b) => rank(a) - rank(b) || a.id - b.id),
        isSenderRunning: await isLeased(db, nowMs),
        nextDueAtMs: await nextDueAtMs(db)
      }
    },

    async batches(page) {
      return showBatches(db, await listBatchRows(db, page), await time.peekMs(db))
    },

    async messages({ username, ...page }) {
      const user = username === undefined ? null : await findUserByKey(db, foldCase(username.trim()))
      if (username !== undefined && !user) return []
      const rows = await listMailRows(db, { ...page, ...(user && { userId: user.id }) })
      return rows.map(showMessage)
    },

    async pause(batchId, act) {
      await db.transaction().execute(async (transaction) => {
        const batch = await requireBatch(transaction, batchId)
        if (batch.ended_at_ms !== null)
          throw new AppError('nothing-done', 'This batch is over; there is nothing to pause.')
        if (batch.state === 'paused') return
        await updateBatch(transaction, batchId, { state: 'paused', note: null, next_try_at_ms: null })
        await audit.append(transaction, await time.nowMs(transaction), {
          actor: act.actor,
          kind: 'outbox.paused',
          detail: { batch: batchId }
        })
      })
      return showBatch(batchId)
    },

    async resume(batchId, act) {
      await db.transaction().execute(async (transaction) => {
        const batch = await requireBatch(transaction, batchId)
        if (batch.ended_at_ms !== null)
          throw new AppError('nothing-done', 'This batch is over; retry what was not sent.')
        if (batch.state === 'open' || batch.state === 'cancelled') return
        await updateBatch(transaction, batchId, { state: 'open', note: null, next_try_at_ms: null })
        await audit.append(transaction, await time.nowMs(transaction), {
          actor: act.actor,
          kind: 'outbox.resumed',
          detail: { batch: batchId }
        })
      })
      parts.poke()
      return showBatch(batchId)
    },

    cancel: (batchId, act) => (batchId === undefined ? cancelAll(parts, act) : cancelBatch(parts, batchId, act)),

    retry: (selection, act) => retryMails(parts, selection, act)
  }
}

function showMessage(row: AddressedMailRow): OutboxMessage {
  return {
    id: row.id,
    batchId: row.batch_id,
    kind: row.kind,
    username: row.username,
    name: row.name,
    address: row.address,
    transport: row.transport,
    state: row.state,
    attempts: row.attempts,
    response: row.response,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
    nextTryAtMs: row.state === 'deferred' || row.state === 'queued' ? row.next_try_at_ms : null,
    sentAtMs: row.sent_at_ms,
    messageId: row.message_id
  }
}
