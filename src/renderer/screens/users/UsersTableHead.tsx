import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { useState, type KeyboardEvent, type ReactNode } from 'react'
import type { UserSort } from '../../../shared/user.ts'
import grid from '../../components/rows/rows.module.css'
import { t } from '../../words/index.ts'
import { columns, columnTitle, type ColumnId } from './columns.tsx'
import { sortUsers } from './user-route.ts'
import classes from './UsersTable.module.css'

/**
 * The names of the columns, each of which puts the list in its order and pressed again in the opposite one. One at a time is
 * in the order of Tab; the arrow keys go to the others.
 */
export function UsersTableHead({
  shown,
  sort,
  checkbox
}: {
  shown: readonly ColumnId[]
  sort: UserSort
  checkbox: ReactNode
}) {
  const [focused, setFocused] = useState<ColumnId | null>(null)
  const reached = focused !== null && shown.includes(focused) ? focused : shown.find((id) => isSortedBy(id, sort))
  const inTabOrder = reached ?? shown[0]
  return (
    <div role="rowgroup" className={grid.head}>
      <div role="row" aria-rowindex={1} className={grid.headRow} onKeyDown={focusNeighbour}>
        <div role="columnheader" aria-colindex={1} className={classes.check}>
          {checkbox}
        </div>
        {shown.map((id, index) => (
          <div
            key={id}
            role="columnheader"
            aria-colindex={index + 2}
            aria-sort={isSortedBy(id, sort) ? (sort.descending ? 'descending' : 'ascending') : 'none'}
            className={`${grid.headCell} ${classes.head}`}
            data-numeric={columns[id].isNumeric}
          >
            <button
              type="button"
              className={classes.sort}
              title={t(nextSort(id, sort).descending ? 'users.sort.descending' : 'users.sort.ascending', {
                column: columnTitle(id)
              })}
              tabIndex={id === inTabOrder ? 0 : -1}
              onFocus={() => setFocused(id)}
              onClick={() => sortUsers(nextSort(id, sort))}
            >
              <span className={grid.text}>{columnTitle(id)}</span>
              <SortArrow sort={isSortedBy(id, sort) ? sort : null} />
            </button>
          </div>
        ))}
      </div>
    </div>
  )
}

export function isSortedBy(id: ColumnId, sort: UserSort): boolean {
  return columns[id].sort === sort.column
}

function nextSort(id: ColumnId, sort: UserSort): UserSort {
  const { sort: column, isLatestFirst = false } = columns[id]
  return { column, descending: isSortedBy(id, sort) ? !sort.descending : isLatestFirst }
}

function SortArrow({ sort }: { sort: UserSort | null }) {
  if (sort === null) return null
  const Arrow = sort.descending ? IconArrowDown : IconArrowUp
  return <Arrow size={13} stroke={2} aria-hidden className={classes.arrow} />
}

function focusNeighbour(event: KeyboardEvent<HTMLElement>): void {
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }
  const step = steps[event.key]
  const buttons = [...event.currentTarget.querySelectorAll('button')]
  const index = buttons.findIndex((button) => button === event.target)
  if (step === undefined || index === -1) return
  buttons[Math.max(0, Math.min(buttons.length - 1, index + step))]?.focus()
  event.preventDefault()
}
