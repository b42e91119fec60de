import { Button } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { IconUserSearch, IconUsersPlus } from '@tabler/icons-react'
import { useCallback, useMemo, useState } from 'react'
import type { User, UserFilter } from '../../../shared/user.ts'
import { runCommand, useCommand, useCommands } from '../../commands/registry.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { LoadingState } from '../../components/LoadingState.tsx'
import beside from '../../components/rows/beside.module.css'
import { usePanelFocus } from '../../components/rows/panel-focus.ts'
import { showProblem, showToast } from '../../components/toast.tsx'
import { useRoute } from '../../routes.ts'
import { t } from '../../words/index.ts'
import { defaultColumns, fittingColumns, readChosenColumns, saveChosenColumns, type ColumnId } from './columns.tsx'
import { openEmail } from './email/email-opening.ts'
import { SelectionBar } from './bulk/SelectionBar.tsx'
import { FilterBar } from './FilterBar.tsx'
import { addPicked, countPicked, nobody, togglePicked, type Picked } from './selection.ts'
import { fetchUsersBetween, useUserCount, useUserList, type UserListing } from './user-pages.ts'
import { closeUser, isFiltered, openUser, readFilter, readSort, showUsers } from './user-route.ts'
import { UserDrawer } from './UserDrawer.tsx'
import classes from './UsersScreen.module.css'
import { UsersTable } from './UsersTable.tsx'
import { isSortedBy } from './UsersTableHead.tsx'

/** As the style sheet has it. */
const drawerPx = 456
/** Where the bar of a selection has no room for all its buttons. */
const narrowPx = 900
/** A list that would become narrower than this is covered by the open user instead of making room. */
const leastTablePx = 320

/** A range picked with Shift reads the users in it; more than these are picked by “all that match”. */
const mostInRange = 2_000

