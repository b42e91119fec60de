import { memo } from 'react'
import type { User } from '../../../shared/user.ts'
import grid from '../../components/rows/rows.module.css'
import { t } from '../../words/index.ts'
import { columns, type ColumnId } from './columns.tsx'
import classes from './UsersTable.module.css'

interface UserRowProps {
  /** Undefined while the row is on its way. */
  user: User | undefined
  index: number
  topPx: number
  shown: readonly ColumnId[]
  isActive: boolean
  isOpen: boolean
  isPicked: boolean
  onToggle: (user: User) => void
}

/** Rows are many and redrawn while scrolling, so one that has not changed is left alone. The table hears their clicks and keys. */
export const UserRow = memo(function UserRow(props: UserRowProps) {
  const { user, index, topPx, shown, isActive, isOpen, isPicked, onToggle } = props
  return (
    <div
      role="row"
      data-index={index}
      aria-rowindex={index + 2}
      aria-selected={isPicked}
      aria-busy={user === undefined || undefined}
      tabIndex={isActive ? 0 : -1}
      className={`${grid.row} ${classes.row}`}
      data-open={isOpen || undefined}
      data-picked={isPicked || undefined}
      data-disabled={user?.disabled === true || undefined}
      style={{ transform: `translateY(${topPx}px)` }}
    >
      {user ? (
        <>
          <div role="gridcell" aria-colindex={1} className={classes.check}>
            <label className={classes.checkTarget}>
              <input
                type="checkbox"
                tabIndex={-1}
                aria-label={t('users.selection.row', { username: user.username })}
                checked={isPicked}
                onChange={() => onToggle(user)}
              />
            </label>
          </div>
          {shown.map((id, column) => (
            <div
              key={id}
              role="gridcell"
              aria-colindex={column + 2}
              className={grid.cell}
              data-numeric={columns[id].isNumeric}
            >
              {columns[id].cell(user)}
            </div>
          ))}
        </>
      ) : (
        <div
          role="gridcell"
          aria-colindex={2}
          aria-label={t('app.loading')}
          className={`${grid.coming} ${classes.coming}`}
        />
      )}
    </div>
  )
})
