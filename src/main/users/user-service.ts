import { AppError } from '../../shared/errors.ts'
import type { User, UserChange, UserFields, UserFilter } from '../../shared/user.ts'
import type { Act } from '../system/operation.ts'
import type { AuditLog } from '../store/audit-chain.ts'
import type { Db } from '../store/schema.ts'
import type { Timekeeper } from '../store/time.ts'
import { requireAsExpected } from '../system/expected.ts'
import { foldCase } from '../system/fold-case.ts'
import { findGroup } from '../groups/group-store.ts'
import { foldForSearch, searchTextOf } from './search-text.ts'
import { listUsers, type UserListRequest } from './user-list.ts'
import { checkEmail, checkName, checkPhone, checkUsername, type Checked } from './user-rules.ts'
import { findTwin, twinReason } from './username-twins.ts'
import {
  countUsers,
  findUserById,
  findUserByKey,
  insertUsers,
  updateUser,
  type NewUserRow,
  type UserRow
} from './user-store.ts'

export interface UserService {
  /** A page in the order asked for, and the cursor of the next one (null at the end). */
  list(page: UserListRequest): Promise<{ users: User[]; next: string | null }>
  count(filter: UserFilter): Promise<number>
  /** By the name, or by the id where one is given. Throws `user-not-found`. */
  show(username: string, id?: number): Promise<User>
  add(fields: UserFields, act: Act): Promise<User>
  /** Throws `changed-meanwhile` when the user is no longer at the revision, or a field no longer as expected. */
  set(username: string, change: UserChange, seen: SeenUser, act: Act): Promise<User>
}

/** The user as whoever changes it has seen it; what is left out is not compared. */
export interface SeenUser {
  revision?: number | undefined
  expected?: UserChange | undefined
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
    const [user] = (await listUsers(from, { ...onlyOne, filter: { username: row.username_key } }, nowMs)).users
    if (!user) throw new AppError('user-not-found', `There is no user “${row.username}”.`)
    return user
  }
  const requireUser = async (from: Db, username: string) => {
    const row = await findUserByKey(from, foldCase(username.trim()))
    if (!row) throw new AppError('user-not-found', `There is no user “${username}”.`)
    return row
  }

  return {
    list: async (request) => listUsers(reads, request, await time.peekMs(db)),
    async count(filter) {
      return countUsers(reads, filter, await time.peekMs(db))
    },
    async show(username, id) {
      const row = id === undefined ? await requireUser(db, username) : await findUserById(db, id)
      if (!row) throw new AppError('user-not-found', `There is no user “${username}” any more.`)
      return showRow(db, row)
    },
    async add(fields, act) {
      return db.transaction().execute(async (transaction) => {
        const nowMs = await time.nowMs(transaction)
        const row = await toRow(transaction, fields)
        await requireFreeName(transaction, row, null)
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
    async set(username, change, { revision, expected }, act) {
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
        requireAsExpected(expected ?? {}, before, (changed) => `the ${changed} of ${before.username}`)
        const after = await toRow(
          transaction,
          {
            username: change.username ?? before.username,
            name: change.name ?? before.name,
            email: change.email ?? before.email,
            phone: change.phone ?? before.phone,
            group: change.group ?? before.group
          },
          before
        )
        if (after.username !== row.username) await requireFreeName(transaction, after, row.id)
        await updateUser(transaction, row.id, after, nowMs)
        const changed = await showRow(transaction, { ...row, ...after })
        const fields = Object.keys(change) as (keyof UserChange)[]
        const detail = Object.fromEntries(
          fields.map((field) => [field, { before: before[field], after: changed[field] }])
        )
        await audit.append(transaction, nowMs, { actor: act.actor, kind: 'user.changed', user: row, detail })
        return changed
      })
    }
  }
}

const onlyOne = { sort: { column: 'username', descending: false }, skip: 0, limit: 1 } as const

/** The row of fields as entered; those that are as `before` are not checked anew. Throws `invalid-input` naming each field that is wrong, or `group-not-found`. */
async function toRow(db: Db, fields: UserFields, before?: UserFields): Promise<NewUserRow> {
  const check = (field: 'username' | 'name' | 'email' | 'phone', rule: (text: string) => Checked): Checked =>
    fields[field] === before?.[field] ? { value: fields[field] } : rule(fields[field])
  const checks = {
    username: check('username', checkUsername),
    name: check('name', checkName),
    email: check('email', checkEmail),
    phone: check('phone', checkPhone)
  } satisfies Record<string, Checked>
  const wrong = Object.entries(checks).flatMap(([field, checked]) =>
    'reason' in checked ? [[field, checked.reason] as const] : []
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
  if (!group) {
    const reason = `there is no group “${fields.group}”`
    throw new AppError('group-not-found', `There is no group “${fields.group}”.`, { group: reason })
  }
  const valueOf = (checked: Checked) => ('value' in checked ? checked.value : '')
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
  return {
    ...texts,
    username_key: foldCase(texts.username),
    search_text: searchTextOf(texts),
    name_key: foldForSearch(texts.name),
    group_id: groupId
  }
}

async function requireFreeName(db: Db, row: NewUserRow, ownId: number | null): Promise<void> {
  const taken = await findUserByKey(db, row.username_key)
  if (taken && taken.id !== ownId) {
    const reason = `there is already a user “${taken.username}”`
    throw new AppError('user-exists', `There is already a user “${taken.username}”.`, { username: reason })
  }
  const twin = await findTwin(db, row.username, ownId)
  if (twin === null) return
  const reason = twinReason(twin)
  throw new AppError('user-exists', `The username ${reason}.`, { username: reason })
}
