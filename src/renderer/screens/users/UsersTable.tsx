import { useVirtualizer, defaultRangeExtractor, type Range } from '@tanstack/react-virtual'
import {
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  type CSSProperties,
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent
} from 'react'
import type { User, UserFilter } from '../../../shared/user.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { queryClient } from '../../queries.ts'
import { t } from '../../words/index.ts'
import { columns, columnTitle, leastWidthOf, tracksOf, type ColumnId } from './columns.tsx'
import { countPicked, isPicked, type Picked } from './selection.ts'
import { useUserPages } from './user-pages.ts'
import { UserRow } from './UserRow.tsx'
import { usePagesInView } from './pages-in-view.ts'
import classes from './UsersTable.module.css'

export const rowPx = 32
const headerPx = 30
const overscanRows = 6

interface UsersTableProps {
  filter: UserFilter
  /** How many users the filter leaves. */
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
 * The users that a filter leaves, of which only the rows in view exist. One row at a time is in the order of Tab. No table
 * elements: Chromium takes ten times as long to style rows that come and go in those.
 */
export function UsersTable(props: UsersTableProps) {
  const { filter, count, shown, openUsername, picked, onOpen, onToggle, onPickRange, onPickAll, onPickNone } = props
  const scroller = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState(0)
  const activeIndex = Math.min(active, count - 1)
  const wantsFocus = useRef(false)
  const rangeStart = useRef(0)

  const rangeExtractor = useCallback(
    (wanted: Range) => {
      const indexes = defaultRangeExtractor(wanted)
      // The row that has the focus stays, however far it is scrolled away: else the keyboard would lose its place.
      if (activeIndex >= 0 && !indexes.includes(activeIndex)) indexes.push(activeIndex)
      return indexes.toSorted((a, b) => a - b)
    },
    [activeIndex]
  )
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: overscanRows,
    scrollMargin: headerPx,
    scrollPaddingStart: headerPx,
    rangeExtractor
  })
  const rows = virtualizer.getVirtualItems()
  const { range } = virtualizer
  const pages = usePagesInView(range, count, virtualizer.isScrolling)
  const { userAt, error } = useUserPages(filter, pages)

  useEffect(() => {
    // Another list begins at its top.
    setActive(0)
    rangeStart.current = 0
    scroller.current?.scrollTo({ top: 0 })
  }, [filter])

  useEffect(() => {
    if (!wantsFocus.current) return
    wantsFocus.current = false
    scroller.current?.querySelector<HTMLElement>(`[data-index="${activeIndex}"]`)?.focus({ preventScroll: true })
  }, [activeIndex])

  const moveTo = (index: number, extendsRange: boolean) => {
    const to = Math.max(0, Math.min(count - 1, index))
    if (extendsRange) onPickRange(rangeStart.current, to)
    else rangeStart.current = to
    if (to === activeIndex) return
    wantsFocus.current = true
    setActive(to)
    virtualizer.scrollToIndex(to, { align: 'auto' })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (rowIndexOf(event.target) === null) return
    const rowsInView = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - headerPx) / rowPx) - 1)
    const steps: Record<string, number> = {
      ArrowDown: activeIndex + 1,
      ArrowUp: activeIndex - 1,
      PageDown: activeIndex + rowsInView,
      PageUp: activeIndex - rowsInView,
      Home: 0,
      End: count - 1
    }
    const to = steps[event.key]
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
      className={classes.table}
      data-picking={countPicked(picked) > 0 || undefined}
      style={layout}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onFocus={onFocus}
    >
      <div role="rowgroup" className={classes.head}>
        <div role="row" aria-rowindex={1} className={classes.headRow}>
          <div role="columnheader" aria-colindex={1} className={classes.check}>
            <AllCheckbox picked={picked} onPickAll={onPickAll} onPickNone={onPickNone} />
          </div>
          {shown.map((id, index) => (
            <div
              key={id}
              role="columnheader"
              aria-colindex={index + 2}
              className={classes.headCell}
              data-numeric={columns[id].isNumeric}
            >
              {columnTitle(id)}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" className={classes.body} style={{ height: virtualizer.getTotalSize() }}>
        {rows.map(({ index, start }) => {
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

/** The place in the list of the row that an event comes from; null where it comes from the header. */
function rowIndexOf(target: EventTarget): number | null {
  const index = target instanceof Element ? target.closest('[data-index]')?.getAttribute('data-index') : null
  return typeof index === 'string' ? Number(index) : null
}

function isOnCheckbox(target: EventTarget): boolean {
  return target instanceof Element && target.closest('label') !== null
}

function AllCheckbox({
  picked,
  onPickAll,
  onPickNone
}: {
  picked: Picked
  onPickAll: () => void
  onPickNone: () => void
}) {
  const isSome = picked.kind === 'some' && picked.users.size > 0
  return (
    <label className={classes.checkTarget}>
      <input
        type="checkbox"
        aria-label={t('users.selection.everybody')}
        checked={picked.kind === 'all'}
        ref={(input) => {
          if (input) input.indeterminate = isSome
        }}
        onChange={() => (picked.kind === 'all' || isSome ? onPickNone() : onPickAll())}
      />
    </label>
  )
}

function layoutOf(shown: readonly ColumnId[]): CSSProperties {
  return { '--tracks': tracksOf(shown), '--least-width': `${leastWidthOf(shown)}px` } as CSSProperties
}
