import { Button, Menu } from '@mantine/core'
import { IconChevronDown, IconColumns3, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import {
  appStates,
  codeStates,
  type AppState,
  type CodeState,
  type UserFilter,
  type UserSort
} from '../../../shared/user.ts'
import { IconButton } from '../../components/IconButton.tsx'
import { queries } from '../../queries.ts'
import { t } from '../../words/index.ts'
import { columnIds, columns, columnTitle, type ColumnId } from './columns.tsx'
import classes from './FilterBar.module.css'
import { showUsers, sortUsers, usualSort } from './user-route.ts'

/** Groups beyond this many are found by typing. */
const searchGroupsFrom = 8

/** What narrows the list, how many it leaves, and which columns show. */
export function FilterBar({
  filter,
  hiddenSort,
  countText,
  shown,
  onShow
}: {
  filter: UserFilter
  /** The order of the list where the column that it goes by does not show; null where it does. */
  hiddenSort: UserSort | null
  countText: string
  shown: readonly ColumnId[]
  onShow: (chosen: readonly ColumnId[]) => void
}) {
  return (
    <search className={classes.bar} aria-label={t('users.filters.label')}>
      <StatesFilter<AppState>
        name={t('users.filters.app')}
        states={appStates}
        wordOf={(state) => t(`states.app.${state}`)}
        chosen={filter.app ?? []}
        onChange={(app) => showUsers(changed(filter, 'app', app.length > 0 ? app : undefined))}
      />
      <StatesFilter<CodeState>
        name={t('users.filters.code')}
        states={codeStates.filter((state) => state !== 'superseded')}
        wordOf={(state) => t(`states.code.${state}`)}
        chosen={filter.code ?? []}
        onChange={(code) => showUsers(changed(filter, 'code', code.length > 0 ? code : undefined))}
      />
      <GroupFilter filter={filter} />
      <FlagsFilter filter={filter} />
      {Object.keys(filter).length > 1 && (
        <Button variant="subtle" size="compact-sm" onClick={() => showUsers({})}>
          {t('users.filters.clearAll')}
        </Button>
      )}
      {hiddenSort && (
        <Button
          variant="subtle"
          size="compact-sm"
          title={t('users.sort.usual')}
          rightSection={<IconX size={13} aria-hidden />}
          onClick={() => sortUsers(usualSort)}
        >
          {t('users.sort.hidden', { column: titleOfSort(hiddenSort) })}
        </Button>
      )}
      <output className={classes.count}>{countText}</output>
      <ColumnChooser shown={shown} onShow={onShow} />
    </search>
  )
}

function titleOfSort({ column }: UserSort): string {
  const id = columnIds.find((each) => columns[each].sort === column)
  return id === undefined ? '' : columnTitle(id)
}

/** A filter with one condition replaced, or taken out where it is undefined. */
function changed<Key extends keyof UserFilter>(filter: UserFilter, key: Key, value: UserFilter[Key]): UserFilter {
  const { [key]: _, ...others } = filter
  return value === undefined ? others : { ...others, [key]: value }
}

export function FilterMenu({
  name,
  value,
  onClear,
  width = 200,
  children
}: {
  name: string
  /** What is chosen, or null where the filter lets everybody through. */
  value: string | null
  onClear: () => void
  width?: number
  children: ReactNode
}) {
  const isActive = value !== null
  return (
    <span className={classes.filter} data-active={isActive || undefined}>
      <Menu position="bottom-start" width={width} closeOnItemClick={false}>
        <Menu.Target>
          <Button
            data-focus-home
            variant="subtle"
            color="gray"
            size="compact-sm"
            className={classes.button}
            rightSection={<IconChevronDown size={14} aria-hidden />}
          >
            {isActive ? (
              <span className={classes.value}>
                {name}: <bdi>{value}</bdi>
              </span>
            ) : (
              name
            )}
          </Button>
        </Menu.Target>
        <Menu.Dropdown className={classes.dropdown}>{children}</Menu.Dropdown>
      </Menu>
      {isActive && (
        <IconButton icon={IconX} iconSize={14} size={24} label={t('users.filters.clear', { name })} onClick={onClear} />
      )}
    </span>
  )
}

function StatesFilter<State extends string>({
  name,
  states,
  wordOf,
  chosen,
  onChange
}: {
  name: string
  states: readonly State[]
  wordOf: (state: State) => string
  chosen: readonly State[]
  onChange: (chosen: State[]) => void
}) {
  return (
    <FilterMenu
      name={name}
      value={chosen.length === 0 ? null : chosen.map(wordOf).join(', ')}
      onClear={() => onChange([])}
    >
      {states.map((state) => (
        <Menu.CheckboxItem
          key={state}
          checked={chosen.includes(state)}
          onChange={(isChecked) =>
            onChange(states.filter((each) => (each === state ? isChecked : chosen.includes(each))))
          }
        >
          {wordOf(state)}
        </Menu.CheckboxItem>
      ))}
    </FilterMenu>
  )
}

function GroupFilter({ filter }: { filter: UserFilter }) {
  const { data: groups = [] } = useQuery(queries.groups)
  const [typed, setTyped] = useState('')
  const isLong = groups.length >= searchGroupsFrom
  const listed = groups.filter(({ name }) => !isLong || name.toLowerCase().includes(typed.trim().toLowerCase()))
  return (
    <FilterMenu
      name={t('users.filters.group')}
      value={filter.group ?? null}
      onClear={() => showUsers(changed(filter, 'group', undefined))}
      width={240}
    >
      {isLong && (
        <Menu.Search
          size="xs"
          value={typed}
          placeholder={t('users.filters.findGroup')}
          aria-label={t('users.filters.findGroup')}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      )}
      <Menu.RadioGroup
        value={filter.group ?? ''}
        onChange={(group) => showUsers(changed(filter, 'group', group === '' ? undefined : group))}
      >
        <Menu.RadioItem value="" closeMenuOnClick>
          {t('users.filters.anyGroup')}
        </Menu.RadioItem>
        {listed.map(({ name }) => (
          <Menu.RadioItem key={name} value={name} closeMenuOnClick>
            <bdi className={classes.groupName}>{name}</bdi>
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
    </FilterMenu>
  )
}

function FlagsFilter({ filter }: { filter: UserFilter }) {
  const words = [
    filter.locked === true && t('users.filters.locked'),
    filter.disabled === true && t('users.filters.disabled'),
    filter.disabled === false && t('users.filters.enabled')
  ].filter((word) => word !== false)
  const { locked: _locked, disabled: _disabled, ...withoutFlags } = filter
  const setDisabled = (value: boolean, isChecked: boolean) =>
    showUsers(changed(filter, 'disabled', isChecked ? value : undefined))
  return (
    <FilterMenu
      name={t('users.filters.flags')}
      value={words.length === 0 ? null : words.join(', ').toLowerCase()}
      onClear={() => showUsers(withoutFlags)}
    >
      <Menu.CheckboxItem
        checked={filter.locked === true}
        onChange={(isChecked) => showUsers(changed(filter, 'locked', isChecked ? true : undefined))}
      >
        {t('users.filters.locked')}
      </Menu.CheckboxItem>
      <Menu.Divider />
      <Menu.CheckboxItem checked={filter.disabled === true} onChange={(isChecked) => setDisabled(true, isChecked)}>
        {t('users.filters.disabled')}
      </Menu.CheckboxItem>
      <Menu.CheckboxItem checked={filter.disabled === false} onChange={(isChecked) => setDisabled(false, isChecked)}>
        {t('users.filters.enabled')}
      </Menu.CheckboxItem>
    </FilterMenu>
  )
}

const choosableColumns = columnIds.filter((id) => id !== 'username')

/** The username always shows, so it is not among them. */
function ColumnChooser({
  shown,
  onShow
}: {
  shown: readonly ColumnId[]
  onShow: (chosen: readonly ColumnId[]) => void
}) {
  return (
    <Menu position="bottom-end" width={180} closeOnItemClick={false}>
      <Menu.Target>
        <IconButton icon={IconColumns3} iconSize={17} label={t('users.columns.choose')} />
      </Menu.Target>
      <Menu.Dropdown>
        {choosableColumns.map((id) => (
          <Menu.CheckboxItem
            key={id}
            checked={shown.includes(id)}
            onChange={(isChecked) =>
              onShow(columnIds.filter((each) => (each === id ? isChecked : shown.includes(each))))
            }
          >
            {columnTitle(id)}
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
