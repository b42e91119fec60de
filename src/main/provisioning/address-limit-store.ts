import type { Insertable } from 'kysely'
import { runFixed } from '../store/fixed-statement.ts'
import type { AddressFailuresTable, Db } from '../store/schema.ts'

/** Failed attempts from an address since then, and over how many names. */
export async function countAddressFailures(
  db: Db,
  addressKey: string,
  sinceMs: number
): Promise<{ attempts: number; names: number }> {
  const [counts] = await runFixed<{ attempts: number; names: number }>(
    db,
    'select count(*) as attempts, count(distinct username_key) as names from address_failures where address_key = ? and at_ms > ?',
    [addressKey, sinceMs]
  )
  return counts ?? { attempts: 0, names: 0 }
}

export async function insertAddressFailure(db: Db, row: Insertable<AddressFailuresTable>): Promise<void> {
  await db.insertInto('address_failures').values(row).execute()
}

export async function deleteAddressFailuresBefore(db: Db, beforeMs: number): Promise<void> {
  await db.deleteFrom('address_failures').where('at_ms', '<=', beforeMs).execute()
}
