import type { ReactNode } from 'react'
import type { User } from '../../../shared/user.ts'
import { RelativeTime } from '../../components/RelativeTime.tsx'
import { AppStateBadge, CodeStateBadge, DisabledBadge, LockedBadge } from '../../components/StateBadge.tsx'
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
    <span className={classes.text} dir="auto" title={value(user)}>
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
        <span className={classes.username} dir="auto" title={user.username}>
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

const wideDefaults: readonly ColumnId[] = ['username', 'name', 'email', 'group', 'app', 'code', 'locked', 'updated']
const narrowDefaults: readonly ColumnId[] = ['username', 'name', 'email', 'app', 'code']
/** Below this width the columns of least use make room. */
const narrowBelowPx = 960

/** What shows until a person chooses columns. */
export function defaultColumns(widthPx: number): readonly ColumnId[] {
  return widthPx < narrowBelowPx ? narrowDefaults : wideDefaults
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
