import { z } from 'zod'
import { auditHead } from './backup.ts'

/** What the audit log records. A kind is kept for good: rows of old versions must stay readable. */
export const auditKinds = [
  'folder.created',
  'settings.changed',
  'group.added',
  'group.changed',
  'group.removed',
  'users.imported',
  'user.added',
  'user.changed',
  'users.disabled',
  'users.enabled',
  'users.moved',
  'users.removed',
  'users.restored',
  'users.unlocked',
  'users.unprovisioned',
  'users.exported',
  'codes.issued',
  'code.revealed',
  'codes.withdrawn',
  'attempt.passed',
  'attempt.refused',
  'strings.downloaded',
  'strings.refused',
  'key.slot-added',
  'key.slot-removed',
  'backup.created',
  'backup.restored',
  'devices.voided',
  'template.changed',
  'template.reset',
  'transport.removed',
  'transport.checked',
  'transport.secrets-bound',
  'mail.queued',
  'mail.sent',
  'mail.failed',
  'mail.unknown',
  'mail.cancelled',
  'mail.retried',
  'mail.sample-sent',
  'mail.sample-refused',
  'mail.address-asked',
  'mail.address-confirmed',
  'outbox.paused',
  'outbox.resumed',
  'outbox.stopped',
  'log.exported',
  'log.cut',
  'image.fetched',
  'link.created',
  'link.used',
  'sheet.made',
  'sheet.withdrawn',
  'sheet.abandoned',
  'letter.changed',
  'time.stopped',
  'time.set-right'
] as const
export type AuditKind = (typeof auditKinds)[number]

/** Why an attempt to provision was refused: what the log shows, never the network. */
export const attemptRefusals = [
  'unknown-user',
  'user-disabled',
  'locked',
  'address-limit',
  'no-code',
  'wrong-code',
  'code-used',
  'code-failed',
  'code-expired',
  'code-superseded',
  'code-withdrawn'
] as const
export type AttemptRefusal = (typeof attemptRefusals)[number]

export const auditEntry = z.object({
  id: z.number().int(),
  atMs: z.number(),
  actor: z.string(),
  kind: z.enum(auditKinds),
  username: z.string(),
  detail: z.record(z.string(), z.unknown())
})
export type AuditEntry = z.infer<typeof auditEntry>

/** Which entries of the log: every condition given must hold. */
export const auditFilter = z.object({
  /** This user's, and those that list the user among others; or a name as it was tried. */
  user: z.string().max(200).optional(),
  kinds: z.array(z.enum(auditKinds)).min(1).max(auditKinds.length).optional(),
  sinceMs: z.number().optional(),
  untilMs: z.number().optional(),
  /** Occurs in the actor, the username or the details, without regard to case. */
  text: z.string().max(200).optional()
})
export type AuditFilter = z.infer<typeof auditFilter>

/** What came of checking the chain from its first row on. */
export const auditVerification = z.object({
  /** How many rows the log has. */
  rows: z.number().int(),
  /** The first row that was changed, dropped or slipped in, or is missing at the end; null when there is none. */
  brokenRow: z.number().int().nullable(),
  /** The last row up to which nothing was changed, and its time. Null where the very first is broken, or there is none. */
  head: auditHead.extend({ atMs: z.number() }).nullable(),
  /**
   * The last row that was cut off the beginning, as policy wants it, and its time; null where none was. Rows before it are gone and
   * nothing is said of them but that the key's owner cut them off.
   */
  checkpoint: auditHead.extend({ atMs: z.number(), cutAtMs: z.number() }).nullable(),
  /**
   * What a head kept elsewhere says: `fits`, so nothing up to it was changed or cut off; `missing`, the log ends before it;
   * `differs`, another row stands there; `cut`, its row was cut off the beginning, so that nothing can be compared. `none` was
   * given: then rows cut off at the end cannot be told.
   */
  keptHead: z.enum(['none', 'fits', 'missing', 'differs', 'cut'])
})
export type AuditVerification = z.infer<typeof auditVerification>

/**
 * Which way the log is not as it was written: a row of the chain, an end that a kept head knew further on, or another row than
 * a kept head knew. Null where it is whole.
 */
export function breakOf({
  rows,
  brokenRow,
  head,
  checkpoint,
  keptHead
}: AuditVerification): 'broken' | 'cutOff' | 'differs' | null {
  if (brokenRow === null) return null
  if (keptHead === 'differs') return 'differs'
  return keptHead === 'missing' && rows === (head?.id ?? 0) - (checkpoint?.id ?? 0) ? 'cutOff' : 'broken'
}
