import type { AuditEntry, AuditKind } from '../../shared/audit.ts'
import type { MessageState } from '../../shared/outbox.ts'
import { listMembers, rowToEntry, type AuditLog } from '../store/audit-chain.ts'
import { findListingRows } from '../audit/audit-store.ts'
import type { RefusalCounts } from '../provisioning/refusal-counts.ts'
import { newestCodes } from '../codes/code-store.ts'
import { listMailRows } from '../outbox/outbox-store.ts'
import type { Db } from '../store/schema.ts'

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
 * codes and mails stand in for those, and of the others there is the user's own part. Refused attempts that are still being
 * counted are among them.
 */
export async function readTimeline(
  db: Db,
  { audit, refusals }: { audit: AuditLog; refusals: Pick<RefusalCounts, 'waitingFor'> },
  user: { id: number; username: string; createdAtMs: number }
): Promise<AuditEntry[]> {
  const entries = await audit.list(db, { userId: user.id, limit: mostEntries })
  const isLogged = new Set(entries.map(({ kind, atMs }) => `${kind} ${atMs}`))
  const entry = (
    kind: 'codes.issued' | 'codes.withdrawn',
    id: number,
    atMs: number,
    detail: Record<string, unknown>
  ) => (isLogged.has(`${kind} ${atMs}`) ? [] : [{ id, atMs, actor: '', kind, username: user.username, detail }])
  const fromMany = await readListings(db, user)
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
  return [...refusals.waitingFor(user), ...entries, ...fromMany, ...fromCodes, ...fromMails]
    .toSorted((a, b) => b.atMs - a.atMs)
    .slice(0, mostEntries)
}

/** Entries that list the user among others, each as if it spoke of the user alone; none of an earlier user of the name. */
async function readListings(db: Db, user: { username: string; createdAtMs: number }): Promise<AuditEntry[]> {
  const rows = await findListingRows(db, user.username, user.createdAtMs, mostEntries)
  return rows.map(rowToEntry).flatMap((entry) => {
    const isOfUser = (names: unknown) => Array.isArray(names) && names.includes(user.username)
    const listed = listMembers.filter((member) => isOfUser(entry.detail[member]))
    if (listed.length === 0) return []
    const { users: _, added: __, updated: ___, ...others } = entry.detail
    const own = Object.fromEntries(listed.map((member) => [member, [user.username]]))
    return [{ ...entry, username: user.username, detail: { ...others, ...own } }]
  })
}
