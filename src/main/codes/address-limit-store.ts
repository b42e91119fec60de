import type { Insertable } from 'kysely'
import type { AddressFailuresTable, Db } from '../database/schema.ts'

/** Failed attempts from an address since then, and over how many names. */
export async function countAddressFailures(
  db: Db,
  addressKey: string,
  sinceMs: number
): Promise<{ attempts: number; names: number }> {
  return db
    .selectFrom('address_failures')
    .select((eb) => [
      eb.fn.countAll<number>().as('attempts'),
      eb.fn.count<number>('username_key').distinct().as('names')
    ])
    .where('address_key', '=', addressKey)
    .where('at_ms', '>', sinceMs)
    .executeTakeFirstOrThrow()
}

export async function insertAddressFailure(db: Db, row: Insertable<AddressFailuresTable>): Promise<void> {
  await db.insertInto('address_failures').values(row).execute()
}

export async function deleteAddressFailuresBefore(db: Db, beforeMs: number): Promise<void> {
  await db.deleteFrom('address_failures').where('at_ms', '<=', beforeMs).execute()
}
