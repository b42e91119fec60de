import { sql } from 'kysely'
import type { Db } from '../store/schema.ts'
import { foldCase } from '../system/fold-case.ts'
import { findUserByKey } from './user-store.ts'

/** What a username looks like: without what is shown as nothing, its ligatures and wide forms as plain letters. */
export function usernameLook(username: string): string {
  if (/^[ -~]*$/.test(username)) return foldCase(username)
  return foldCase(username.replace(/\p{Default_Ignorable_Code_Point}/gu, '').normalize('NFKC'))
}

/** Keys of the usernames that look like another than theirs, by that look. There are few, if any. */
export async function findTwinKeys(db: Db): Promise<Map<string, string>> {
  // Of plain ASCII, which most are, none does; the others are read from the index alone.
  const { rows } = await sql<{ username_key: string }>`
    select username_key from users
    where removed_at_ms is null and username_key > '' and username_key glob '*[^ -~]*'`.execute(db)
  const odd = rows.flatMap(({ username_key: key }) => {
    const look = usernameLook(key)
    return look === key ? [] : [[look, key] as const]
  })
  return new Map(odd)
}

/** The user whose name looks like this one though it is another, or null. */
export async function findTwin(db: Db, username: string, ownId: number | null): Promise<string | null> {
  const look = usernameLook(username)
  const key = foldCase(username)
  for (const other of [look, (await findTwinKeys(db)).get(look)]) {
    const twin = other === undefined || other === key ? undefined : await findUserByKey(db, other)
    if (twin && twin.id !== ownId) return twin.username
  }
  return null
}

/** A clause that follows the column. What cannot be seen in the other's name is spelled out. */
export function twinReason(twin: string): string {
  const spelled = twin.replace(
    /\p{Default_Ignorable_Code_Point}/gu,
    (character) => `‹U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`
  )
  return `looks the same as that of the user “${spelled}”`
}