export function UsersScreen() {
  const { params, item } = useRoute()
  // The same list is the same object as long as its text is the same: queries and rows are told apart by it.
  const listingText = JSON.stringify({ filter: readFilter(params), sort: readSort(params) } satisfies UserListing)
  const wantedListing = useMemo(() => JSON.parse(listingText) as UserListing, [listingText])
  const { filter: wanted, sort } = wantedListing
  const list = useUserList(wantedListing)
  const { ref, width } = useElementSize()
  const isOver = width < drawerPx + leastTablePx
  const { chosen, shown, showColumns } = useColumns(item === null || isOver ? width : width - drawerPx, item !== null)
  const { picked, setPicked, pickRange } = usePicked(list.data?.listing ?? wantedListing, list.data?.users)
  const { takesFocus, noteOpening } = usePanelFocus(item)
  const countText = useCountText(wanted, list.data?.users)

  useCommand('users.clearFilters', () => showUsers({}), isFiltered(wanted))
  // The bar of a selection has its own meaning of it.
  useCommand('users.email', () => openEmail(item === null ? { filter: wanted } : { usernames: [item] }))
  useCommand('user.close', closeUser, item !== null)

  const open = useCallback(
    (user: User, how: 'mouse' | 'keyboard') => {
      noteOpening(how)
      openUser(user.username)
    },
    [noteOpening]
  )
  const toggle = useCallback((user: User) => setPicked((before) => togglePicked(before, user)), [setPicked])

  const { data } = list
  const pickAll = () => data && setPicked(() => ({ kind: 'all', filter: data.listing.filter, count: data.users }))
  const pickNone = () => setPicked(() => nobody)
  const canPickAll = data !== undefined && data.users > 0 && picked.kind === 'some'
  useCommands(
    canPickAll
      ? [{ id: 'users.pickAll', run: pickAll, title: t('users.selection.selectAll', { count: data.users }) }]
      : []
  )
  return (
    <div className={beside.screen} ref={ref}>
      {data && countPicked(picked) > 0 ? (
        <SelectionBar
          picked={picked}
          count={data.users}
          isNarrow={width < narrowPx}
          onPickAll={pickAll}
          onPickNone={pickNone}
        />
      ) : (
        <FilterBar
          filter={wanted}
          hiddenSort={shown.some((id) => isSortedBy(id, sort)) ? null : sort}
          countText={countText}
          shown={chosen}
          onShow={showColumns}
        />
      )}
      <div className={beside.area}>
        <div className={beside.list}>
          {list.isError && !data && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
          {list.isPending && <LoadingState lines={8} />}
          {data && data.users === 0 && <NoUsers filter={data.listing.filter} />}
          {data && data.users > 0 && width > 0 && (
            <UsersTable
              listing={data.listing}
              count={data.users}
              shown={shown}
              openUsername={item}
              picked={picked}
              onOpen={open}
              onToggle={toggle}
              onPickRange={(from, to) => void pickRange(from, to)}
              onPickAll={pickAll}
              onPickNone={pickNone}
            />
          )}
        </div>
        {item !== null && (
          <div className={`${beside.panel} ${classes.drawer}`} data-over={isOver || undefined}>
            <UserDrawer key={item} username={item} takesFocus={takesFocus} onClose={closeUser} />
          </div>
        )}
      </div>
    </div>
  )
}

function NoUsers({ filter }: { filter: UserFilter }) {
  if (isFiltered(filter)) {
    return (
      <EmptyState icon={IconUserSearch} title={t('users.empty.none')} text={t('users.empty.noneText')}>
        <Button variant="default" onClick={() => showUsers({})}>
          {t('users.empty.clear')}
        </Button>
      </EmptyState>
    )
  }
  return (
    <EmptyState icon={IconUsersPlus} title={t('users.empty.title')} text={t('users.empty.text')}>
      <Button onClick={() => runCommand('users.import')}>{t('commands.importUsers')}</Button>
      <Button variant="default" onClick={() => runCommand('users.add')}>
        {t('user.add.button')}
      </Button>
    </EmptyState>
  )
}

function useCountText(filter: UserFilter, matching: number | undefined): string {
  const { data: count } = useUserCount({})
  if (matching === undefined) return ''
  if (!isFiltered(filter) || count === undefined) return t('users.count', { count: matching })
  return t('users.countOf', { matching, count })
}

/** The columns that a person chose, and those of them that show: beside an open user only what there is room for. */
function useColumns(widthPx: number, isUserOpen: boolean) {
  const [saved, setSaved] = useState(readChosenColumns)
  const chosen = useMemo(() => saved ?? defaultColumns(widthPx), [saved, widthPx])
  const shown = useMemo(() => (isUserOpen ? fittingColumns(chosen, widthPx) : chosen), [chosen, widthPx, isUserOpen])
  const showColumns = (columns: readonly ColumnId[]) => {
    setSaved(columns)
    saveChosenColumns(columns)
  }
  return { chosen, shown, showColumns }
}

/** Who is picked of those that a filter leaves, `matching` users in whatever order; another filter begins with nobody. */
function usePicked(listing: UserListing, matching: number | undefined) {
  const filterText = JSON.stringify(listing.filter)
  const [kept, setKept] = useState({ filterText, picked: nobody })
  const last = kept.filterText === filterText ? kept.picked : nobody
  // Who is among all that match changes, also by what is done to them.
  const isOther = last.kind === 'all' && matching !== undefined && matching !== last.count
  const picked = isOther ? { ...last, count: matching } : last
  const setPicked = useCallback(
    (change: (before: Picked) => Picked) =>
      setKept((before) => ({
        filterText,
        picked: change(before.filterText === filterText ? before.picked : nobody)
      })),
    [filterText]
  )
  const pickRange = useCallback(
    async (from: number, to: number) => {
      try {
        const users = await fetchUsersBetween(listing, from, to, mostInRange)
        setPicked((before) => addPicked(before, users))
        if (Math.abs(to - from) >= mostInRange) showToast(t('users.selection.rangeCut', { count: users.length }))
      } catch (error) {
        showProblem(error)
      }
    },
    [listing, setPicked]
  )
  return { picked, setPicked, pickRange }
}
