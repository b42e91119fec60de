import { AppError } from '../../shared/errors.ts'
import type { User, UserChange, UserFields, UserFilter, UserSelection } from '../../shared/user.ts'
import type { Act } from '../act.ts'
import { usersDetail, type AuditLog } from '../audit/audit-log.ts'
import { withdrawCodes } from '../codes/code-service.ts'
import type { Db } from '../database/schema.ts'
import type { Timekeeper } from '../database/timekeeper.ts'
import { deleteDevices } from '../devices/device-store.ts'
import { foldCase } from '../fold-case.ts'
import { findGroup } from '../groups/group-store.ts'
import { searchTextOf } from './search-text.ts'
import { forEachChunk, type BulkOutcome } from './selection.ts'
import { checkEmail, checkName, checkPhone, checkUsername, type Checked } from './user-rules.ts'
import {
  countUsers,
  findUserByKey,
  insertUsers,
  listUserRows,
  markUsersRemoved,
  setUsersDisabled,
  updateUser,
  type NewUserRow,
  type UserPosition,
  type UserRow
} from './user-store.ts'

export interface UserPage {
  filter: UserFilter
  after?: string | undefined
  skip: number
  limit: number
}

export type UserAct = (selection: UserSelection, act: Act) => Promise<{ changed: number } & BulkOutcome>

export interface UserService {
  /** A page in the order of usernames, and the cursor of the next one (null at the end). */
  list(page: UserPage): Promise<{ users: User[]; next: string | null }>
  count(filter: UserFilter): Promise<number>
  /** Throws `user-not-found`. */
  show(username: string): Promise<User>
  add(fields: UserFields, act: Act): Promise<User>
  /** Throws `changed-meanwhile` when `revision` is given and no longer the user's. */
  set(username: string, change: UserChange, revision: number | undefined, act: Act): Promise<User>
  /** A disabled user's live code is withdrawn: a printed or mailed one must be dead, and stay so when enabled again. */
  disable: UserAct
  enable: UserAct
  /** Removed users lose code and app; their name is free again. */
  remove: UserAct
}

export interface UserParts {
  db: Db
  reads: Db
  time: Timekeeper
  audit: AuditLog
}

export function createUserService({ db, reads, time, audit }: UserParts): UserService {
  const showRow = async (from: Db, row: UserRow): Promise<User> => {
    const nowMs = await time.peekMs(from)
    const before = { after: null, skip: 0, limit: 1 }
    const [user] = await listUserRows(from, { username: row.username_key }, before, nowMs)
    if (!user) throw new AppError('user-not-found', `There is no user “${row.username}”.`)
    return user
  }
  const requireUser = async (from: Db, username: string) => {
    const row = await findUserByKey(from, foldCase(username.trim()))
    if (!row) throw new AppError('user-not-found', `There is no user “${username}”.`)
    return row
  }

  const changeEach =
    (
      wants: (row: UserRow) => boolean,
      change: (transaction: Db, rows: UserRow[], nowMs: number, act: Act) => Promise<void>
    ): UserAct =>
    async (selection, act) => {
      let changed = 0
      const outcome = await forEachChunk(db, selection, await time.peekMs(db), act, async (rows) => {
        const wanted = rows.filter(wants)
        if (wanted.length === 0) return
        await db.transaction().execute(async (transaction) => {
          await change(transaction, wanted, await time.nowMs(transaction), act)
        })
        changed += wanted.length
      })
      return { changed, ...outcome }
    }
  const appendFor = (
    transaction: Db,
    kind: 'users.disabled' | 'users.enabled' | 'users.removed',
    rows: UserRow[],
    nowMs: number,
    act: Act
  ) => {
    const user = rows.length === 1 ? rows[0] : undefined
    return audit.append(transaction, nowMs, { actor: act.actor, kind, user, detail: usersDetail(rows) })
  }
  const idsOf = (rows: UserRow[]) => rows.map(({ id }) => id)

  return {
    async list({ filter, after, skip, limit }) {
      const nowMs = await time.peekMs(db)
      const position = after === undefined ? null : readCursor(after)
      // One more than asked for, to know whether there is a next page.
      const found = await listUserRows(reads, filter, { after: position, skip, limit: limit + 1 }, nowMs)
      const users = found.slice(0, limit)
      const last = users.at(-1)
      return { users, next: last && found.length > limit ? writeCursor(last) : null }
    },
    async count(filter) {
      return countUsers(reads, filter, await time.peekMs(db))
    },
    async show(username) {
      return showRow(db, await requireUser(db, username))
    },
    async add(fields, act) {
      return db.transaction().execute(async (transaction) => {
        const nowMs = await time.nowMs(transaction)
        const row = await toRow(transaction, fields)
        await requireFreeName(transaction, row)
        await insertUsers(transaction, [row], nowMs)
        const added = await requireUser(transaction, row.username)
        await audit.append(transaction, nowMs, {
          actor: act.actor,
          kind: 'user.added',
          user: added,
          detail: { ...fields }
        })
        return showRow(transaction, added)
      })
    },
    async set(username, change, revision, act) {
      return db.transaction().execute(async (transaction) => {
        const nowMs = await time.nowMs(transaction)
        const row = await requireUser(transaction, username)
        if (revision !== undefined && revision !== row.revision) {
          throw new AppError(
            'changed-meanwhile',
            `${row.username} was changed by somebody else in the meantime. Look again, then change.`
          )
        }
        const before = await showRow(transaction, row)
        const after = await toRow(transaction, {
          username: change.username ?? before.username,
          name: change.name ?? before.name,
          email: change.email ?? before.email,
          phone: change.phone ?? before.phone,
          group: change.group ?? before.group
        })
        if (after.username_key !== row.username_key) await requireFreeName(transaction, after)
        await updateUser(transaction, row.id, after, nowMs)
        const changed = await showRow(transaction, { ...row, ...after })
        const fields = Object.keys(change) as (keyof UserChange)[]
        const detail = Object.fromEntries(
          fields.map((field) => [field, { before: before[field], after: changed[field] }])
        )
        await audit.append(transaction, nowMs, { actor: act.actor, kind: 'user.changed', user: row, detail })
        return changed
      })
    },
    disable: changeEach(
      (row) => row.disabled === 0,
      async (transaction, rows, nowMs, act) => {
        await withdrawCodes(transaction, audit, rows, nowMs, act)
        await setUsersDisabled(transaction, idsOf(rows), true, nowMs)
        await appendFor(transaction, 'users.disabled', rows, nowMs, act)
      }
    ),
    enable: changeEach(
      (row) => row.disabled === 1,
      async (transaction, rows, nowMs, act) => {
        await setUsersDisabled(transaction, idsOf(rows), false, nowMs)
        await appendFor(transaction, 'users.enabled', rows, nowMs, act)
      }
    ),
    remove: changeEach(
      () => true,
      async (transaction, rows, nowMs, act) => {
        await withdrawCodes(transaction, audit, rows, nowMs, act)
        await deleteDevices(transaction, idsOf(rows))
        await markUsersRemoved(transaction, idsOf(rows), nowMs)
        await appendFor(transaction, 'users.removed', rows, nowMs, act)
      }
    )
  }
}

