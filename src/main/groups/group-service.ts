import { AppError } from '../../shared/errors.ts'
import type { Group, GroupChange } from '../../shared/group.ts'
import { directionMark } from '../../shared/hidden-characters.ts'
import { defaultTransportName, transportName } from '../../shared/transport.ts'
import { createPace, stoppedByCaller, stopReason, type Act } from '../system/operation.ts'
import type { AuditLog } from '../store/audit-chain.ts'
import type { Db } from '../store/schema.ts'
import type { Timekeeper } from '../store/time.ts'
import { requireAsExpected } from '../system/expected.ts'
import { foldCase } from '../system/fold-case.ts'
import { moveUsers } from '../users/user-changes.ts'
import { usersOfGroup } from '../users/user-store.ts'
import {
  countUsersByGroup,
  deleteGroup,
  findGroup,
  findGroupById,
  insertGroup,
  listGroupRows,
  moveRemovedUsers,
  updateGroup,
  type GroupRow
} from './group-store.ts'

/** The group of a new server, and of imported users whose file names none. */
export const firstGroupName = 'Staff'

export interface GroupService {
  list(): Promise<Group[]>
  add(fields: { name: string } & GroupChange, act: Act): Promise<Group>
  /** Throws `changed-meanwhile` when a field is no longer as expected. */
  set(name: string, change: GroupChange, act: Act, expected?: GroupChange): Promise<Group>
  /**
   * Moves its users to the other group, in chunks, before it goes. Stopped on the way, the group stays with the rest of them.
   * Throws `group-not-empty` where there are users and no other group is named.
   */
  remove(name: string, act: Act, moveUsersTo?: string): Promise<{ moved: number; stopped: string | null }>
}

export interface GroupParts {
  db: Db
  reads: Db
  time: Timekeeper
  audit: AuditLog
}

export function createGroupService({ db, reads, time, audit }: GroupParts): GroupService {
  const show = (row: GroupRow, users: number): Group => ({
    id: row.id,
    name: row.name,
    mobileClient: row.mobile_client === 1,
    selfProvision: row.self_provision === 1,
    transport: row.transport,
    users
  })
  const requireGroup = async (from: Db, name: string) => {
    const row = await findGroup(from, foldCase(name.trim()))
    if (!row) throw new AppError('group-not-found', `There is no group “${name}”.`)
    return row
  }
  const requireFree = async (from: Db, name: string) => {
    const taken = await findGroup(from, foldCase(name))
    if (taken) throw new AppError('group-exists', `There is already a group “${taken.name}”.`)
  }
  const requireGroupById = async (from: Db, id: number) => {
    const row = await findGroupById(from, id)
    if (!row) throw new AppError('group-not-found', 'The group is no longer there.')
    return row
  }
  /** Where the users of a group go before it does; without one that was chosen, another for those who were removed. */
  const groupForRest = async (transaction: Db, row: GroupRow, chosenId: number | undefined): Promise<GroupRow> => {
    if (chosenId === row.id) throw new AppError('invalid-input', 'Its users have to go to another group.')
    if (chosenId !== undefined) return requireGroupById(transaction, chosenId)
    const users = (await countUsersByGroup(transaction)).get(row.id) ?? 0
    if (users > 0) {
      const who = users === 1 ? 'One user is' : `${users} users are`
      throw new AppError('group-not-empty', `${who} in “${row.name}”. Move them to another group first.`)
    }
    const other = (await listGroupRows(transaction)).find(({ id }) => id !== row.id)
    if (!other) throw new AppError('group-not-empty', 'The last group cannot be removed: every user is in one.')
    return other
  }
  return {
    async list() {
      const counts = await countUsersByGroup(reads)
      return (await listGroupRows(reads)).map((row) => show(row, counts.get(row.id) ?? 0))
    },
    async add(fields, act) {
      const name = requireGroupName(fields.name)
      return db.transaction().execute(async (transaction) => {
        const nowMs = await time.nowMs(transaction)
        await requireFree(transaction, name)
        await createGroup(transaction, audit, nowMs, { ...fields, name }, act)
        return show(await requireGroup(transaction, name), 0)
      })
    },
    async set(name, change, act, expected = {}) {
      return db.transaction().execute(async (transaction) => {
        const nowMs = await time.nowMs(transaction)
        const row = await requireGroup(transaction, name)
        const users = (await countUsersByGroup(transaction)).get(row.id) ?? 0
        const before = show(row, users)
        requireAsExpected(expected, before, () => `the group “${row.name}”`)
        const after: Group = {
          id: row.id,
          name: change.name === undefined ? row.name : requireGroupName(change.name),
          mobileClient: change.mobileClient ?? before.mobileClient,
          selfProvision: change.selfProvision ?? before.selfProvision,
          transport: change.transport === undefined ? before.transport : requireTransportName(change.transport),
          users
        }
        if (foldCase(after.name) !== row.name_key) await requireFree(transaction, after.name)
        await updateGroup(transaction, row.id, {
          name: after.name,
          name_key: foldCase(after.name),
          mobile_client: after.mobileClient ? 1 : 0,
          self_provision: after.selfProvision ? 1 : 0,
          transport: after.transport
        })
        await audit.append(transaction, nowMs, { actor: act.actor, kind: 'group.changed', detail: { before, after } })
        return after
      })
    },
    async remove(name, act, moveUsersTo) {
      const { id } = await requireGroup(db, name)
      const otherId = moveUsersTo === undefined ? undefined : (await requireGroup(db, moveUsersTo)).id
      const total = (await countUsersByGroup(db)).get(id) ?? 0
      const pace = createPace()
      let moved = 0
      const removeOrMoveSome = async (transaction: Db): Promise<boolean> => {
        const most = pace.chunkRows()
        const nowMs = await time.nowMs(transaction)
        const row = await requireGroupById(transaction, id)
        const other = await groupForRest(transaction, row, otherId)
        const rows = await usersOfGroup(transaction, id, most)
        await moveUsers(row, other)(transaction, audit, rows, nowMs, act)
        moved += rows.length
        if (rows.length === most) return false
        await moveRemovedUsers(transaction, id, other.id)
        await deleteGroup(transaction, id)
        const detail = { name: row.name, ...(moved > 0 && { moved, movedTo: other.name }) }
        await audit.append(transaction, nowMs, { actor: act.actor, kind: 'group.removed', detail })
        return true
      }
      if (act.signal?.aborted) return { moved, stopped: stoppedByCaller }
      for (;;) {
        const before = moved
        try {
          if (await db.transaction().execute(removeOrMoveSome)) return { moved, stopped: null }
        } catch (error) {
          moved = before
          if (moved === 0) throw error
          return { moved, stopped: stopReason(error) }
        }
        act.onProgress?.(moved, Math.max(moved, total))
        if (await pace.breathe(act)) return { moved, stopped: stoppedByCaller }
      }
    }
  }
}

