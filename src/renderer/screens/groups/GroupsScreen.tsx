import { Button, TextInput } from '@mantine/core'
import { IconPlus, IconSearch, IconUsersGroup } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Group } from '../../../shared/group.ts'
import { runCommand, useCommand } from '../../commands/registry.ts'
import { confirmAct } from '../../components/confirm.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { LoadingState } from '../../components/LoadingState.tsx'
import { queries } from '../../queries.ts'
import { t } from '../../words/index.ts'
import { isolate } from '../../words/isolate.ts'
import { GroupRow } from './GroupRow.tsx'
import classes from './Groups.module.css'
import { removeEmptyGroup } from './group-acts.ts'
import { NewGroupRow } from './NewGroupRow.tsx'
import { RemoveGroup } from './RemoveGroup.tsx'
import { searchGroupsFrom } from './search-from.ts'
import { useGroupMail } from './group-mail.ts'

export function GroupsScreen() {
  const { data: groups, error, refetch } = useQuery(queries.groups)
  const [isAdding, setAdding] = useState(false)
  const [query, setQuery] = useState('')
  const [removing, setRemoving] = useState<number | null>(null)
  const { transports, templatesOf } = useGroupMail()
  useCommand('groups.add', () => setAdding(true))
  if (!groups) return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <LoadingState />
  if (groups.length === 0 && !isAdding) {
    return (
      <EmptyState icon={IconUsersGroup} title={t('groups.empty.title')} text={t('groups.empty.text')}>
        <Button onClick={() => setAdding(true)}>{t('groups.add')}</Button>
      </EmptyState>
    )
  }
  const remove = (group: Group) => {
    if (groups.length === 1) return explainLast(group)
    if (group.users > 0 || templatesOf(group.name).length > 0) return setRemoving(group.id)
    void removeEmptyGroup(group)
  }
  // Named by its id: what others do to the group meanwhile shows in the question.
  const removed = groups.find(({ id }) => id === removing) ?? null
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
            <th scope="col" className={classes.transport}>
              {t('groups.columns.transport')}
            </th>
            <th scope="col" className={classes.templates}>
              {t('groups.columns.templates')}
            </th>
            <th scope="col" className={classes.acts}>
              {t('groups.columns.acts')}
            </th>
          </tr>
        </thead>
        <tbody>
          {isAdding && <NewGroupRow onDone={() => setAdding(false)} />}
          {listed.map((group) => (
            <GroupRow
              key={group.id}
              group={group}
              transports={transports}
              templates={templatesOf(group.name)}
              onRemove={() => remove(group)}
            />
          ))}
        </tbody>
      </table>
      <RemoveGroup
        group={removed}
        others={groups.filter(({ id }) => id !== removing)}
        hasTemplates={removed !== null && templatesOf(removed.name).length > 0}
        onClose={() => setRemoving(null)}
      />
      {listed.length === 0 && <p className={classes.none}>{t('groups.none', { query: query.trim() })}</p>}
    </div>
  )
}

function explainLast({ name }: Group): void {
  confirmAct({
    title: t('groups.last.title', { name: isolate(name) }),
    text: t('groups.last.text'),
    verb: t('groups.last.understood'),
    isDangerous: false,
    onConfirm: () => undefined
  })
}

/** Primary action of the screen. */
export function AddGroupButton() {
  return (
    <Button leftSection={<IconPlus size={15} aria-hidden />} onClick={() => runCommand('groups.add')}>
      {t('groups.add')}
    </Button>
  )
}
