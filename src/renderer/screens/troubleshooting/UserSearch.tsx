import { Autocomplete, CloseButton } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, bridge } from '../../bridge.ts'
import { t } from '../../words/index.ts'
import classes from './Troubleshooting.module.css'

const mostUsers = 8
const pauseMs = 120
/** As much of a search as the contract takes. */
const mostCharacters = 200

/** Finds a user while one types; a name that nobody has can be asked about as well. */
export function UserSearch({
  username,
  note,
  onChoose
}: {
  username: string
  note: string
  onChoose: (username: string) => void
}) {
  const [text, setText] = useState(username)
  const [last, setLast] = useState(username)
  // The address names another user: a link, the history, or what was chosen here.
  if (last !== username) {
    setLast(username)
    setText(username)
  }
  const [sought] = useDebouncedValue(text.trim(), pauseMs)
  const { data } = useQuery({
    queryKey: ['users', 'sought', sought],
    queryFn: () => ask(bridge.users.list({ filter: { query: sought }, limit: mostUsers })),
    enabled: sought !== '' && sought !== username,
    placeholderData: keepPreviousData
  })
  const users = sought === '' || sought === username ? [] : (data?.users ?? [])
  const choose = (chosen: string) => {
    const name = chosen.trim()
    if (name !== username) onChoose(name)
  }
  return (
    <Autocomplete
      size="xs"
      label={t('troubleshooting.says.user')}
      description={note}
      inputWrapperOrder={['label', 'input', 'description']}
      placeholder={t('troubleshooting.says.userHint')}
      value={text}
      maxLength={mostCharacters}
      spellCheck={false}
      autoComplete="off"
      data={users.map((user) => user.username)}
      // The console has searched names and addresses too, which do not stand in the list.
      filter={({ options }) => options}
      renderOption={({ option }) => (
        <span className={classes.userOption}>
          <bdi>{option.value}</bdi>
          <bdi className={classes.dim}>{users.find((user) => user.username === option.value)?.name}</bdi>
        </span>
      )}
      onChange={setText}
      onOptionSubmit={choose}
      onKeyDown={(event) => {
        // With an option under the arrow keys, Enter means that one.
        const isOptionMeant = event.currentTarget.getAttribute('aria-activedescendant') !== null
        if (event.key === 'Enter' && !isOptionMeant) choose(text)
      }}
      onBlur={() => choose(text)}
      rightSection={
        text !== '' && (
          <CloseButton
            size={24}
            aria-label={t('troubleshooting.says.clearUser')}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => {
              setText('')
              choose('')
            }}
          />
        )
      }
    />
  )
}
