import { z } from 'zod'

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
  'users.removed',
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
  'mail.queued',
  'mail.sent',
  'mail.failed',
  'mail.unknown',
  'mail.cancelled',
  'mail.retried',
  'outbox.paused',
  'outbox.resumed',
  'outbox.stopped'
] as const
export type AuditKind = (typeof auditKinds)[number]

/** Why an attempt to provision was refused: what the log shows, never the network. */
export const attemptRefusals = [
  'unknown-user',
  'user-disabled',
  'locked',
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