/** Within a transaction of the caller, which has made sure that the name is free. Returns the new group's id. */
export async function createGroup(
  transaction: Db,
  audit: AuditLog,
  nowMs: number,
  fields: { name: string } & GroupChange,
  act: Act
): Promise<number> {
  const rights = { mobileClient: fields.mobileClient ?? true, selfProvision: fields.selfProvision ?? false }
  const transport = fields.transport === undefined ? defaultTransportName : requireTransportName(fields.transport)
  const id = await insertGroup(transaction, {
    name: fields.name,
    name_key: foldCase(fields.name),
    mobile_client: rights.mobileClient ? 1 : 0,
    self_provision: rights.selfProvision ? 1 : 0,
    transport,
    created_at_ms: nowMs
  })
  await audit.append(transaction, nowMs, {
    actor: act.actor,
    kind: 'group.added',
    detail: { name: fields.name, ...rights }
  })
  return id
}

/** A group's name as it is kept, or null with the reason why it cannot be. */
export function checkGroupName(text: string): { value: string } | { reason: string } {
  const value = text.normalize('NFC').trim()
  if (value === '') return { reason: 'is empty' }
  if ([...value].length > 100) return { reason: 'is longer than 100 characters' }
  if (/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(value)) return { reason: 'contains a control character' }
  if (directionMark(value) !== null) return { reason: 'contains a hidden text direction mark' }
  return { value }
}

/** One that is not set up yet is taken: the mails of its groups then wait for it. */
function requireTransportName(text: string): string {
  const name = transportName.safeParse(text)
  if (name.success) return name.data
  throw new AppError('invalid-input', `The name of a transport ${name.error.issues[0]?.message ?? 'is not valid'}.`)
}

function requireGroupName(text: string): string {
  const checked = checkGroupName(text)
  if ('reason' in checked) throw new AppError('invalid-input', `The group’s name ${checked.reason}.`)
  return checked.value
}
