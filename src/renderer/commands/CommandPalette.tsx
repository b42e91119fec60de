import { Combobox, Kbd, Modal, TextInput, useCombobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch, IconUser } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react'
import { ask, bridge } from '../bridge.ts'
import { openUser } from '../screens/users/user-route.ts'
import { t } from '../words/index.ts'
import { commandDefinitions, type CommandSection, type WindowCommandId } from './definitions.ts'
import { isPaletteMatch } from './palette-matches.ts'
import classes from './CommandPalette.module.css'
import { commandTitle, enabledCommands, runCommand, useCommand } from './registry.ts'
import { formatShortcut } from './shortcuts.ts'

const mostUsers = 6
const pauseMs = 120

const sections: readonly CommandSection[] = ['go', 'users', 'user', 'edit', 'view']

/** Every command that can be given now, and users by name. */
export function CommandPalette() {
  const [isOpen, setOpen] = useState(false)
  const cameFrom = useRef<Element | null>(null)
  useCommand('palette', () => {
    cameFrom.current = document.activeElement
    setOpen(true)
  })
  // Given back at once rather than by the dialog, later: a command may move the focus, or open a dialog that gives it back in turn.
  const close = () => {
    setOpen(false)
    if (cameFrom.current instanceof HTMLElement) cameFrom.current.focus()
  }
  return (
    <Modal.Root
      opened={isOpen}
      onClose={close}
      returnFocus={false}
      // There at once: what is typed right after the shortcut would otherwise be lost.
      transitionProps={{ duration: 0 }}
      size={560}
      padding={0}
      yOffset="12vh"
      centered={false}
    >
      <Modal.Overlay backgroundOpacity={0.35} />
      <Modal.Content aria-label={t('palette.label')}>
        <Modal.Body>
          <Palette onDone={close} />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

function Palette({ onDone }: { onDone: () => void }) {
  const [query, setQuery] = useState('')
  // What was offered when the palette opened: the palette itself changes nothing of it.
  const [offered] = useState(() => enabledCommands().filter((id) => id !== 'palette' && id !== 'user.close'))
  const commands = offered.filter((id) => isPaletteMatch(query, commandTitle(id)))
  const users = useMatchingUsers(query)
  const combobox = useCombobox({ opened: true })
  const input = useRef<HTMLInputElement>(null)
  // The dialog's own focus comes a moment later.
  useLayoutEffect(() => input.current?.focus(), [])
  const found = [...commands, ...users.map(({ username }) => username)].join('\n')

  const chooseFirst = useEffectEvent((choices: string) => {
    if (choices === '') combobox.resetSelectedOption()
    else combobox.selectFirstOption()
  })
  useEffect(() => chooseFirst(found), [found])

  const take = (value: string) => {
    const command = commands.find((id) => value === `command ${id}`)
    onDone()
    if (command) runCommand(command)
    else openUser(value.replace(/^user /, ''))
  }

  return (
    <Combobox store={combobox} onOptionSubmit={take}>
      <Combobox.EventsTarget withExpandedAttribute>
        <TextInput
          ref={input}
          data-autofocus
          variant="unstyled"
          size="md"
          className={classes.input}
          leftSection={<IconSearch size={17} aria-hidden />}
          aria-label={t('palette.label')}
          placeholder={t('palette.placeholder')}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Escape' && onDone()}
        />
      </Combobox.EventsTarget>
      <Combobox.Options className={classes.list} tabIndex={0} aria-label={t('palette.label')}>
        {sections.map((section) => (
          <CommandGroup
            key={section}
            title={t(`commands.sections.${section}`)}
            commands={commands.filter((id) => commandDefinitions[id].section === section)}
          />
        ))}
        {users.length > 0 && (
          <Combobox.Group label={t('palette.users')}>
            {users.map(({ id, username, name }) => (
              <Combobox.Option key={id} value={`user ${username}`} className={classes.option}>
                <IconUser size={15} aria-hidden className={classes.icon} />
                <bdi className={classes.username}>{username}</bdi>
                <bdi className={classes.note}>{name}</bdi>
              </Combobox.Option>
            ))}
          </Combobox.Group>
        )}
        {found === '' && <Combobox.Empty className={classes.empty}>{t('palette.empty', { query })}</Combobox.Empty>}
      </Combobox.Options>
    </Combobox>
  )
}

function CommandGroup({ title, commands }: { title: string; commands: readonly WindowCommandId[] }) {
  if (commands.length === 0) return null
  return (
    <Combobox.Group label={title}>
      {commands.map((id) => {
        const [shortcut] = commandDefinitions[id].shortcuts
        return (
          <Combobox.Option key={id} value={`command ${id}`} className={classes.option}>
            <span className={classes.title}>{commandTitle(id)}</span>
            {shortcut !== undefined && <Kbd>{formatShortcut(shortcut)}</Kbd>}
          </Combobox.Option>
        )
      })}
    </Combobox.Group>
  )
}

function useMatchingUsers(query: string) {
  const [settled] = useDebouncedValue(query.trim(), pauseMs)
  const { data } = useQuery({
    queryKey: ['users', 'palette', settled],
    queryFn: () => ask(bridge.users.list({ filter: { query: settled }, limit: mostUsers })),
    enabled: settled !== '',
    placeholderData: keepPreviousData
  })
  return query.trim() === '' || !data ? [] : data.users
}
