import { Button, TextInput } from '@mantine/core'
import { IconPlus, IconSearch, IconUsersGroup } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { runCommand, useCommand } from '../../commands/registry.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { LoadingState } from '../../components/LoadingState.tsx'
import { queries } from '../../queries.ts'
import { t } from '../../words/index.ts'
import { GroupRow } from './GroupRow.tsx'
import classes from './Groups.module.css'
import { NewGroupRow } from './NewGroupRow.tsx'

/** Groups beyond this many are found by typing. */
const searchGroupsFrom = 8

export function GroupsScreen() {
  const { data: groups, error, refetch } = useQuery(queries.groups)
  const [isAdding, setAdding] = useState(false)
  const [query, setQuery] = useState('')
  useCommand('groups.add', () => setAdding(true))
  if (!groups) return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <LoadingState />
  if (groups.length === 0 && !isAdding) {
    return (
      <EmptyState icon={IconUsersGroup} title={t('groups.empty.title')} text={t('groups.empty.text')}>
        <Button onClick={() => setAdding(true)}>{t('groups.add')}</Button>
      </EmptyState>
    )
  }
  const isLong = groups.length >= searchGroupsFrom
  const sought = isLong ? query.trim().toLocaleLowerCase() : ''
  const listed = groups.filter(({ name }) => name.toLocaleLowerCase().includes(sought))
  return (
    <div className={classes.screen}>
      <p className={classes.intro}>{t('groups.note')}</p>
      {isLong && (
        <div className={classes.tools}>
          <TextInput
            type="search"
            className={classes.find}
            leftSection={<IconSearch size={15} aria-hidden />}
            aria-label={t('groups.find')}
            placeholder={t('groups.find')}
            value={query}
            onChange={(event) => setQuery(event.currentTarget.value)}
          />
          <output className={classes.count}>{t('groups.count', { count: listed.length })}</output>
        </div>
      )}
      <table className={classes.table} aria-label={t('groups.table')}>
        <thead>
          <tr>
            <th scope="col">{t('groups.columns.name')}</th>
            <th scope="col" className={classes.number}>
              {t('groups.columns.users')}
            </th>
            <th scope="col" className={classes.right}>
              {t('groups.columns.mobileClient')}
            </th>
            <th scope="col" className={classes.right}>
              {t('groups.columns.selfProvision')}
            </th>
            <th scope="col" className={classes.acts}>
              {t('groups.columns.acts')}
            </th>
          </tr>
        </thead>
        <tbody>
          {isAdding && <NewGroupRow onDone={() => setAdding(false)} />}
          {listed.map((group) => (
            <GroupRow key={group.name} group={group} />
          ))}
        </tbody>
      </table>
      {listed.length === 0 && <p className={classes.none}>{t('groups.none', { query: query.trim() })}</p>}
    </div>
  )
}

/** Primary action of the screen. */
export function AddGroupButton() {
  return (
    <Button leftSection={<IconPlus size={15} aria-hidden />} onClick={() => runCommand('groups.add')}>
      {t('groups.add')}
    </Button>
  )
}
