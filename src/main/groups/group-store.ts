import type { Selectable } from 'kysely'
import type { Db, Flag, GroupsTable } from '../store/schema.ts'

export type GroupRow = Selectable<GroupsTable>

export async function findGroup(db: Db, nameKey: string): Promise<GroupRow | undefined> {
  return db.selectFrom('groups').selectAll().where('name_key', '=', nameKey).executeTakeFirst()
}

export async function findGroupById(db: Db, id: number): Promise<GroupRow | undefined> {
  return db.selectFrom('groups').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function listGroupRows(db: Db): Promise<GroupRow[]> {
  return db.selectFrom('groups').selectAll().orderBy('name_key').execute()
}

/** Users that are not removed, by group id. */
export async function countUsersByGroup(db: Db): Promise<Map<number, number>> {
  const rows = await db
    .selectFrom('users')
    .select(['group_id', (eb) => eb.fn.countAll<number>().as('users')])
    .where('removed_at_ms', 'is', null)
    .groupBy('group_id')
    .execute()
  return new Map(rows.map(({ group_id, users }) => [group_id, users]))
}

export async function insertGroup(
  db: Db,
  row: {
    name: string
    name_key: string
    mobile_client: Flag
    self_provision: Flag
    transport?: string
    created_at_ms: number
  }
): Promise<number> {
  const { id } = await db.insertInto('groups').values(row).returning('id').executeTakeFirstOrThrow()
  return id
}

export async function updateGroup(
  db: Db,
  id: number,
  change: Partial<Pick<GroupRow, 'name' | 'name_key' | 'mobile_client' | 'self_provision' | 'transport'>>
): Promise<void> {
  await db.updateTable('groups').set(change).where('id', '=', id).execute()
}

export async function deleteGroup(db: Db, id: number): Promise<void> {
  await db.deleteFrom('groups').where('id', '=', id).execute()
}

/** Removed users keep their row; it goes to the group given before theirs can go. */
export async function moveRemovedUsers(db: Db, fromId: number, toId: number): Promise<void> {
  await db
    .updateTable('users')
    .set({ group_id: toId })
    .where('group_id', '=', fromId)
    .where('removed_at_ms', 'is not', null)
    .execute()
}
