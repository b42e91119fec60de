import type { MessageCounts, OutboxBatch } from '../../shared/outbox.ts'
import type { Db } from '../store/schema.ts'
import { updateBatch, type BatchRow } from './batch-store.ts'
import { isHolderGone } from './lease.ts'
import { countMailsOf, noCounts } from './outbox-store.ts'

/** Over what time the present speed is taken. */
const rateWindowMs = 20_000

/** Writes down that nothing of a batch goes on any more; its counts are then not counted again. */
export async function finishBatch(transaction: Db, batch: BatchRow, nowMs: number): Promise<void> {
  const counts = (await countMailsOf(transaction, [batch.id])).get(batch.id) ?? noCounts()
  await updateBatch(transaction, batch.id, {
    state: batch.state === 'cancelled' ? 'cancelled' : 'done',
    ended_at_ms: nowMs,
    note: null,
    next_try_at_ms: null,
    counts: JSON.stringify(counts)
  })
}

export async function showBatches(db: Db, rows: BatchRow[], nowMs: number): Promise<OutboxBatch[]> {
  const open = rows.filter(({ counts }) => counts === null).map(({ id }) => id)
  const counted = await countMailsOf(db, open)
  const lately = await sentLately(db, open, nowMs)
  const nextTries = await nextTriesOf(db, open)
  return rows.map((row) => {
    const counts = row.counts === null ? (counted.get(row.id) ?? noCounts()) : readCounts(row.counts)
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
    const waiting = counts.queued + counts.sending + counts.deferred
    const state = shownState(row, nowMs)
    // Those that were put off are not on their way: the speed of the others tells nothing of when they go.
    const nextTryAtMs =
      state === 'sending' && counts.queued + counts.sending === 0 ? (nextTries.get(row.id) ?? null) : null
    const isOnItsWay = state === 'sending' && nextTryAtMs === null
    const perMinute = isOnItsWay ? rateOf(row, lately.get(row.id) ?? 0, nowMs) : null
    return {
      id: row.id,
      state,
      createdAtMs: row.created_at_ms,
      actor: row.actor,
      atMs: row.at_ms,
      startedAtMs: row.started_at_ms,
      endedAtMs: row.ended_at_ms,
      validForMs: row.valid_for_ms,
      untilMs: row.until_ms,
      total,
      counts,
      note: shownNote(row),
      nextTryAtMs: row.next_try_at_ms ?? nextTryAtMs,
      ratePerMinute: perMinute,
      remainingMs: perMinute === null || perMinute === 0 ? null : Math.round((waiting / perMinute) * 60_000)
    }
  })
}

function shownState(row: BatchRow, nowMs: number): OutboxBatch['state'] {
  if (row.state === 'made') return isHolderGone(row.note ?? '') ? 'stopped' : 'sending'
  if (row.state !== 'open') return row.state
  return row.at_ms > nowMs && row.started_at_ms === null ? 'scheduled' : 'sending'
}

/** While a batch is put together its note names the program that does it. */
function shownNote({ state, note }: BatchRow): string | null {
  if (state !== 'made') return note
  return isHolderGone(note ?? '')
    ? 'The program ended while it put this batch together. Resume sends the mails that are in it; cancel withdraws their codes.'
    : 'It is being put together.'
}

function rateOf(row: BatchRow, sent: number, nowMs: number): number {
  const overMs = Math.max(1000, Math.min(rateWindowMs, nowMs - (row.started_at_ms ?? nowMs)))
  return Math.round((sent * 60_000) / overMs)
}

async function sentLately(db: Db, batchIds: number[], nowMs: number): Promise<Map<number, number>> {
  if (batchIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('mails')
    .select(['batch_id', (eb) => eb.fn.countAll<number>().as('mails')])
    .where('batch_id', 'in', batchIds)
    .where('state', '=', 'sent')
    .where('sent_at_ms', '>', nowMs - rateWindowMs)
    .groupBy('batch_id')
    .execute()
  return new Map(rows.map(({ batch_id, mails }) => [batch_id ?? 0, mails]))
}

async function nextTriesOf(db: Db, batchIds: number[]): Promise<Map<number, number>> {
  if (batchIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('mails')
    .select(['batch_id', (eb) => eb.fn.min('next_try_at_ms').as('at_ms')])
    .where('batch_id', 'in', batchIds)
    .where('state', '=', 'deferred')
    .groupBy('batch_id')
    .execute()
  return new Map(rows.map(({ batch_id, at_ms }) => [batch_id ?? 0, at_ms]))
}

function readCounts(text: string): MessageCounts {
  return { ...noCounts(), ...(JSON.parse(text) as Partial<MessageCounts>) }
}
