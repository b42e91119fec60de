import type { Db } from '../store/schema.ts'

/** The last user of the name who was removed, if any. */
export async function findRemovedAtMs(db: Db, usernameKey: string): Promise<number | null> {
  const row = await db
    .selectFrom('users')
    .select('removed_at_ms')
    .where('username_key', '=', usernameKey)
    .where('removed_at_ms', 'is not', null)
    .orderBy('removed_at_ms', 'desc')
    .executeTakeFirst()
  return row?.removed_at_ms ?? null
}

/** Attempts under names that nobody has, the newest first. */
export async function listStrangeAttempts(
  db: Db,
  sinceMs: number,
  limit: number
): Promise<{ username: string; atMs: number; address: string }[]> {
  const rows = await db
    .selectFrom('audit')
    .select(['username', 'at_ms', 'detail'])
    .where('user_id', 'is', null)
    .where('kind', '=', 'attempt.refused')
    .where('username', '!=', '')
    .where('at_ms', '>=', sinceMs)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ username, at_ms, detail }) => {
    const { address } = JSON.parse(detail) as { address?: unknown }
    return { username, atMs: at_ms, address: typeof address === 'string' ? address : '' }
  })
}

/** What each change of settings since then changed, the oldest first. */
export async function listSettingChanges(
  db: Db,
  sinceMs: number
): Promise<{ atMs: number; changes: Record<string, { before?: unknown; after?: unknown }> }[]> {
  const rows = await db
    .selectFrom('audit')
    .select(['at_ms', 'detail'])
    .where('kind', '=', 'settings.changed')
    .where('at_ms', '>', sinceMs)
    .orderBy('id')
    .limit(1000)
    .execute()
  return rows.map(({ at_ms, detail }) => ({
    atMs: at_ms,
    changes: JSON.parse(detail) as Record<string, { before?: unknown; after?: unknown }>
  }))
}
