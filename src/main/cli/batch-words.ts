import { messageStates, type MessageCounts, type OutboxBatch } from '../../shared/outbox.ts'
import type { RunEnd } from '../outbox/sender.ts'
import { isoTime } from './table.ts'

/** Why not all is sent, as one sentence or two; null where all is. */
export function notSentSentence(
  counts: Pick<MessageCounts, 'queued' | 'sending' | 'deferred' | 'failed' | 'unknown'>,
  note: string | null,
  end: RunEnd
): string | null {
  const waiting = counts.queued + counts.sending + counts.deferred
  const reason = note === null ? '' : ` (${note.replace(/\.$/, '')})`
  const goesOn =
    end === 'held-by-another' ? 'another program that is open here sends' : '“provision outbox run” goes on with'
  const sentences = [
    ...(counts.failed > 0
      ? [`${verbOf(counts.failed, 'was', 'were')} refused; “provision outbox status” says why.`]
      : []),
    ...(counts.unknown > 0
      ? [`${verbOf(counts.unknown, 'is', 'are')} in doubt: the server may have taken ${itOf(counts.unknown)}.`]
      : []),
    ...(waiting > 0
      ? [
          `${verbOf(waiting, 'is', 'are')} not sent yet and ${waiting === 1 ? 'waits' : 'wait'} in the outbox${reason}; ${goesOn} ${itOf(waiting)}.`
        ]
      : [])
  ]
  return sentences.length === 0 ? null : sentences.join(' ')
}

export function mailsOf(count: number): string {
  return `${count} ${count === 1 ? 'mail' : 'mails'}`
}

function verbOf(count: number, one: string, many: string): string {
  return `${mailsOf(count)} ${count === 1 ? one : many}`
}

function itOf(count: number): string {
  return count === 1 ? 'it' : 'them'
}

export function sentence(counts: MessageCounts): string {
  return messageStates
    .filter((state) => counts[state] > 0 || state === 'sent')
    .map((state) => `${counts[state]} ${state}`)
    .join(', ')
}

/** A batch as scripts read it: times in ISO 8601. */
export function batchJson(batch: OutboxBatch): Record<string, unknown> {
  return {
    id: batch.id,
    state: batch.state,
    actor: batch.actor,
    createdAt: isoTime(batch.createdAtMs),
    at: isoTime(batch.atMs),
    startedAt: isoTime(batch.startedAtMs),
    endedAt: isoTime(batch.endedAtMs),
    total: batch.total,
    counts: batch.counts,
    note: batch.note
  }
}