/** The row of fields as entered. Throws `invalid-input` naming each field that is wrong, or `group-not-found`. */
async function toRow(db: Db, fields: UserFields): Promise<NewUserRow> {
  const checks = {
    username: checkUsername(fields.username),
    name: checkName(fields.name),
    email: checkEmail(fields.email),
    phone: checkPhone(fields.phone)
  } satisfies Record<string, Checked>
  const wrong = Object.entries(checks).flatMap(([field, check]) =>
    'reason' in check ? [[field, check.reason] as const] : []
  )
  if (wrong.length > 0) {
    const sentence = wrong.map(([field, reason]) => `the ${field} ${reason}`).join('; ')
    throw new AppError(
      'invalid-input',
      `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`,
      Object.fromEntries(wrong)
    )
  }
  const group = await findGroup(db, foldCase(fields.group.trim()))
  if (!group) throw new AppError('group-not-found', `There is no group “${fields.group}”.`)
  const valueOf = (check: Checked) => ('value' in check ? check.value : '')
  return composeRow({
    username: valueOf(checks.username),
    name: valueOf(checks.name),
    email: valueOf(checks.email),
    phone: valueOf(checks.phone),
    groupId: group.id
  })
}

/** Completes checked fields by what is derived from them. */
export function composeRow(fields: {
  username: string
  name: string
  email: string
  phone: string
  groupId: number
}): NewUserRow {
  const { groupId, ...texts } = fields
  return { ...texts, username_key: foldCase(texts.username), search_text: searchTextOf(texts), group_id: groupId }
}

async function requireFreeName(db: Db, row: NewUserRow): Promise<void> {
  const taken = await findUserByKey(db, row.username_key)
  if (taken) throw new AppError('user-exists', `There is already a user “${taken.username}”.`)
}

/** Opaque to callers: where a page ended. */
function writeCursor(user: User): string {
  return Buffer.from(JSON.stringify([foldCase(user.username), user.id])).toString('base64url')
}

function readCursor(cursor: string): UserPosition {
  try {
    const [usernameKey, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[]
    if (typeof usernameKey === 'string' && Number.isSafeInteger(id)) return { usernameKey, id: id as number }
  } catch {
    // Falls through: not one of ours.
  }
  throw new AppError('invalid-input', 'This is not a cursor that an earlier page gave.')
}
