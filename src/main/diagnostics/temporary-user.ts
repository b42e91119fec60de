import type { Act } from '../system/operation.ts'
import type { AuditLog } from '../store/audit-chain.ts'
import type { Random } from '../system/clock.ts'
import type { ClearCode } from '../codes/issue.ts'
import type { CodeService } from '../codes/code-service.ts'
import { clearLockouts } from '../provisioning/lockout-store.ts'
import { lockoutKey } from '../provisioning/lockout.ts'
import type { Db } from '../store/schema.ts'
import type { Timekeeper } from '../store/time.ts'
import type { UserService } from '../users/user-service.ts'

export interface TemporaryUserParts {
  db: Db
  time: Timekeeper
  random: Random
  audit: AuditLog
  users: UserService
  codes: CodeService
}

/** So many random bits that no person has such a name: what is left of a check that was cut off may be deleted by it. */
const namePattern = /^provision-test-[0-9a-f]{24}$/
/** Longer than any check takes. */
const leftOverAfterMs = 600_000

/**
 * Gives a user who exists for the length of `use` a code of ten minutes, and deletes afterwards all that is left of both: user, code,
 * app and lock-out. The log keeps what was done, as of everybody.
 */
export async function withTemporaryUser<T>(
  parts: TemporaryUserParts,
  group: string,
  act: Act,
  use: (issued: ClearCode) => Promise<T>
): Promise<T> {
  await deleteLeftOvers(parts, act)
  const username = `provision-test-${parts.random.bytes(12).toString('hex')}`
  await parts.users.add({ username, name: 'Connection test', email: '', phone: '', group }, act)
  try {
    return await use(await parts.codes.issueOne({ username, channel: 'portal', validForMs: 600_000 }, act))
  } finally {
    await deleteUsers(parts, (row) => row.username_key === username, act)
  }
}

/** Of a check whose program was killed. */
async function deleteLeftOvers(parts: TemporaryUserParts, act: Act): Promise<void> {
  const nowMs = await parts.time.peekMs(parts.db)
  await deleteUsers(
    parts,
    (row) => namePattern.test(row.username_key) && row.created_at_ms < nowMs - leftOverAfterMs,
    act
  )
}

async function deleteUsers(
  { db, time, audit }: TemporaryUserParts,
  isMeant: (row: { username_key: string; created_at_ms: number }) => boolean,
  act: Act
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const rows = await transaction
      .selectFrom('users')
      .select(['id', 'username', 'username_key', 'created_at_ms'])
      .where('username_key', '>=', 'provision-test-')
      .where('username_key', '<', 'provision-test.')
      .execute()
    for (const row of rows.filter(isMeant)) {
      await transaction.deleteFrom('devices').where('user_id', '=', row.id).execute()
      await transaction.deleteFrom('codes').where('user_id', '=', row.id).execute()
      await clearLockouts(transaction, [lockoutKey(row.username_key)])
      await transaction.deleteFrom('users').where('id', '=', row.id).execute()
      await audit.append(transaction, await time.nowMs(transaction), {
        actor: act.actor,
        kind: 'users.removed',
        user: row
      })
    }
  })
}
