import type { Act } from '../system/operation.ts'
import { usersDetail, type AuditLog } from '../store/audit-chain.ts'
import type { Db } from '../store/schema.ts'
import type { UserRow } from '../users/user-store.ts'
import { endLiveCodes, liveCodeOwners, showWithdrawnCodes } from './code-store.ts'

/** Ends the users' live codes within the caller's transaction (at most 500 users) and records it where there were any. */
export async function withdrawCodes(
  transaction: Db,
  audit: AuditLog,
  rows: Pick<UserRow, 'id' | 'username'>[],
  nowMs: number,
  act: Act
): Promise<number> {
  const userIds = rows.map(({ id }) => id)
  const ended = await endLiveCodes(transaction, userIds, 'withdrawn', nowMs)
  await showWithdrawnCodes(transaction, userIds, nowMs)
  if (ended > 0) {
    const user = rows.length === 1 ? rows[0] : undefined
    await audit.append(transaction, nowMs, {
      actor: act.actor,
      kind: 'codes.withdrawn',
      user,
      detail: { codes: ended, ...usersDetail(rows) }
    })
  }
  return ended
}

/**
 * The same for these very codes (at most 500, by their row's id): those that are live no more, and newer ones of the same users,
 * are left as they are. For what was mailed or printed with the code and is called back.
 */
export async function withdrawCodesById(
  transaction: Db,
  audit: AuditLog,
  codeIds: number[],
  nowMs: number,
  act: Act
): Promise<number> {
  // A user has one live code at most, so whoever owns a live one of these has no other.
  const owners = await liveCodeOwners(transaction, codeIds)
  return owners.length === 0 ? 0 : withdrawCodes(transaction, audit, owners, nowMs, act)
}
