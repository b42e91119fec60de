import { auditKinds, type AuditKind } from '../../../shared/audit.ts'

/** What entries are about, for a person who looks for some of them: each kind is in one group. */
export const kindGroups = ['attempts', 'codes', 'mail', 'sheets', 'users', 'settings', 'server'] as const
export type KindGroup = (typeof kindGroups)[number]

const groupOfKind: Record<AuditKind, KindGroup> = {
  'attempt.passed': 'attempts',
  'attempt.refused': 'attempts',
  'strings.downloaded': 'attempts',
  'strings.refused': 'attempts',
  'codes.issued': 'codes',
  'code.revealed': 'codes',
  'codes.withdrawn': 'codes',
  'image.fetched': 'codes',
  'link.created': 'codes',
  'link.used': 'codes',
  'mail.sample-sent': 'mail',
  'mail.sample-refused': 'mail',
  'transport.checked': 'mail',
  'mail.address-asked': 'mail',
  'mail.address-confirmed': 'mail',
  'mail.queued': 'mail',
  'mail.sent': 'mail',
  'mail.failed': 'mail',
  'mail.unknown': 'mail',
  'mail.cancelled': 'mail',
  'mail.retried': 'mail',
  'outbox.paused': 'mail',
  'outbox.resumed': 'mail',
  'outbox.stopped': 'mail',
  'sheet.made': 'sheets',
  'sheet.withdrawn': 'sheets',
  'sheet.abandoned': 'sheets',
  'letter.changed': 'sheets',
  'time.stopped': 'server',
  'time.set-right': 'server',
  'users.imported': 'users',
  'user.added': 'users',
  'user.changed': 'users',
  'users.moved': 'users',
  'users.disabled': 'users',
  'users.enabled': 'users',
  'users.removed': 'users',
  'users.restored': 'users',
  'users.unlocked': 'users',
  'users.unprovisioned': 'users',
  'users.exported': 'users',
  'devices.voided': 'users',
  'settings.changed': 'settings',
  'group.added': 'settings',
  'group.changed': 'settings',
  'group.removed': 'settings',
  'template.changed': 'settings',
  'template.reset': 'settings',
  'transport.removed': 'settings',
  'transport.secrets-bound': 'settings',
  'folder.created': 'server',
  'key.slot-added': 'server',
  'key.slot-removed': 'server',
  'backup.created': 'server',
  'backup.restored': 'server',
  'log.exported': 'server',
  'log.cut': 'server'
}

/** What went wrong, of every group. */
export const failureKinds: readonly AuditKind[] = [
  'attempt.refused',
  'strings.refused',
  'mail.failed',
  'mail.unknown',
  'outbox.stopped'
]

/** Null for a kind that nobody knows: somebody else has written there. */
export function groupOf(kind: string): KindGroup | null {
  return isKind(kind) ? groupOfKind[kind] : null
}

export function kindsOf(group: KindGroup): AuditKind[] {
  return auditKinds.filter((kind) => groupOfKind[kind] === group)
}

export function isKind(text: string): text is AuditKind {
  return Object.hasOwn(groupOfKind, text)
}
