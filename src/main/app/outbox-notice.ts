import type { OutboxBatch } from '../../shared/outbox.ts'
import type { EventListener } from '../console.ts'

/** What the desktop shows of a batch while another window is in front: Electron's window and notification, or a test's. */
export interface OutboxDesktop {
  /** Between 0 and 1 in the taskbar or dock; null takes it away. */
  showProgress(share: number | null): void
  isInFront(): boolean
  notify(title: string, body: string): void
}

/** Follows the outbox for the desktop. Mails of no batch (notices, links) are too few to speak of. */
export function followOutbox(
  desktop: OutboxDesktop,
  readBatch: (id: number) => Promise<OutboxBatch | undefined>
): EventListener {
  const running = new Map<number, { done: number; total: number }>()
  const show = () => {
    const batches = [...running.values()]
    const total = batches.reduce((sum, batch) => sum + batch.total, 0)
    const done = batches.reduce((sum, batch) => sum + batch.done, 0)
    desktop.showProgress(total === 0 ? null : done / total)
  }
  const look = async (id: number) => {
    const batch = await readBatch(id)
    // Asked twice at once, it is told once.
    if (batch?.state === 'sending' || !running.delete(id)) return
    show()
    const isOver = batch?.state === 'done' || batch?.state === 'stopped'
    if (batch && isOver && !desktop.isInFront()) desktop.notify(titleOf(batch), bodyOf(batch))
  }
  return (name, data) => {
    if (name === 'outbox-progress' && 'batchId' in data && data.batchId !== null) {
      running.set(data.batchId, { done: data.done, total: data.total })
      show()
    }
    if (name === 'outbox-changed') for (const id of running.keys()) void look(id)
  }
}

function titleOf(batch: OutboxBatch): string {
  return batch.state === 'stopped' ? 'Sending has stopped' : 'The mails have been sent'
}

function bodyOf({ state, note, counts }: OutboxBatch): string {
  if (state === 'stopped' && note !== null) return note
  const parts = (['sent', 'failed', 'unknown', 'cancelled'] as const)
    .filter((kind) => kind === 'sent' || counts[kind] > 0)
    .map((kind) => `${counts[kind].toLocaleString('en')} ${kind}`)
  return `${parts.join(', ')}.`
}
