import { AppError } from '../../shared/errors.ts'
import type { UserSelection } from '../../shared/user.ts'
import { createPace, stoppedByCaller, stopReason, type Act } from '../system/operation.ts'
import type { AuditLog } from '../store/audit-chain.ts'
import type { Random } from '../system/clock.ts'
import type { Db } from '../store/schema.ts'
import type { Timekeeper } from '../store/time.ts'
import { foldCase } from '../system/fold-case.ts'
import { findGroup, findGroupById, listGroupRows } from '../groups/group-store.ts'
import { forEachChunk, type BulkOutcome } from './selection.ts'
import { createUndos, type UndoPart } from './undos.ts'
import {
  disableUsers,
  enableUsers,
  moveUsers,
  removeUsers,
  restoreUsers,
  unlockUsers,
  unprovisionUsers,
  type Change
} from './user-changes.ts'
import { findRemovedUsers, findUsersByIds, findUsersByKeys, type UserRow } from './user-store.ts'

export type Changed = { changed: number } & BulkOutcome
/** `undo` names the act to `undo`, null where nobody was changed. */
export type Undoable = Changed & { undo: string | null }

/** What is done to many users at once. */
export interface UserActs {
  /** Undone, they are enabled again, but a withdrawn code stays withdrawn. */
  disable(selection: UserSelection, act: Act): Promise<Undoable>
  enable(selection: UserSelection, act: Act): Promise<Undoable>
  /** Throws `group-not-found`. Undone, whoever is still in that group goes back to the group of before. */
  move(selection: UserSelection, group: string, act: Act): Promise<Undoable>
  /**
   * Removed users lose code and app; their name is free again. Undone, they are back under their names, where nobody else has
   * them by now; without code and app.
   */
  remove(selection: UserSelection, act: Act): Promise<Undoable>
  /** Throws `undo-gone` for an act that this program does not remember. */
  undo(undo: string, act: Act): Promise<Changed>
  /** Voids the apps; their strings and Ids are worth nothing any more. */
  unprovision(selection: UserSelection, act: Act): Promise<Changed>
  unlock(selection: UserSelection, act: Act): Promise<Changed>
}

export interface UserActParts {
  db: Db
  time: Timekeeper
  audit: AuditLog
  random: Random
}

export function createUserActs({ db, time, audit, random }: UserActParts): UserActs {
  const undos = createUndos(random)

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
        .execute(async (transaction) => change(transaction, audit, rows, await time.nowMs(transaction), act))
      changed += done.length
      onChanged?.(done)
    })
    return { changed, ...outcome }
  }
  const changeUndoably = async (
    selection: UserSelection,
    act: Act,
    change: Change,
    takeBack: UndoPart['takeBack']
  ): Promise<Undoable> => {
    const ids: number[] = []
    const outcome = await changeEach(selection, act, change, (rows) => {
      for (const { id } of rows) ids.push(id)
    })
    return { ...outcome, undo: undos.remember([{ ids, takeBack }]) }
  }
  /** Takes an act back from those of its users who are not removed. */
  const backBy =
    (change: Change): UndoPart['takeBack'] =>
    async (transaction, ids, nowMs, act) => {
      const rows = await findUsersByIds(transaction, ids)
      return { changed: (await change(transaction, audit, rows, nowMs, act)).length, skipped: [] }
    }
  const bringBack: UndoPart['takeBack'] = async (transaction, ids, nowMs, act) => {
    const rows = await findRemovedUsers(transaction, ids)
    const others = await findUsersByKeys(
      transaction,
      rows.map(({ username_key }) => username_key)
    )
    const returning = rows.filter(({ username_key }) => !others.has(username_key))
    const taken = rows.filter(({ username_key }) => others.has(username_key))
    await restoreUsers(transaction, audit, returning, nowMs, act)
    return {
      changed: returning.length,
      skipped: taken.map(({ username }) => ({ username, reason: 'there is another user with this name by now' }))
    }
  }
  const moveBack =
    (fromId: number, toId: number): UndoPart['takeBack'] =>
    async (transaction, ids, nowMs, act) => {
      const rows = (await findUsersByIds(transaction, ids)).filter(({ group_id }) => group_id === toId)
      const [from, to] = [await findGroupById(transaction, fromId), await findGroupById(transaction, toId)]
      if (!from || !to) {
        const reason = 'the group of before is no longer there'
        return { changed: 0, skipped: rows.map(({ username }) => ({ username, reason })) }
      }
      const moved = await moveUsers(to, from)(transaction, audit, rows, nowMs, act)
      return { changed: moved.length, skipped: [] }
    }

  return {
    disable: (selection, act) => changeUndoably(selection, act, disableUsers, backBy(enableUsers)),
    enable: (selection, act) => changeUndoably(selection, act, enableUsers, backBy(disableUsers)),
    remove: (selection, act) => changeUndoably(selection, act, removeUsers, bringBack),
    async move(selection, group, act) {
      const target = await findGroup(db, foldCase(group.trim()))
      if (!target) throw new AppError('group-not-found', `There is no group “${group}”.`)
      const moved = new Map<number, number[]>()
      const outcome = await changeEach(
        selection,
        act,
        async (transaction, _audit, rows, nowMs) => {
          // Both may have been renamed, and the target removed, since the act began.
          const groups = new Map((await listGroupRows(transaction)).map((row) => [row.id, row]))
          const to = groups.get(target.id)
          if (!to) throw new AppError('group-not-found', `The group “${target.name}” is no longer there.`)
          const movers = rows.filter(({ group_id }) => group_id !== to.id)
          for (const [fromId, some] of Map.groupBy(movers, ({ group_id }) => group_id)) {
            const from = groups.get(fromId) ?? { name: '' }
            await moveUsers(from, to)(transaction, audit, some, nowMs, act)
          }
          return movers
        },
        (rows) => {
          for (const { id, group_id } of rows)
            moved
              .set(group_id, moved.get(group_id) ?? [])
              .get(group_id)
              ?.push(id)
        }
      )
      const parts = [...moved].map(([fromId, ids]) => ({ ids, takeBack: moveBack(fromId, target.id) }))
      return { ...outcome, undo: undos.remember(parts) }
    },
    async undo(undo, act) {
      const parts = undos.recall(undo)
      if (!parts) throw new AppError('undo-gone', 'This can no longer be undone.')
      const total = parts.reduce((sum, { ids }) => sum + ids.length, 0)
      const outcome: Changed = { changed: 0, skipped: [], stopped: null }
      const pace = createPace()
      let done = 0
      for (const { ids, takeBack } of parts) {
        for (const chunk of pace.chunksOf(ids)) {
          try {
            const { changed, skipped } = await db
              .transaction()
              .execute(async (transaction) => takeBack(transaction, chunk, await time.nowMs(transaction), act))
            outcome.changed += changed
            outcome.skipped.push(...skipped)
          } catch (error) {
            if (done === 0) throw error
            return { ...outcome, stopped: stopReason(error) }
          }
          done += chunk.length
          act.onProgress?.(done, total)
          if ((await pace.breathe(act)) && done < total) return { ...outcome, stopped: stoppedByCaller }
        }
      }
      undos.forget(undo)
      return outcome
    },
    unprovision: (selection, act) => changeEach(selection, act, unprovisionUsers),
    unlock: (selection, act) => changeEach(selection, act, unlockUsers)
  }
}
