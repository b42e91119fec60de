import { CloseButton, Kbd, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useCommand } from '../commands/registry.ts'
import { ariaShortcut, formatShortcut } from '../commands/shortcuts.ts'
import { currentRoute, navigate, useRoute } from '../routes.ts'
import { usersScreen } from '../screens/users/user-route.ts'
import { t } from '../words/index.ts'
import classes from './TitleBar.module.css'

/** A search runs once the typing pauses this long. */
const pauseMs = 120
/** As much as the contract takes. */
const mostCharacters = 200

/** Searches users from every screen. What is searched for is part of the address. */
export function SearchField() {
  const route = useRoute()
  const searched = route.screen === usersScreen ? (route.params.q ?? '') : ''
  const [text, setText] = useState(searched)
  const lastSearched = useRef(searched)
  const input = useRef<HTMLInputElement>(null)

  useEffect(() => {
    // The address changed by other means: a link, the history, “clear”.
    if (searched === lastSearched.current) return
    lastSearched.current = searched
    setText(searched)
  }, [searched])

  useEffect(() => {
    if (text === lastSearched.current) return undefined
    const timer = setTimeout(() => {
      lastSearched.current = text
      searchFor(text)
    }, pauseMs)
    return () => clearTimeout(timer)
  }, [text])

  useCommand('find', () => {
    input.current?.focus({ preventScroll: true })
    input.current?.select()
  })

  return (
    <search className={classes.search}>
      <TextInput
        ref={input}
        type="search"
        aria-label={t('search.label')}
        aria-keyshortcuts={ariaShortcut('Mod+F')}
        placeholder={t('search.label')}
        value={text}
        maxLength={mostCharacters}
        autoComplete="off"
        spellCheck={false}
        leftSection={<IconSearch size={15} aria-hidden />}
        rightSectionWidth={text === '' ? 58 : 28}
        rightSectionPointerEvents={text === '' ? 'none' : 'all'}
        rightSection={
          text === '' ? (
            <Kbd className={classes.key}>{formatShortcut('Mod+F')}</Kbd>
          ) : (
            <CloseButton
              size={24}
              aria-label={t('search.clear')}
              onClick={() => {
                setText('')
                input.current?.focus()
              }}
            />
          )
        }
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && text !== '') {
            event.stopPropagation()
            event.preventDefault()
            setText('')
          }
          if (event.key === 'Enter' || event.key === 'ArrowDown') {
            event.preventDefault()
            if (text !== lastSearched.current) {
              lastSearched.current = text
              searchFor(text)
            }
            document.querySelector<HTMLElement>('[role="grid"] [role="row"][tabindex="0"]')?.focus()
          }
        }}
      />
    </search>
  )
}

function searchFor(query: string): void {
  const { screen, item, params } = currentRoute()
  const isHere = screen === usersScreen
  navigate(
    { screen: usersScreen, item: isHere ? item : null, params: { ...(isHere ? params : {}), q: query } },
    { replace: isHere }
  )
}
