import { Progress } from '@mantine/core'
import { IconHandStop, IconSend } from '@tabler/icons-react'
import { useEffect, useEffectEvent, useRef } from 'react'
import type { OutboxBatch } from '../../../shared/outbox.ts'
import { ask, bridge } from '../../bridge.ts'
import { notifyAway, showDeskProgress } from '../../desk.ts'
import { formatRoute } from '../../routes.ts'
import barClasses from '../../shell/StatusBar.module.css'
import { t } from '../../words/index.ts'
import { countDone, endedBatches, percentDone, stoppedBatches } from './batch-figures.ts'
import { useOutboxSummary } from './outbox-queries.ts'
import { outboxScreen } from './outbox-route.ts'

/** In the status bar: how far the batch is that is being sent, or that one has stopped. Also tells the desktop of it. */
export function SendingProgress() {
  const { data } = useOutboxSummary()
  const open = data?.open
  const sending = open?.find(({ state }) => state === 'sending')
  const stopped = open?.find(({ state }) => state === 'stopped')
  useDeskProgress(sending ? percentDone(sending) / 100 : null)
  useEndNotification(open)
  return (
    <>
      {sending && <SendingBatch batch={sending} />}
      {stopped && (
        <a
          href={outboxAddress(stopped)}
          className={barClasses.item}
          data-tone="red"
          title={stopped.note ?? t('outbox.statusBar.stoppedHint')}
        >
          <IconHandStop size={14} aria-hidden />
          {t('outbox.statusBar.stopped')}
        </a>
      )}
    </>
  )
}

function SendingBatch({ batch }: { batch: OutboxBatch }) {
  const label = t('outbox.statusBar.sending', { done: countDone(batch), total: batch.total })
  return (
    <a href={outboxAddress(batch)} className={barClasses.item}>
      <IconSend size={14} aria-hidden />
      <span className={barClasses.numbers}>{label}</span>
      <Progress
        value={percentDone(batch)}
        className={barClasses.progress}
        size={6}
        aria-label={label}
        transitionDuration={150}
      />
    </a>
  )
}

function outboxAddress({ id }: OutboxBatch): string {
  return formatRoute({ screen: outboxScreen, item: String(id), params: {} })
}

function useDeskProgress(fraction: number | null): void {
  useEffect(() => showDeskProgress(fraction), [fraction])
  useEffect(() => () => showDeskProgress(null), [])
}

/** A word by the system's own means when a batch ends or stops, for somebody who has turned to something else. */
function useEndNotification(open: readonly OutboxBatch[] | undefined): void {
  const before = useRef<readonly OutboxBatch[]>([])
  const tell = useEffectEvent((now: readonly OutboxBatch[]) => {
    for (const { note } of stoppedBatches(before.current, now)) {
      notifyAway(t('outbox.notification.stoppedTitle'), note ?? t('outbox.statusBar.stoppedHint'))
    }
    const ended = endedBatches(before.current, now)
    if (ended.length > 0) void tellOfEnd(ended)
    before.current = now
  })
  useEffect(() => {
    if (open) tell(open)
  }, [open])
}

async function tellOfEnd(ids: readonly number[]): Promise<void> {
  // Those that ended a moment ago are among the newest; a word about one that is not found is not worth an error.
  const { batches } = await ask(bridge.outbox.batches({ limit: 50 })).catch(() => ({ batches: [] }))
  for (const { state, total, counts } of batches.filter(({ id }) => ids.includes(id))) {
    if (state !== 'done') continue
    const others = total - counts.sent
    notifyAway(
      t('outbox.notification.title'),
      t(others > 0 ? 'outbox.notification.textWithFailures' : 'outbox.notification.text', {
        sent: counts.sent,
        total,
        others
      })
    )
  }
}
