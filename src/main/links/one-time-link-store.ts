import type { Insertable, Selectable } from 'kysely'
import { isHit } from '../store/rows.ts'
import type { Db, ReprovisionLinksTable } from '../store/schema.ts'
import type { Reads, Write } from '../store/write.ts'
import type { UserRow } from '../users/user-store.ts'

export type ReprovisionLinkRow = Selectable<ReprovisionLinksTable>

export async function insertReprovisionLink(
  db: Db,
  row: Omit<Insertable<ReprovisionLinksTable>, 'id' | 'used_at_ms'>
): Promise<void> {
  await db
    .insertInto('reprovision_links')
    .values({ ...row, used_at_ms: null })
    .execute()
}

/** The link with its user, also one who has been removed. */
export async function findReprovisionLink(
  db: Reads,
  tokenHash: string
): Promise<{ link: ReprovisionLinkRow; user: UserRow } | undefined> {
  const link = await db
    .selectFrom('reprovision_links')
    .selectAll()
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst()
  if (!link) return undefined
  const user = await db.selectFrom('users').selectAll().where('id', '=', link.user_id).executeTakeFirstOrThrow()
  return { link, user }
}

/** Uses a link up; false where somebody else did first. This statement is what lets it lead to a code only once. */
export async function useReprovisionLink(write: Write, tokenHash: string): Promise<boolean> {
  const result = await write
    .updateTable('reprovision_links')
    .set({ used_at_ms: write.nowMs })
    .where('token_hash', '=', tokenHash)
    .where('used_at_ms', 'is', null)
    .where('expires_at_ms', '>', write.nowMs)
    .executeTakeFirstOrThrow()
  return isHit(result)
}

/** How many the user was given since each of two times. */
export async function countReprovisionLinks(
  db: Db,
  userId: number,
  [since, sinceEarlier]: [number, number]
): Promise<[number, number]> {
  const rows = await db
    .selectFrom('reprovision_links')
    .select('created_at_ms')
    .where('user_id', '=', userId)
    .where('created_at_ms', '>', sinceEarlier)
    .execute()
  return [rows.filter(({ created_at_ms }) => created_at_ms > since).length, rows.length]
}

/** Ends what the user was given before: the newest link is the only one that leads anywhere. */
export async function endReprovisionLinks(db: Db, userId: number, nowMs: number): Promise<void> {
  await db
    .updateTable('reprovision_links')
    .set({ expires_at_ms: nowMs })
    .where('user_id', '=', userId)
    .where('used_at_ms', 'is', null)
    .where('expires_at_ms', '>', nowMs)
    .execute()
}
