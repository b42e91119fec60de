import type { UserSelection } from '../../shared/user.ts'
import { AppError } from '../../shared/errors.ts'
import { breathe, chunksOf, stoppedByCaller, stopReason, type Act } from '../act.ts'
import { usersDetail, type AuditLog } from '../audit/audit-log.ts'
import type { Random } from '../clock.ts'
import { withdrawCodes } from '../codes/code-withdrawal.ts'
import { clearLockouts, lockedKeys } from '../codes/lockout-store.ts'
import { lockoutKey } from '../codes/lockout.ts'
import type { Db } from '../database/schema.ts'
import type { Timekeeper } from '../database/timekeeper.ts'
import { deleteDevices } from '../devices/device-store.ts'
import { createRemovals } from './removals.ts'
import { forEachChunk, type BulkOutcome } from './selection.ts'
import {
  findRemovedUsers,
  findUsersByKeys,
  markUsersRemoved,
  markUsersRestored,
  setUsersDisabled,
  type UserRow
} from './user-store.ts'

export type Changed = { changed: number } & BulkOutcome
export type UserAct = (selection: UserSelection, act: Act) => Promise<Changed>

/** What is done to many users at once. */
export interface UserActs {
  /** A disabled user's live code is withdrawn: a printed or mailed one must be dead, and stay so when enabled again. */
  disable: UserAct
  enable: UserAct
  /** Removed users lose code and app; their name is free again. `undo` names the removal, null where there was nobody. */
  remove(selection: UserSelection, act: Act): Promise<Changed & { undo: string | null }>
  /**
   * Brings the users of a removal back under their names, where nobody else has them by now; without code and app. Throws
   * `undo-gone` for a removal that this program does not remember.
   */
  undoRemove(undo: string, act: Act): Promise<Changed>
  /** Voids the apps; their strings and Ids are worth nothing any more. */
  unprovision: UserAct
  unlock: UserAct
}

export interface UserActParts {
  db: Db
  time: Timekeeper
  audit: AuditLog
  random: Random
}

/** Changes those of the rows that it concerns, within the transaction, and says which they were. */
type Change = (transaction: Db, rows: UserRow[], nowMs: number, act: Act) => Promise<UserRow[]>

