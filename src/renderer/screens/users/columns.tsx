import type { ReactNode } from 'react'
import type { User, UserSortColumn } from '../../../shared/user.ts'
import { RelativeTime } from '../../components/RelativeTime.tsx'
import { AppStateBadge, CodeStateBadge, DisabledBadge, LockedBadge } from '../../components/StateBadge.tsx'
import grid from '../../components/rows/rows.module.css'
import { readPreference, writePreference } from '../../desk.ts'
import { t } from '../../words/index.ts'
import classes from './UsersTable.module.css'

export const columnIds = [
  'username',
  'name',
  'email',
  'phone',
  'group',
  'disabled',
  'app',
  'provisioned',
  'code',
  'issued',
  'expires',
  'locked',
  'created',
  'updated'
] as const
export type ColumnId = (typeof columnIds)[number]

interface Column {
  /** Track of the grid that the table lays its cells out in. */
  track: string
  /** Narrowest that the track becomes, for the width at which the table begins to scroll sideways. */
  leastPx: number
  sort: UserSortColumn
  /** What a person looks for is at the end of this order, such as the latest. */
  isLatestFirst?: boolean
  isNumeric?: boolean
  cell: (user: User) => ReactNode
}

const text = (leastPx: number, share: number, field: 'name' | 'email' | 'phone' | 'group'): Column => ({
  track: `minmax(${leastPx}px, ${share}fr)`,
  leastPx,
  sort: field,
  cell: (user) => (
    <span className={`${grid.text} ${classes.text}`} dir="auto" title={user[field]}>
      {user[field]}
    </span>
  )
})

const time = (
  leastPx: number,
  field: 'provisionedAtMs' | 'codeIssuedAtMs' | 'codeExpiresAtMs' | 'createdAtMs' | 'updatedAtMs'
): Column => ({
  track: `${leastPx}px`,
  leastPx,
  sort: field,
  isLatestFirst: true,
  isNumeric: true,
  cell: (user) => user[field] !== null && <RelativeTime atMs={user[field]} className={classes.time} />
})

export const columns: Record<ColumnId, Column> = {
  username: {
    track: 'minmax(116px, 1.1fr)',
    leastPx: 116,
    sort: 'username',
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
  name: text(120, 1.3, 'name'),
  email: text(150, 1.6, 'email'),
  phone: text(124, 0.8, 'phone'),
  group: text(88, 0.9, 'group'),
  disabled: {
    track: '96px',
    leastPx: 96,
    sort: 'disabled',
    isLatestFirst: true,
    cell: (user) => user.disabled && <DisabledBadge />
  },
  app: { track: '164px', leastPx: 164, sort: 'app', cell: (user) => <AppStateBadge state={user.app} /> },
  provisioned: time(108, 'provisionedAtMs'),
  code: {
    track: '148px',
    leastPx: 148,
    sort: 'code',
    cell: (user) => <CodeStateBadge state={user.code} expiresAtMs={user.codeExpiresAtMs} />
  },
  issued: time(112, 'codeIssuedAtMs'),
  expires: time(108, 'codeExpiresAtMs'),
  locked: {
    track: '76px',
    leastPx: 76,
    sort: 'lockedUntilMs',
    isLatestFirst: true,
    cell: (user) => user.lockedUntilMs !== null && <LockedBadge untilMs={user.lockedUntilMs} />
  },
  created: time(96, 'createdAtMs'),
  updated: time(96, 'updatedAtMs')
}

export function columnTitle(id: ColumnId): string {
  return t(`users.columns.${id}`)
}

const checkboxPx = 36
const paddingPx = 12

const defaults: readonly ColumnId[] = ['username', 'name', 'email', 'group', 'app', 'code', 'locked', 'updated']
/** What makes room first where not all columns fit. The username and its code always stay. */
const leastNeededFirst: readonly ColumnId[] = [
  'created',
  'updated',
  'issued',
  'provisioned',
  'disabled',
  'phone',
  'group',
  'expires',
  'locked',
  'email',
  'name',
  'app'
]

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
