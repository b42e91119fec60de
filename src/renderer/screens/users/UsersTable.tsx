import { useVirtualizer } from '@tanstack/react-virtual'
import {
  useEffect,
  useMemo,
  useRef,
  useState,
  type CSSProperties,
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent
} from 'react'
import type { User } from '../../../shared/user.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import {
  headerPx,
  rowIndexOf,
  rowAfterKey,
  rowSizes,
  useFocusOnActive,
  useRowsWithActive
} from '../../components/rows/row-list.ts'
import grid from '../../components/rows/rows.module.css'
import { queryClient } from '../../queries.ts'
import { t } from '../../words/index.ts'
import { leastWidthOf, tracksOf, type ColumnId } from './columns.tsx'
import { countPicked, isPicked, type Picked } from './selection.ts'
import { useUserPages, type UserListing } from './user-pages.ts'
import { UserRow } from './UserRow.tsx'
import { usePagesInView } from './pages-in-view.ts'
import classes from './UsersTable.module.css'
import { UsersTableHead } from './UsersTableHead.tsx'

const overscanRows = 6

interface UsersTableProps {
  listing: UserListing
  /** How many users the list holds. */
  count: number
  shown: readonly ColumnId[]
  openUsername: string | null
  picked: Picked
  onOpen: (user: User, how: 'mouse' | 'keyboard') => void
  onToggle: (user: User) => void
  /** Picks every user between two places of the list, both included. */
  onPickRange: (from: number, to: number) => void
  onPickAll: () => void
  onPickNone: () => void
}

/**
 * A list of users, of which only the rows in view exist. One row at a time is in the order of Tab. No table
 * elements: Chromium takes ten times as long to style rows that come and go in those.
 */
export function UsersTable(props: UsersTableProps) {
  const { listing, count, shown, openUsername, picked, onOpen, onToggle, onPickRange, onPickAll, onPickNone } = props
  const scroller = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState(0)
  const activeIndex = Math.min(active, count - 1)
  const rangeStart = useRef(0)

  const focusActive = useFocusOnActive(scroller, activeIndex)
  const virtualizer = useVirtualizer({
    ...rowSizes,
    count,
    getScrollElement: () => scroller.current,
    overscan: overscanRows,
    rangeExtractor: useRowsWithActive(activeIndex, count)
  })
  const { range, isScrolling } = virtualizer
  const pages = usePagesInView(range, count, isScrolling)
  const { userAt, error } = useUserPages(listing, pages)

  useEffect(() => {
    // Another list begins at its top.
    setActive(0)
    rangeStart.current = 0
    scroller.current?.scrollTo({ top: 0 })
  }, [listing])

  const moveTo = (to: number, extendsRange: boolean) => {
    if (extendsRange) onPickRange(rangeStart.current, to)
    else rangeStart.current = to
    if (to === activeIndex) return
    focusActive()
    setActive(to)
    virtualizer.scrollToIndex(to, { align: 'auto' })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (rowIndexOf(event.target) === null) return
    const heightPx = scroller.current?.clientHeight ?? 0
    const to = rowAfterKey(event.key, { activeIndex, count, heightPx })
    const user = userAt(activeIndex)
    if (to !== undefined && !event.altKey) moveTo(to, event.shiftKey)
    else if (event.key === 'Enter' && user) onOpen(user, 'keyboard')
    else if (event.key === ' ' && user) {
      rangeStart.current = activeIndex
      onToggle(user)
    } else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) onPickAll()
    else if (event.key === 'Escape' && countPicked(picked) > 0) onPickNone()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  const onClick = (event: MouseEvent) => {
    const index = rowIndexOf(event.target)
    const user = index === null || isOnCheckbox(event.target) ? undefined : userAt(index)
    if (index === null || !user) return
    if (event.shiftKey) onPickRange(rangeStart.current, index)
    else {
      rangeStart.current = index
      onOpen(user, 'mouse')
    }
  }
  const onFocus = (event: FocusEvent) => {
    const index = rowIndexOf(event.target)
    if (index !== null) setActive(index)
  }

  const layout = useMemo(() => layoutOf(shown), [shown])
  if (error !== null) {
    return <ErrorState error={error} onRetry={() => void queryClient.invalidateQueries({ queryKey: ['users'] })} />
  }
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={t('users.table')}
      aria-rowcount={count + 1}
      aria-colcount={shown.length + 1}
      aria-multiselectable
      tabIndex={-1}
      className={`${grid.table} ${classes.table}`}
      data-picking={countPicked(picked) > 0 || undefined}
      style={layout}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onFocus={onFocus}
    >
      <UsersTableHead
        shown={shown}
        sort={listing.sort}
        checkbox={<AllCheckbox picked={picked} count={count} onPickAll={onPickAll} onPickNone={onPickNone} />}
      />
      <div role="rowgroup" className={grid.body} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const user = userAt(index)
          return (
            <UserRow
              key={index}
              user={user}
              index={index}
              topPx={start - headerPx}
              shown={shown}
              isActive={index === activeIndex}
              isOpen={user !== undefined && user.username === openUsername}
              isPicked={user !== undefined && isPicked(picked, user.username)}
              onToggle={onToggle}
            />
          )
        })}
      </div>
    </div>
  )
}

function isOnCheckbox(target: EventTarget): boolean {
  return target instanceof Element && target.closest('label') !== null
}

function AllCheckbox({
  picked,
  count,
  onPickAll,
  onPickNone
}: {
  picked: Picked
  count: number
  onPickAll: () => void
  onPickNone: () => void
}) {
  const isAll = countPicked(picked) >= count
  const isSome = !isAll && countPicked(picked) > 0
  return (
    <label className={classes.checkTarget}>
      <input
        type="checkbox"
        aria-label={t('users.selection.everybody')}
        checked={isAll}
        ref={(input) => {
          if (input) input.indeterminate = isSome
        }}
        onChange={() => (isAll || isSome ? onPickNone() : onPickAll())}
      />
    </label>
  )
}

function layoutOf(shown: readonly ColumnId[]): CSSProperties {
  return { '--tracks': tracksOf(shown), '--least-width': `${leastWidthOf(shown)}px` } as CSSProperties
}
