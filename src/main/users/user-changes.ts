import { usersDetail, type AuditLog } from '../store/audit-chain.ts'
import type { Act } from '../system/operation.ts'
import { withdrawCodes } from '../codes/revoke.ts'
import { clearLockouts, lockedKeys } from '../provisioning/lockout-store.ts'
import { lockoutKey } from '../provisioning/lockout.ts'
import type { Db } from '../store/schema.ts'
import { deleteDevices } from '../provisioning/device-store.ts'
import type { GroupRow } from '../groups/group-store.ts'
import { markUsersRemoved, markUsersRestored, setUsersDisabled, setUsersGroup, type UserRow } from './user-store.ts'

/**
 * Changes those of the rows (at most 500) that it concerns, within the caller's transaction, leaves one entry in the log for all
 * of them, and says which they were.
 */
export type Change = (transaction: Db, audit: AuditLog, rows: UserRow[], nowMs: number, act: Act) => Promise<UserRow[]>

/** A disabled user's live code is withdrawn: a printed or mailed one must be dead, and stay so when enabled again. */
export const disableUsers: Change = async (transaction, audit, rows, nowMs, act) => {
  const enabled = rows.filter((row) => row.disabled === 0)
  if (enabled.length === 0) return []
  await withdrawCodes(transaction, audit, enabled, nowMs, act)
  await setUsersDisabled(transaction, idsOf(enabled), true, nowMs)
  await record(transaction, audit, 'users.disabled', enabled, nowMs, act)
  return enabled
}

export const enableUsers: Change = async (transaction, audit, rows, nowMs, act) => {
  const disabled = rows.filter((row) => row.disabled === 1)
  if (disabled.length === 0) return []
  await setUsersDisabled(transaction, idsOf(disabled), false, nowMs)
  await record(transaction, audit, 'users.enabled', disabled, nowMs, act)
  return disabled
}

export const removeUsers: Change = async (transaction, audit, rows, nowMs, act) => {
  await withdrawCodes(transaction, audit, rows, nowMs, act)
  await deleteDevices(transaction, idsOf(rows))
  await markUsersRemoved(transaction, idsOf(rows), nowMs)
  await record(transaction, audit, 'users.removed', rows, nowMs, act)
  return rows
}

/** Their names must be free. */
export const restoreUsers: Change = async (transaction, audit, rows, nowMs, act) => {
  if (rows.length === 0) return []
  await markUsersRestored(transaction, idsOf(rows), nowMs)
  await record(transaction, audit, 'users.restored', rows, nowMs, act)
  return rows
}

export const unprovisionUsers: Change = async (transaction, audit, rows, nowMs, act) => {
  const withApp = rows.filter((row) => row.app_state !== 'none')
  if (withApp.length === 0) return []
  await deleteDevices(transaction, idsOf(withApp))
  await record(transaction, audit, 'users.unprovisioned', withApp, nowMs, act)
  return withApp
}

export const unlockUsers: Change = async (transaction, audit, rows, nowMs, act) => {
  const keyOf = ({ username_key }: UserRow) => lockoutKey(username_key)
  const charged = await lockedKeys(transaction, rows.map(keyOf))
  const unlocked = rows.filter((row) => charged.has(keyOf(row)))
  if (unlocked.length === 0) return []
  await clearLockouts(transaction, unlocked.map(keyOf))
  await record(transaction, audit, 'users.unlocked', unlocked, nowMs, act)
  return unlocked
}

/** All rows are in the one group that they come from. */
export function moveUsers(from: Pick<GroupRow, 'name'>, to: Pick<GroupRow, 'id' | 'name'>): Change {
  return async (transaction, audit, rows, nowMs, act) => {
    if (rows.length === 0) return []
    await setUsersGroup(transaction, idsOf(rows), to.id, nowMs)
    await record(transaction, audit, 'users.moved', rows, nowMs, act, { from: from.name, to: to.name })
    return rows
  }
}

function idsOf(rows: UserRow[]): number[] {
  return rows.map(({ id }) => id)
}

function record(
  transaction: Db,
  audit: AuditLog,
  kind:
    | 'users.disabled'
    | 'users.enabled'
    | 'users.moved'
    | 'users.removed'
    | 'users.restored'
    | 'users.unprovisioned'
    | 'users.unlocked',
  rows: UserRow[],
  nowMs: number,
  act: Act,
  detail: Record<string, unknown> = {}
): Promise<void> {
  const user = rows.length === 1 ? rows[0] : undefined
  return audit.append(transaction, nowMs, { actor: act.actor, kind, user, detail: { ...detail, ...usersDetail(rows) } })
}
