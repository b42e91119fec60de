import type { AuditEntry, AuditKind } from '../../shared/audit.ts'
import type { MessageState } from '../../shared/outbox.ts'
import type { AuditLog } from '../audit/audit-log.ts'
import { newestCodes } from '../codes/code-store.ts'
import { listMailRows } from '../mail/outbox-store.ts'
import type { Db } from '../database/schema.ts'

const mostEntries = 100

/** Keeps the ids of entries made of mails apart from those made of codes. */
const mailIdsFrom = 2 ** 40

const mailKinds: Partial<Record<MessageState, AuditKind>> = {
  sent: 'mail.sent',
  failed: 'mail.failed',
  unknown: 'mail.unknown',
  cancelled: 'mail.cancelled'
}

/**
 * What happened to a user, newest first. Acts on many users leave one entry for all of them in the log; here the user's own
 * codes and mails stand in for those.
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
  const fromMails = (await listMailRows(db, { userId: user.id, limit: mostEntries })).flatMap((mail) => {
    const kind = mailKinds[mail.state]
    const atMs = mail.sent_at_ms ?? mail.updated_at_ms
    if (kind === undefined || isLogged.has(`${kind} ${atMs}`)) return []
    const detail = { mail: mail.kind, ...(mail.response !== null && { response: mail.response }) }
    return [{ id: -2 * mail.id - mailIdsFrom, atMs, actor: '', kind, username: user.username, detail }]
  })
  // Stable: entries of one moment keep the order in which they were written.
  return [...entries, ...fromCodes, ...fromMails].toSorted((a, b) => b.atMs - a.atMs).slice(0, mostEntries)
}
