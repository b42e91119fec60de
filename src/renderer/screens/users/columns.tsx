import type { ReactNode } from 'react'
import type { User } from '../../../shared/user.ts'
import { RelativeTime } from '../../components/RelativeTime.tsx'
import { AppStateBadge, CodeStateBadge, DisabledBadge, LockedBadge } from '../../components/StateBadge.tsx'
import grid from '../../components/rows/rows.module.css'
import { readPreference, writePreference } from '../../desk.ts'
import { t } from '../../words/index.ts'
import classes from './UsersTable.module.css'

export const columnIds = ['username', 'name', 'email', 'phone', 'group', 'app', 'code', 'locked', 'updated'] as const
export type ColumnId = (typeof columnIds)[number]

interface Column {
  /** Track of the grid that the table lays its cells out in. */
  track: string
  /** Narrowest that the track becomes, for the width at which the table begins to scroll sideways. */
  leastPx: number
  isNumeric?: boolean
  cell: (user: User) => ReactNode
}

const text = (leastPx: number, share: number, value: (user: User) => string): Column => ({
  track: `minmax(${leastPx}px, ${share}fr)`,
  leastPx,
  cell: (user) => (
    <span className={`${grid.text} ${classes.text}`} dir="auto" title={value(user)}>
      {value(user)}
    </span>
  )
})

export const columns: Record<ColumnId, Column> = {
  username: {
    track: 'minmax(116px, 1.1fr)',
    leastPx: 116,
    cell: (user) => (
      <span className={classes.usernameCell}>
        <span className={`${grid.text} ${classes.username}`} dir="auto" title={user.username}>
          {user.username}
        </span>
        {user.disabled && (
          <span className={classes.flag}>
            <DisabledBadge />
          </span>
        )}
      </span>
    )
  },
  name: text(120, 1.3, (user) => user.name),
  email: text(150, 1.6, (user) => user.email),
  phone: text(124, 0.8, (user) => user.phone),
  group: text(88, 0.9, (user) => user.group),
  app: { track: '164px', leastPx: 164, cell: (user) => <AppStateBadge state={user.app} /> },
  code: {
    track: '148px',
    leastPx: 148,
    cell: (user) => <CodeStateBadge state={user.code} expiresAtMs={user.codeExpiresAtMs} />
  },
  locked: {
    track: '76px',
    leastPx: 76,
    cell: (user) => user.lockedUntilMs !== null && <LockedBadge untilMs={user.lockedUntilMs} />
  },
  updated: {
    track: '96px',
    leastPx: 96,
    isNumeric: true,
    cell: (user) => <RelativeTime atMs={user.updatedAtMs} className={classes.time} />
  }
}

export function columnTitle(id: ColumnId): string {
  return t(`users.columns.${id}`)
}

const checkboxPx = 36
const paddingPx = 12

const defaults: readonly ColumnId[] = ['username', 'name', 'email', 'group', 'app', 'code', 'locked', 'updated']
/** What makes room first where not all columns fit. The username and its code always stay. */
const leastNeededFirst: readonly ColumnId[] = ['updated', 'phone', 'group', 'locked', 'email', 'name', 'app']

/** What shows until a person chooses columns. */
export function defaultColumns(widthPx: number): readonly ColumnId[] {
  return fittingColumns(defaults, widthPx)
}

/** As many of the columns as there is room for. */
export function fittingColumns(wanted: readonly ColumnId[], widthPx: number): readonly ColumnId[] {
  let shown = wanted
  for (const id of leastNeededFirst) {
    if (leastWidthOf(shown) <= widthPx) return shown
    shown = shown.filter((each) => each !== id)
  }
  return shown
}

/** Narrowest that a table with these columns becomes before it scrolls sideways, pixels. */
export function leastWidthOf(shown: readonly ColumnId[]): number {
  return shown.reduce((sum, id) => sum + columns[id].leastPx, checkboxPx + paddingPx)
}

/** The tracks of the grid that the table lays its cells out in, the checkbox first. */
export function tracksOf(shown: readonly ColumnId[]): string {
  return [`${checkboxPx}px`, ...shown.map((id) => columns[id].track)].join(' ')
}

const preferenceName = 'users.columns'

/** Null until a person has chosen. The username always shows. */
export function readChosenColumns(): readonly ColumnId[] | null {
  const saved = readPreference(preferenceName)?.split(' ')
  return saved ? columnIds.filter((id) => id === 'username' || saved.includes(id)) : null
}

export function saveChosenColumns(chosen: readonly ColumnId[]): void {
  writePreference(preferenceName, chosen.join(' '))
}
