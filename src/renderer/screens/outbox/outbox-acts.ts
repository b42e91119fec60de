import type { MessageSelection, OutboxBatch } from '../../../shared/outbox.ts'
import { ask, bridge } from '../../bridge.ts'
import { confirmAct } from '../../components/confirm.tsx'
import { showOutcome } from '../../components/left-out/show-outcome.tsx'
import { showProblem, showToast } from '../../components/toast.tsx'
import { runTask } from '../../tasks.ts'
import { t } from '../../words/index.ts'
import { countWaiting } from './batch-figures.ts'

export async function pauseBatch(batchId: number): Promise<void> {
  await ask(bridge.outbox.pause({ batchId })).catch(showProblem)
}

export async function resumeBatch(batchId: number): Promise<void> {
  await ask(bridge.outbox.resume({ batchId })).catch(showProblem)
}

export function askToCancelBatch(batch: OutboxBatch): void {
  const count = countWaiting(batch.counts)
  confirmAct({
    title: t('outbox.batch.cancelTitle', { count }),
    text: t('outbox.batch.cancelText'),
    verb: t('outbox.batch.cancelVerb', { count }),
    onConfirm: () => void cancelBatch(batch.id)
  })
}

async function cancelBatch(batchId: number): Promise<void> {
  try {
    const { cancelled } = await ask(bridge.outbox.cancel({ batchId }))
    showToast(t('outbox.batch.cancelled', { count: cancelled }))
  } catch (error) {
    showProblem(error)
  }
}

/** `mayRepeat`: among them are mails that may have arrived already. */
export function askToRetry(selection: MessageSelection, count: number, mayRepeat: boolean, onDone: () => void): void {
  confirmAct({
    title: t('outbox.retry.title', { count }),
    text: t(mayRepeat ? 'outbox.retry.unknownText' : 'outbox.retry.text'),
    verb: t('outbox.retry.verb', { count }),
    isDangerous: mayRepeat,
    onConfirm: () => void retry(selection, onDone)
  })
}

async function retry(selection: MessageSelection, onDone: () => void): Promise<void> {
  try {
    const { retried, skipped, stopped } = await runTask(t('outbox.retry.running'), (taskId) =>
      ask(bridge.outbox.retry({ ...selection, taskId }))
    )
    showOutcome(t('outbox.retry.done', { count: retried }), { skipped, stopped })
    onDone()
  } catch (error) {
    showProblem(error)
  }
}
