import { Button, CloseButton, Menu, TextInput } from '@mantine/core'
import { IconChevronDown, IconDownload, IconPlayerPause, IconPointFilled } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import type { AuditFilter } from '../../../shared/audit.ts'
import { t } from '../../words/index.ts'
import { FilterMenu } from '../users/FilterBar.tsx'
import { isKind, kindGroups } from './kind-groups.ts'
import { exportLog } from './log-acts.ts'
import { everything, isEverything, mostCharacters, showLog, type KindChoice, type LogChoice } from './log-route.ts'
import { mostRows, type LogSource } from './log-rows.ts'
import { TimeFilter } from './TimeFilter.tsx'
import classes from './Log.module.css'

/** A search runs once the typing pauses this long. */
const pauseMs = 250

/** What narrows the log, how much that leaves, whether new entries show by themselves, and the export of what is left. */
export function LogFilterBar({
  choice,
  filter,
  source,
  isFollowing
}: {
  choice: LogChoice
  filter: AuditFilter
  source: LogSource
  isFollowing: boolean
}) {
  const LiveIcon = isFollowing ? IconPointFilled : IconPlayerPause
  return (
    <search className={classes.bar} aria-label={t('logScreen.filters.label')}>
      <FindField name="user" choice={choice} />
      <FindField name="text" choice={choice} />
      <KindFilter choice={choice} />
      <TimeFilter choice={choice} />
      {!isEverything(choice) && (
        <Button variant="subtle" size="compact-sm" onClick={() => showLog(everything)}>
          {t('logScreen.filters.clearAll')}
        </Button>
      )}
      <span className={classes.gap} />
      <output className={classes.count}>{countText(source, isEverything(choice))}</output>
      <span
        className={classes.live}
        data-live={isFollowing || undefined}
        title={t(isFollowing ? 'logScreen.liveHint' : 'logScreen.pausedHint')}
      >
        <LiveIcon size={14} aria-hidden />
        {t(isFollowing ? 'logScreen.live' : 'logScreen.paused')}
      </span>
      <Menu position="bottom-end" width={230}>
        <Menu.Target>
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconDownload size={14} aria-hidden />}
            rightSection={<IconChevronDown size={14} aria-hidden />}
          >
            {t('logScreen.export.button')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('logScreen.export.note')}</Menu.Label>
          <Menu.Item onClick={() => void exportLog(filter, 'csv')}>{t('logScreen.export.csv')}</Menu.Item>
          <Menu.Item onClick={() => void exportLog(filter, 'json')}>{t('logScreen.export.json')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </search>
  )
}

function countText({ total, lookedBackTo }: LogSource, isWhole: boolean): string {
  if (isWhole && total > mostRows) return t('logScreen.countNewest', { most: mostRows, count: total })
  if (isWhole) return t('logScreen.count', { count: total })
  return lookedBackTo === null ? t('logScreen.found', { count: total }) : t('logScreen.foundSoFar', { count: total })
}

function FindField({ name, choice }: { name: 'user' | 'text'; choice: LogChoice }) {
  const searched = choice[name]
  const [text, setText] = useState(searched)
  const lastSearched = useRef(searched)
  const input = useRef<HTMLInputElement>(null)
  const label = t(`logScreen.filters.${name}`)

  useEffect(() => {
    // The address changed by other means: a link, the history, “clear”.
    if (searched === lastSearched.current) return
    lastSearched.current = searched
    setText(searched)
  }, [searched])
  const search = (value: string) => {
    lastSearched.current = value
    showLog({ ...choice, [name]: value }, { replace: true })
  }
  useEffect(() => {
    if (text === lastSearched.current) return undefined
    const timer = setTimeout(() => search(text), pauseMs)
    return () => clearTimeout(timer)
  })
  return (
    <TextInput
      ref={input}
      className={classes.find}
      aria-label={label}
      placeholder={label}
      value={text}
      maxLength={mostCharacters}
      autoComplete="off"
      spellCheck={false}
      dir="auto"
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') search(text)
        if (event.key !== 'Escape' || text === '') return
        event.stopPropagation()
        setText('')
      }}
      rightSection={
        text !== '' && (
          <CloseButton
            size={24}
            aria-label={t('users.filters.clear', { name: label })}
            onClick={() => {
              search('')
              setText('')
              input.current?.focus()
            }}
          />
        )
      }
    />
  )
}

const kindChoices = ['failures', ...kindGroups] as const

function KindFilter({ choice }: { choice: LogChoice }) {
  const { kinds } = choice
  const toggle = (kind: KindChoice, isChosen: boolean) =>
    showLog({ ...choice, kinds: isChosen ? [...kinds, kind] : kinds.filter((each) => each !== kind) })
  // Kinds by their own names come from links; they show only while they are chosen.
  const shown = [...kindChoices, ...kinds.filter(isKind)]
  return (
    <FilterMenu
      name={t('logScreen.filters.kind')}
      value={kinds.length === 0 ? null : kinds.map(kindWords).join(', ')}
      onClear={() => showLog({ ...choice, kinds: [] })}
      width={220}
    >
      {shown.map((kind) => (
        <Menu.CheckboxItem key={kind} checked={kinds.includes(kind)} onChange={(isChosen) => toggle(kind, isChosen)}>
          {kindWords(kind)}
        </Menu.CheckboxItem>
      ))}
    </FilterMenu>
  )
}

function kindWords(kind: KindChoice): string {
  if (kind === 'failures') return t('logScreen.filters.failures')
  return isKind(kind) ? kind : t(`logScreen.groups.${kind}`)
}
