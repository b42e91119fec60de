import { t } from '../../words/index.ts'
import { useOutboxSummary } from './outbox-queries.ts'
import classes from './OutboxCount.module.css'

/** How many mails wait, beside the name of the screen. */
export function OutboxCount() {
  const { data } = useOutboxSummary()
  if (!data) return null
  const isStopped = data.open.some(({ state }) => state === 'stopped')
  if (data.waiting === 0 && !isStopped) return null
  return (
    <span
      className={classes.count}
      data-stopped={isStopped || undefined}
      title={isStopped ? t('outbox.statusBar.stopped') : t('outbox.waiting', { count: data.waiting })}
    >
      {data.waiting.toLocaleString()}
    </span>
  )
}
