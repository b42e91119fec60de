import type { ReactNode } from 'react'
import type { OutboxMessage } from '../../../shared/outbox.ts'
import { useNowMs } from '../../components/now.ts'
import { RelativeTime } from '../../components/RelativeTime.tsx'
import { formatRoute } from '../../routes.ts'
import { t } from '../../words/index.ts'
import { relativeTime } from '../../words/time.ts'
import { usersScreen } from '../users/user-route.ts'
import { retryableStates } from './batch-figures.ts'
import { MessageStateBadge } from './OutboxBadges.tsx'
import classes from './OutboxScreen.module.css'

export function MessageTable({
  messages,
  picked,
  onPick,
  children
}: {
  messages: readonly OutboxMessage[]
  picked: ReadonlySet<number>
  onPick: (picked: ReadonlySet<number>) => void
  children?: ReactNode
}) {
  const retryable = messages.filter(({ state }) => retryableStates.includes(state))
  const isAll = retryable.length > 0 && retryable.every(({ id }) => picked.has(id))
  const toggle = (id: number) => {
    const next = new Set(picked)
    if (!next.delete(id)) next.add(id)
    onPick(next)
  }
  return (
    <div className={classes.scroller}>
      <table className={classes.table} aria-label={t('outbox.messages.title')}>
        <thead>
          <tr>
            <th scope="col" className={classes.check}>
              {retryable.length > 0 ? (
                <input
                  type="checkbox"
                  aria-label={t('outbox.messages.selectAll')}
                  checked={isAll}
                  onChange={() => onPick(new Set(isAll ? [] : retryable.map(({ id }) => id)))}
                />
              ) : (
                <span className={classes.hiddenLegend}>{t('outbox.messages.columns.select')}</span>
              )}
            </th>
            <th scope="col" className={classes.stateColumn}>
              {t('outbox.messages.columns.state')}
            </th>
            <th scope="col">{t('outbox.messages.columns.username')}</th>
            <th scope="col">{t('outbox.messages.columns.address')}</th>
            <th scope="col" className={classes.responseColumn}>
              {t('outbox.messages.columns.response')}
            </th>
            <th scope="col" className={classes.tries}>
              {t('outbox.messages.columns.attempts')}
            </th>
            <th scope="col" className={classes.when}>
              {t('outbox.messages.columns.when')}
            </th>
          </tr>
        </thead>
        <tbody>
          {messages.map((message) => (
            <MessageRow
              key={message.id}
              message={message}
              isPicked={picked.has(message.id)}
              onToggle={() => toggle(message.id)}
            />
          ))}
        </tbody>
      </table>
      {children}
    </div>
  )
}

function MessageRow({
  message,
  isPicked,
  onToggle
}: {
  message: OutboxMessage
  isPicked: boolean
  onToggle: () => void
}) {
  const { state, kind, username, address, attempts, updatedAtMs, messageId } = message
  const canRetry = retryableStates.includes(state)
  return (
    <tr data-picked={(canRetry && isPicked) || undefined}>
      <td className={classes.check}>
        {canRetry && (
          <input
            type="checkbox"
            aria-label={t('outbox.messages.select', { username })}
            checked={isPicked}
            onChange={onToggle}
          />
        )}
      </td>
      <td>
        <MessageStateBadge state={state} />
      </td>
      <td className={classes.cut}>
        <a
          href={formatRoute({ screen: usersScreen, item: username, params: {} })}
          className={classes.userLink}
          title={message.name === '' ? username : `${username} (${message.name})`}
        >
          <bdi>{username}</bdi>
        </a>
        {kind !== 'code' && <span className={classes.kind}>{t(`outbox.messages.kinds.${kind}`)}</span>}
      </td>
      <td className={classes.cut} title={address}>
        <bdi>{address}</bdi>
      </td>
      <td className={classes.response} title={messageId === null ? undefined : `Message-ID ${messageId}`}>
        <Response message={message} />
      </td>
      <td className={classes.tries}>{attempts}</td>
      <td className={classes.when}>
        <RelativeTime atMs={updatedAtMs} />
      </td>
    </tr>
  )
}

function Response({ message: { response, state, nextTryAtMs } }: { message: OutboxMessage }) {
  const nowMs = useNowMs()
  const next = state === 'deferred' && nextTryAtMs !== null && relativeTime(nextTryAtMs, nowMs)
  if (response === null) {
    return state === 'queued' && <span className={classes.dim}>{t('outbox.messages.nothingYet')}</span>
  }
  return (
    <>
      <span className={classes.words} dir="auto">
        {response}
      </span>
      {next !== false && <span className={classes.dim}> {t('outbox.messages.nextTry', { when: next })}</span>}
    </>
  )
}
