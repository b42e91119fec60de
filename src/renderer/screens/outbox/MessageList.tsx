import { Button } from '@mantine/core'
import { IconMailQuestion, IconX } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import type { MessageCounts, OutboxBatch, OutboxMessage } from '../../../shared/outbox.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { IconButton } from '../../components/IconButton.tsx'
import { LoadingState } from '../../components/LoadingState.tsx'
import { t } from '../../words/index.ts'
import { retryableStates } from './batch-figures.ts'
import { MessageFilterBar } from './MessageFilterBar.tsx'
import { MessageTable } from './MessageTable.tsx'
import { askToRetry } from './outbox-acts.ts'
import { useMessages } from './outbox-queries.ts'
import type { MessageFilter } from './outbox-route.ts'
import classes from './OutboxScreen.module.css'

const nobody: ReadonlySet<number> = new Set()

/** The mails of a batch, or of all, by state; those that can be sent again can be picked for it. */
export function MessageList({
  filter,
  batch,
  counts
}: {
  filter: MessageFilter
  /** The one whose mails are shown; null for another choice, or while it is not read yet. */
  batch: OutboxBatch | null
  /** How many there are in each state; null where nobody has counted. */
  counts: MessageCounts | null
}) {
  const { data, error, isPending, isError, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useMessages(filter)
  const [wanted, setPicked] = useState(nobody)
  const messages = useMemo(() => data?.pages.flatMap((page) => page.messages) ?? [], [data])
  // One that was sent meanwhile is no longer picked.
  const picked = messages.filter(({ id, state }) => wanted.has(id) && retryableStates.includes(state))
  const hasUnknown = (counts?.unknown ?? messages.filter(({ state }) => state === 'unknown').length) > 0
  return (
    <section className={classes.messages} aria-label={t('outbox.messages.title')}>
      {picked.length > 0 ? (
        <RetryBar picked={picked} onClear={() => setPicked(nobody)} />
      ) : (
        <MessageFilterBar filter={filter} batch={batch} counts={counts} />
      )}
      {hasUnknown && (filter.state === undefined || filter.state === 'unknown') && (
        <p className={classes.explained}>
          <strong>{t('outbox.messages.unknownTitle')}</strong> {t('outbox.messages.unknownExplained')}
        </p>
      )}
      <div className={classes.messageArea}>
        {isError && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
        {isPending && <LoadingState lines={6} />}
        {data && messages.length === 0 && (
          <EmptyState icon={IconMailQuestion} title={t('outbox.messages.none')} text={t('outbox.messages.noneText')} />
        )}
        {messages.length > 0 && (
          <MessageTable messages={messages} picked={wanted} onPick={setPicked}>
            {hasNextPage && (
              <Button
                variant="subtle"
                size="compact-sm"
                className={classes.older}
                loading={isFetchingNextPage}
                onClick={() => void fetchNextPage()}
              >
                {t('outbox.messages.more')}
              </Button>
            )}
          </MessageTable>
        )}
      </div>
    </section>
  )
}

function RetryBar({ picked, onClear }: { picked: readonly OutboxMessage[]; onClear: () => void }) {
  const mayRepeat = picked.some(({ state }) => state === 'unknown')
  const ids = picked.map(({ id }) => id)
  return (
    <div className={classes.bar} role="toolbar" aria-label={t('outbox.retry.bar')}>
      <IconButton icon={IconX} label={t('outbox.retry.clear')} onClick={onClear} />
      <output className={classes.pickedCount}>{t('outbox.retry.selected', { count: picked.length })}</output>
      <Button
        variant="default"
        size="compact-sm"
        onClick={() => askToRetry({ ids }, picked.length, mayRepeat, onClear)}
      >
        {t('outbox.retry.button')}
      </Button>
    </div>
  )
}