export function createUserActs({ db, time, audit, random }: UserActParts): UserActs {
  const removals = createRemovals(random)

  const changeEach = async (
    selection: UserSelection,
    act: Act,
    change: Change,
    onChanged?: (rows: UserRow[]) => void
  ): Promise<Changed> => {
    let changed = 0
    const outcome = await forEachChunk(db, selection, await time.peekMs(db), act, async (rows) => {
      const done = await db
        .transaction()
        .execute(async (transaction) => change(transaction, rows, await time.nowMs(transaction), act))
      changed += done.length
      onChanged?.(done)
    })
    return { changed, ...outcome }
  }
  const record = (
    transaction: Db,
    kind:
      | 'users.disabled'
      | 'users.enabled'
      | 'users.removed'
      | 'users.restored'
      | 'users.unprovisioned'
      | 'users.unlocked',
    rows: UserRow[],
    nowMs: number,
    act: Act
  ) => {
    const user = rows.length === 1 ? rows[0] : undefined
    return audit.append(transaction, nowMs, { actor: act.actor, kind, user, detail: usersDetail(rows) })
  }

  const enableUsers: Change = async (transaction, rows, nowMs, act) => {
    const disabled = rows.filter((row) => row.disabled === 1)
    if (disabled.length === 0) return []
    await setUsersDisabled(transaction, idsOf(disabled), false, nowMs)
    await record(transaction, 'users.enabled', disabled, nowMs, act)
    return disabled
  }
  const removeUsers: Change = async (transaction, rows, nowMs, act) => {
    await withdrawCodes(transaction, audit, rows, nowMs, act)
    await deleteDevices(transaction, idsOf(rows))
    await markUsersRemoved(transaction, idsOf(rows), nowMs)
    await record(transaction, 'users.removed', rows, nowMs, act)
    return rows
  }
  const unprovisionUsers: Change = async (transaction, rows, nowMs, act) => {
    const withApp = rows.filter((row) => row.app_state !== 'none')
    if (withApp.length === 0) return []
    await deleteDevices(transaction, idsOf(withApp))
    await record(transaction, 'users.unprovisioned', withApp, nowMs, act)
    return withApp
  }
  const unlockUsers: Change = async (transaction, rows, nowMs, act) => {
    const keyOf = ({ username_key }: UserRow) => lockoutKey(username_key)
    const charged = await lockedKeys(transaction, rows.map(keyOf))
    const unlocked = rows.filter((row) => charged.has(keyOf(row)))
    if (unlocked.length === 0) return []
    await clearLockouts(transaction, unlocked.map(keyOf))
    await record(transaction, 'users.unlocked', unlocked, nowMs, act)
    return unlocked
  }

  return {
    disable: (selection, act) =>
      changeEach(selection, act, (transaction, rows, nowMs) => disableUsers(transaction, audit, rows, nowMs, act)),
    enable: (selection, act) => changeEach(selection, act, enableUsers),
    async remove(selection, act) {
      const removed: number[] = []
      // No spread of all rows: there may be more than a function takes arguments.
      const outcome = await changeEach(selection, act, removeUsers, (rows) => {
        for (const { id } of rows) removed.push(id)
      })
      return { ...outcome, undo: removed.length === 0 ? null : removals.remember(removed) }
    },
    async undoRemove(undo, act) {
      const ids = removals.recall(undo)
      if (!ids) {
        throw new AppError('undo-gone', 'This removal can no longer be undone. Import the users again, or add them.')
      }
      const outcome: Changed = { changed: 0, skipped: [], stopped: null }
      for (const chunk of chunksOf(ids)) {
        try {
          const { back, taken } = await db.transaction().execute(async (transaction) => {
            const nowMs = await time.nowMs(transaction)
            const rows = await findRemovedUsers(transaction, chunk)
            const others = await findUsersByKeys(
              transaction,
              rows.map(({ username_key }) => username_key)
            )
            const returning = rows.filter(({ username_key }) => !others.has(username_key))
            if (returning.length > 0) {
              await markUsersRestored(transaction, idsOf(returning), nowMs)
              await record(transaction, 'users.restored', returning, nowMs, act)
            }
            return { back: returning, taken: rows.filter(({ username_key }) => others.has(username_key)) }
          })
          outcome.changed += back.length
          for (const { username } of taken) {
            outcome.skipped.push({ username, reason: 'there is another user with this name by now' })
          }
        } catch (error) {
          if (outcome.changed === 0) throw error
          return { ...outcome, stopped: stopReason(error) }
        }
        act.onProgress?.(outcome.changed + outcome.skipped.length, ids.length)
        if ((await breathe(act)) && outcome.changed + outcome.skipped.length < ids.length) {
          return { ...outcome, stopped: stoppedByCaller }
        }
      }
      removals.forget(undo)
      return outcome
    },
    unprovision: (selection, act) => changeEach(selection, act, unprovisionUsers),
    unlock: (selection, act) => changeEach(selection, act, unlockUsers)
  }
}

/** Disables those of the users who are not yet, within the caller's transaction, and returns them. */
export async function disableUsers(
  transaction: Db,
  audit: AuditLog,
  rows: UserRow[],
  nowMs: number,
  act: Act
): Promise<UserRow[]> {
  const enabled = rows.filter((row) => row.disabled === 0)
  if (enabled.length === 0) return []
  await withdrawCodes(transaction, audit, enabled, nowMs, act)
  await setUsersDisabled(transaction, idsOf(enabled), true, nowMs)
  const user = enabled.length === 1 ? enabled[0] : undefined
  await audit.append(transaction, nowMs, {
    actor: act.actor,
    kind: 'users.disabled',
    user,
    detail: usersDetail(enabled)
  })
  return enabled
}

function idsOf(rows: UserRow[]): number[] {
  return rows.map(({ id }) => id)
}
