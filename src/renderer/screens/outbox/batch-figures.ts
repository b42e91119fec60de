import type { BatchState, MessageCounts, MessageState, OutboxBatch } from '../../../shared/outbox.ts'

/** Those that are on their way: the others are over, one way or another. */
const waitingStates: readonly MessageState[] = ['queued', 'deferred', 'sending']

/** What a person can have sent once more. */
export const retryableStates: readonly MessageState[] = ['failed', 'deferred', 'unknown', 'cancelled']

export function countWaiting(counts: MessageCounts): number {
  return waitingStates.reduce((sum, state) => sum + counts[state], 0)
}

export function countDone({ total, counts }: Pick<OutboxBatch, 'total' | 'counts'>): number {
  return Math.max(0, total - countWaiting(counts))
}

/** How far a batch is, in percent: for a bar. */
export function percentDone(batch: Pick<OutboxBatch, 'total' | 'counts'>): number {
  return batch.total === 0 ? 100 : (countDone(batch) / batch.total) * 100
}

export type BatchAct = 'pause' | 'resume' | 'cancel'

const actsOf: Record<BatchState, readonly BatchAct[]> = {
  scheduled: ['pause', 'cancel'],
  sending: ['pause', 'cancel'],
  paused: ['resume', 'cancel'],
  stopped: ['resume', 'cancel'],
  cancelled: [],
  done: []
}

/** What can be done with a batch as it stands. */
export function batchActs(state: BatchState): readonly BatchAct[] {
  return actsOf[state]
}
