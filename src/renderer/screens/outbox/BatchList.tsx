import { Button, Progress } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import type { OutboxBatch } from '../../../shared/outbox.ts'
import { useNowMs } from '../../components/now.ts'
import { RelativeTime } from '../../components/RelativeTime.tsx'
import { formatRoute } from '../../routes.ts'
import { t } from '../../words/index.ts'
import { briefTime, exactTime, relativeTime, spanWords } from '../../words/time.ts'
import { batchActs, countDone, percentDone } from './batch-figures.ts'
import { askToCancelBatch, pauseBatch, resumeBatch } from './outbox-acts.ts'
import { BatchStateBadge } from './OutboxBadges.tsx'
import { outboxScreen } from './outbox-route.ts'
import classes from './OutboxScreen.module.css'

/** The newest first, each with how far it is. A click shows its mails below. */
export function BatchList({
  batches,
  shownId,
  onOlder
}: {
  batches: readonly OutboxBatch[]
  shownId: number | null
  /** Null when there are no older ones. */
  onOlder: (() => void) | null
}) {
  return (
    <section className={classes.batches} aria-label={t('outbox.batches')}>
      <ul className={classes.batchRows}>
        {batches.map((batch) => (
          <BatchRow key={batch.id} batch={batch} isShown={batch.id === shownId} />
        ))}
      </ul>
      {onOlder && (
        <Button variant="subtle" size="compact-sm" className={classes.older} onClick={onOlder}>
          {t('outbox.batch.older')}
        </Button>
      )}
    </section>
  )
}

function BatchRow({ batch, isShown }: { batch: OutboxBatch; isShown: boolean }) {
  const { id, state, total, createdAtMs, actor, note } = batch
  const made = briefTime(createdAtMs)
  return (
    <li className={classes.batch} data-shown={isShown || undefined}>
      <span className={classes.batchState}>
        <BatchStateBadge state={state} />
      </span>
      <span className={classes.batchName}>
        <a
          href={formatRoute({ screen: outboxScreen, item: String(id), params: {} })}
          className={classes.batchLink}
          aria-current={isShown || undefined}
          title={t('outbox.batch.show')}
        >
          {t('outbox.batch.name', { count: total })}
        </a>
        <span className={classes.dim} title={exactTime(createdAtMs)}>
          {t('outbox.batch.made', { when: made, actor })}
        </span>
      </span>
      <span className={classes.batchProgress}>
        <Progress
          value={percentDone(batch)}
          size={6}
          color={state === 'stopped' ? 'danger' : state === 'sending' ? 'accent' : 'gray'}
          aria-label={t('outbox.batch.progress', { when: made })}
          transitionDuration={150}
        />
        <BatchFigures batch={batch} />
      </span>
      <span className={classes.batchActs}>
        <BatchActs batch={batch} />
      </span>
      {note !== null && (
        <span className={classes.batchNote} data-tone={state === 'stopped' ? 'red' : 'amber'} dir="auto">
          {note} <NextTry batch={batch} />
        </span>
      )}
    </li>
  )
}

function BatchFigures({ batch }: { batch: OutboxBatch }) {
  const { state, total, counts, ratePerMinute, remainingMs, atMs } = batch
  return (
    <span className={classes.figures}>
      <span className={classes.strong}>{t('outbox.batch.done', { done: countDone(batch), total })}</span>
      {counts.failed > 0 && <span className={classes.red}>{t('outbox.batch.failed', { count: counts.failed })}</span>}
      {counts.unknown > 0 && (
        <span className={classes.amber}>{t('outbox.batch.unknown', { count: counts.unknown })}</span>
      )}
      {counts.deferred > 0 && (
        <span className={classes.amber}>{t('outbox.batch.deferred', { count: counts.deferred })}</span>
      )}
      {state === 'scheduled' && <span>{t('outbox.batch.starts', { when: briefTime(atMs) })}</span>}
      {ratePerMinute !== null && <span>{t('outbox.batch.rate', { rate: Math.round(ratePerMinute) })}</span>}
      {remainingMs !== null && <span>{t('outbox.batch.left', { span: spanWords(remainingMs) })}</span>}
      {batch.note === null && <NextTry batch={batch} />}
      {batch.endedAtMs !== null && <RelativeTime atMs={batch.endedAtMs} />}
    </span>
  )
}

function NextTry({ batch: { nextTryAtMs } }: { batch: OutboxBatch }) {
  const nowMs = useNowMs()
  if (nextTryAtMs === null) return null
  return <span>{t('outbox.batch.nextTry', { when: relativeTime(nextTryAtMs, nowMs) })}</span>
}

function BatchActs({ batch }: { batch: OutboxBatch }) {
  const acts = batchActs(batch.state)
  return (
    <>
      {acts.includes('pause') && (
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconPlayerPause size={14} aria-hidden />}
          onClick={() => void pauseBatch(batch.id)}
        >
          {t('outbox.batch.pause')}
        </Button>
      )}
      {acts.includes('resume') && (
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconPlayerPlay size={14} aria-hidden />}
          onClick={() => void resumeBatch(batch.id)}
        >
          {t('outbox.batch.resume')}
        </Button>
      )}
      {acts.includes('cancel') && (
        <Button variant="subtle" color="danger" size="compact-sm" onClick={() => askToCancelBatch(batch)}>
          {t('outbox.batch.cancel')}
        </Button>
      )}
    </>
  )
}
