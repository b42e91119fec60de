import { Progress } from '@mantine/core'
import { IconHandStop, IconSend } from '@tabler/icons-react'
import type { OutboxBatch } from '../../../shared/outbox.ts'
import { useNowMs } from '../../components/now.ts'
import { formatRoute } from '../../routes.ts'
import barClasses from '../../shell/StatusBar.module.css'
import { t } from '../../words/index.ts'
import { relativeTime } from '../../words/time.ts'
import { countDone, countWaiting, percentDone } from './batch-figures.ts'
import { useOutboxSummary } from './outbox-queries.ts'
import { outboxScreen } from './outbox-route.ts'

/** In the status bar: how far the batch is that is being sent, or that one has stopped. */
export function SendingProgress() {
  const { data } = useOutboxSummary()
  const open = data?.open
  const sending = open?.find(({ state }) => state === 'sending')
  const stopped = open?.find(({ state }) => state === 'stopped')
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
  const nowMs = useNowMs()
  const label =
    batch.nextTryAtMs === null
      ? t('outbox.statusBar.sending', { done: countDone(batch), total: batch.total })
      : t('outbox.statusBar.deferred', {
          count: countWaiting(batch.counts),
          when: relativeTime(batch.nextTryAtMs, nowMs)
        })
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
