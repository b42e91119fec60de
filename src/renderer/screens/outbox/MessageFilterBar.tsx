import { Button, CloseButton, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { messageStates, type MessageCounts, type OutboxBatch } from '../../../shared/outbox.ts'
import { IconButton } from '../../components/IconButton.tsx'
import { t } from '../../words/index.ts'
import { briefTime } from '../../words/time.ts'
import { retryableStates } from './batch-figures.ts'
import { askToRetry } from './outbox-acts.ts'
import { showMessages, type MessageFilter } from './outbox-route.ts'
import classes from './OutboxScreen.module.css'

export function MessageFilterBar({
  filter,
  batch,
  counts
}: {
  filter: MessageFilter
  batch: OutboxBatch | null
  counts: MessageCounts | null
}) {
  const all = counts && Object.values(counts).reduce((sum, count) => sum + count, 0)
  // A state without mails is not worth a button, unless it is the one that is shown.
  const states = messageStates.filter((state) => counts === null || counts[state] > 0 || filter.state === state)
  return (
    <div className={classes.bar}>
      <WhichBatch filter={filter} batch={batch} />
      <fieldset className={classes.states}>
        <legend className={classes.hiddenLegend}>{t('outbox.messages.states')}</legend>
        <StateButton
          word={t('outbox.messages.anyState')}
          count={all}
          isOn={filter.state === undefined}
          onClick={() => showMessages({ ...filter, state: undefined })}
        />
        {states.map((state) => (
          <StateButton
            key={state}
            word={t(`outbox.messageStates.${state}`)}
            count={counts && counts[state]}
            isOn={filter.state === state}
            onClick={() => showMessages({ ...filter, state })}
          />
        ))}
      </fieldset>
      <RetryAll filter={filter} counts={counts} />
      <UsernameField filter={filter} />
    </div>
  )
}

function WhichBatch({ filter, batch }: { filter: MessageFilter; batch: OutboxBatch | null }) {
  if (filter.batch === undefined) {
    return (
      <Button
        variant="subtle"
        size="compact-sm"
        color="gray"
        onClick={() => showMessages({ ...filter, batch: null, state: undefined })}
      >
        {t('outbox.messages.noBatch')}
      </Button>
    )
  }
  return (
    <span className={classes.which}>
      <span className={classes.whichName}>
        {filter.batch === null
          ? t('outbox.messages.noBatch')
          : batch && t('outbox.messages.ofBatch', { when: briefTime(batch.createdAtMs) })}
      </span>
      <IconButton
        icon={IconX}
        iconSize={14}
        size={24}
        label={t('outbox.messages.showAll')}
        onClick={() => showMessages({ ...filter, batch: undefined })}
      />
    </span>
  )
}

function StateButton({
  word,
  count,
  isOn,
  onClick
}: {
  word: string
  count: number | null
  isOn: boolean
  onClick: () => void
}) {
  return (
    <button type="button" className={classes.state} aria-pressed={isOn} onClick={onClick}>
      {word}
      {count !== null && <span className={classes.stateCount}>{count.toLocaleString()}</span>}
    </button>
  )
}

/** All of a batch that are in one state, whether or not they are read yet. */
function RetryAll({ filter, counts }: { filter: MessageFilter; counts: MessageCounts | null }) {
  const { state, batch, username } = filter
  const count = state && counts ? counts[state] : 0
  if (!state || typeof batch !== 'number' || username !== '' || count === 0 || !retryableStates.includes(state)) {
    return null
  }
  const ask = () => askToRetry({ batchId: batch, states: [state] }, count, state === 'unknown', () => undefined)
  return (
    <Button variant="default" size="compact-sm" onClick={ask}>
      {t('outbox.retry.allButton', { count })}
    </Button>
  )
}

function UsernameField({ filter }: { filter: MessageFilter }) {
  const [text, setText] = useState(filter.username)
  const search = (username: string) => showMessages({ ...filter, username: username.trim() }, { replace: true })
  return (
    <form
      className={classes.username}
      onSubmit={(event) => {
        event.preventDefault()
        search(text)
      }}
    >
      <TextInput
        aria-label={t('outbox.messages.username')}
        placeholder={t('outbox.messages.findUsername')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={() => search(text)}
        autoComplete="off"
        spellCheck={false}
        maxLength={1000}
        rightSection={
          text !== '' && (
            <CloseButton size={24} aria-label={t('outbox.messages.clearUsername')} onClick={() => search('')} />
          )
        }
      />
    </form>
  )
}
