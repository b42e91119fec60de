import type { AuditEntry } from '../../shared/audit.ts'
import type { AuditLog } from '../audit/audit-log.ts'
import { newestCodes } from '../codes/code-store.ts'
import type { Db } from '../database/schema.ts'

const mostEntries = 100

/**
 * What happened to a user, newest first. Acts on many users leave one entry for all of them in the log; here the user's own
 * codes stand in for those.
 */
export async function readTimeline(
  db: Db,
  audit: AuditLog,
  user: { id: number; username: string }
): Promise<AuditEntry[]> {
  const entries = await audit.list(db, { userId: user.id, limit: mostEntries })
  const isLogged = new Set(entries.map(({ kind, atMs }) => `${kind} ${atMs}`))
  const entry = (
    kind: 'codes.issued' | 'codes.withdrawn',
    id: number,
    atMs: number,
    detail: Record<string, unknown>
  ) => (isLogged.has(`${kind} ${atMs}`) ? [] : [{ id, atMs, actor: '', kind, username: user.username, detail }])
  const fromCodes = (await newestCodes(db, user.id, mostEntries)).flatMap((code) => [
    ...entry('codes.issued', -2 * code.id, code.issued_at_ms, {
      channel: code.channel,
      expiresAtMs: code.expires_at_ms
    }),
    ...(code.state === 'withdrawn' && code.ended_at_ms !== null
      ? entry('codes.withdrawn', -2 * code.id - 1, code.ended_at_ms, {})
      : [])
  ])
  // Stable: entries of one moment keep the order in which they were written.
  return [...entries, ...fromCodes].toSorted((a, b) => b.atMs - a.atMs).slice(0, mostEntries)
}
