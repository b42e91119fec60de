import { Button } from '@mantine/core'
import { IconMailFast } from '@tabler/icons-react'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { LoadingState } from '../../components/LoadingState.tsx'
import { useNowMs } from '../../components/now.ts'
import { navigate, useRoute } from '../../routes.ts'
import { t } from '../../words/index.ts'
import { usersScreen } from '../users/user-route.ts'
import { BatchList } from './BatchList.tsx'
import { MessageList } from './MessageList.tsx'
import { useBatches, useOutboxSummary } from './outbox-queries.ts'
import { readMessageFilter } from './outbox-route.ts'
import classes from './OutboxScreen.module.css'

/** What was mailed and is to be: the batches, and below them each mail with what the mail server said to it. */
export function OutboxScreen() {
  const filter = readMessageFilter(useRoute())
  const nowMs = useNowMs()
  const summary = useOutboxSummary()
  const batches = useBatches()
  const failed = [summary, batches].find(({ isError, data }) => isError && !data)
  if (failed) return <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />
  if (!summary.data || !batches.data) return <LoadingState lines={8} />

  const all = batches.data.pages.flatMap((page) => page.batches)
  const { counts, isSenderRunning, nextDueAtMs } = summary.data
  const isEmpty = all.length === 0 && Object.values(counts).every((count) => count === 0)
  if (isEmpty) return <NothingMailed />
  const batch = all.find(({ id }) => id === filter.batch)
  return (
    <div className={classes.screen}>
      {nextDueAtMs !== null && nextDueAtMs <= nowMs && !isSenderRunning && (
        <p className={classes.notice} role="status">
          {t('outbox.noSender')}
        </p>
      )}
      {all.length > 0 && (
        <BatchList
          batches={all}
          shownId={filter.batch ?? null}
          onOlder={batches.hasNextPage ? () => void batches.fetchNextPage() : null}
        />
      )}
      <MessageList
        key={`${filter.batch} ${filter.state} ${filter.username}`}
        filter={filter}
        batch={batch ?? null}
        counts={filter.batch === undefined ? counts : (batch?.counts ?? null)}
      />
    </div>
  )
}

function NothingMailed() {
  return (
    <EmptyState icon={IconMailFast} title={t('outbox.empty.title')} text={t('outbox.empty.text')}>
      <Button onClick={() => navigate({ screen: usersScreen, item: null, params: {} })}>
        {t('outbox.empty.button')}
      </Button>
    </EmptyState>
  )
}
