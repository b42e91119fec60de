import type { Selectable } from 'kysely'
import type { Db, LockoutsTable } from '../database/schema.ts'

export type LockoutRow = Selectable<LockoutsTable>

export async function findLockout(db: Db, usernameKey: string): Promise<LockoutRow | undefined> {
  return db.selectFrom('lockouts').selectAll().where('username_key', '=', usernameKey).executeTakeFirst()
}

export async function writeLockout(db: Db, row: LockoutRow): Promise<void> {
  await db
    .insertInto('lockouts')
    .values(row)
    .onConflict((conflict) =>
      conflict.column('username_key').doUpdateSet((eb) => ({
        wrong_attempts: eb.ref('excluded.wrong_attempts'),
        locks: eb.ref('excluded.locks'),
        locked_until_ms: eb.ref('excluded.locked_until_ms'),
        updated_at_ms: eb.ref('excluded.updated_at_ms')
      }))
    )
    .execute()
}

/** Of these names (at most 500) the ones with charged attempts. */
export async function lockedKeys(db: Db, usernameKeys: string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom('lockouts')
    .select('username_key')
    .where('username_key', 'in', usernameKeys)
    .execute()
  return new Set(rows.map(({ username_key }) => username_key))
}

export async function clearLockouts(db: Db, usernameKeys: string[]): Promise<void> {
  await db.deleteFrom('lockouts').where('username_key', 'in', usernameKeys).execute()
}

/** Names nobody tried since then, most of which no user has. */
export async function deleteLockoutsBefore(db: Db, beforeMs: number): Promise<void> {
  await db.deleteFrom('lockouts').where('updated_at_ms', '<', beforeMs).execute()
}
