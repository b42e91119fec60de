import { attemptRefusals, type AttemptRefusal, type AuditEntry } from '../../shared/audit.ts'
import { codeChannels, type CodeChannel } from '../../shared/code.ts'
import { templateKinds, type TemplateKind } from '../../shared/template.ts'
import { t } from './index.ts'
import { isolate } from './isolate.ts'
import { briefTime, earlierTime } from './time.ts'

/**
 * What an entry of the log tells, as one sentence without a full stop. Entries of every version of the program are readable:
 * a detail that is missing or of another kind is passed over.
 */
export function auditSentence(entry: AuditEntry): string {
  const { kind, detail } = entry
  const address = addressOf(entry)
  switch (kind) {
    case 'folder.created':
      return t('log.folderCreated')
    case 'settings.changed':
      return t('log.settingsChanged', { names: Object.keys(detail).join(', ') })
    case 'group.added':
      return t('log.groupAdded', { name: nameOf(detail.name) })
    case 'group.changed':
      return t('log.groupChanged', { name: nameOf(memberOf(detail.before, 'name')) })
    case 'group.removed':
      return t('log.groupRemoved', { name: nameOf(detail.name) })
    case 'users.imported':
      return usersImported(detail)
    case 'user.added':
      return t('log.userAdded')
    case 'user.changed':
      return userChanged(detail)
    case 'users.disabled':
      return t('log.usersDisabled', { count: usersIn(detail) })
    case 'users.enabled':
      return t('log.usersEnabled', { count: usersIn(detail) })
    case 'users.moved':
      return t('log.usersMoved', { count: usersIn(detail), from: nameOf(detail.from), to: nameOf(detail.to) })
    case 'users.removed':
      return t('log.usersRemoved', { count: usersIn(detail) })
    case 'users.restored':
      return t('log.usersRestored', { count: usersIn(detail) })
    case 'users.unlocked':
      return t('log.usersUnlocked', { count: usersIn(detail) })
    case 'users.unprovisioned':
      return t('log.usersUnprovisioned', { count: usersIn(detail) })
    case 'users.exported':
      return t('log.usersExported', { count: numberOf(detail.users) ?? 0 })
    case 'log.exported':
      return t('log.logExported', { count: numberOf(detail.entries) ?? 0 })
    case 'log.cut':
      return t('log.logCut', { count: numberOf(detail.rows) ?? 0 })
    case 'codes.issued':
      return t('log.codesIssued', {
        count: usersIn(detail),
        channel: channelOf(detail.channel),
        until: timeOf(detail.expiresAtMs)
      })
    case 'code.revealed':
      return t('log.codeRevealed', { count: usersIn(detail) })
    case 'codes.withdrawn':
      return t('log.codesWithdrawn', { count: numberOf(detail.codes) ?? usersIn(detail) })
    case 'attempt.passed':
      return t('log.attemptPassed', { address })
    case 'attempt.refused':
      return attemptRefused(entry, address)
    case 'strings.downloaded':
      return t('log.stringsDownloaded', { address })
    case 'strings.refused':
      return t('log.stringsRefused', { address, reason: stringsReason(entry) })
    case 'key.slot-added':
      return t('log.keySlotAdded')
    case 'key.slot-removed':
      return t('log.keySlotRemoved')
    case 'backup.created':
      return t('log.backupCreated')
    case 'backup.restored':
      return t('log.backupRestored', { made: timeOf(memberOf(detail.backup, 'createdAtMs')) })
    case 'devices.voided':
      return t('log.devicesVoided', { count: usersIn(detail) })
    case 'image.fetched':
      return t('log.imageFetched', { address })
    case 'link.created':
      return t('log.linkCreated', { until: timeOf(detail.expiresAtMs) })
    case 'link.used':
      return t('log.linkUsed', { address })
    case 'template.changed':
      return t('log.templateChanged', { kind: templateOf(detail.kind) })
    case 'template.reset':
      return t('log.templateReset', { kind: templateOf(detail.kind) })
    case 'transport.removed':
      return t('log.transportRemoved', { name: nameOf(detail.name) })
    case 'transport.checked':
      return transportChecked(detail)
    case 'transport.secrets-bound':
      return t('log.transportSecretsBound')
    case 'mail.queued':
      return t('log.mailQueued', { count: usersIn(detail) })
    case 'mail.sent':
      return t('log.mailSent', { count: usersIn(detail) })
    case 'mail.failed':
      return t('log.mailFailed', { count: usersIn(detail), response: responseOf(detail) })
    case 'mail.unknown':
      return t('log.mailUnknown', { count: usersIn(detail) })
    case 'mail.cancelled':
      return t('log.mailCancelled', { count: usersIn(detail) })
    case 'mail.retried':
      return t('log.mailRetried', { count: usersIn(detail) })
    case 'mail.sample-sent':
      return t('log.mailSampleSent', { address: nameOf(detail.to) })
    case 'mail.sample-refused':
      return t('log.mailSampleRefused', { address: nameOf(detail.to), response: responseOf(detail) })
    case 'mail.address-asked':
      return t('log.mailAddressAsked', { address: nameOf(detail.address) })
    case 'mail.address-confirmed':
      return t('log.mailAddressConfirmed', { address: nameOf(detail.address) })
    case 'outbox.paused':
      return t('log.outboxPaused')
    case 'outbox.resumed':
      return t('log.outboxResumed')
    case 'outbox.stopped':
      return t('log.outboxStopped', { reason: textOf(detail.reason) })
    case 'sheet.made':
      return t('log.sheetMade', { ...sheetOf(detail), count: numberOf(detail.labels) ?? 0 })
    case 'sheet.withdrawn':
      return t('log.sheetWithdrawn', { ...sheetOf(detail), count: numberOf(detail.codes) ?? 0 })
    case 'sheet.abandoned':
      return t('log.sheetAbandoned', { ...sheetOf(detail), count: numberOf(detail.codes) ?? 0 })
    case 'letter.changed':
      return t(detail.isShipped === true ? 'log.letterShipped' : 'log.letterChanged')
    case 'time.stopped':
      return t('log.timeStopped', { to: timeOf(detail.toMs) })
    case 'time.set-right':
      return t('log.timeSetRight', { from: timeOf(detail.fromMs), count: numberOf(detail.withdrawnCodes) ?? 0 })
    default:
      // Somebody else may have written there: it is shown like the rest, so that it can be looked at.
      return t('log.unknownKind', { kind: isolate(String(kind satisfies never)) })
  }
}

function transportChecked(detail: AuditEntry['detail']): string {
  const name = nameOf(detail.transport)
  const place = isolate(`${typeof detail.host === 'string' ? detail.host : ''}:${numberOf(detail.port) ?? ''}`)
  return detail.failed === null
    ? t('log.transportPassed', { name, place })
    : t('log.transportFailed', { name, place, response: responseOf(detail) })
}

function sheetOf({ sheet, part }: AuditEntry['detail']): { sheet: string; part: string } {
  return { sheet: String(numberOf(sheet) ?? ''), part: typeof part === 'string' ? isolate(part) : '' }
}

/** Why an attempt was refused: a clause. */
export function refusalReason(entry: AuditEntry): string {
  const refusal = refusalOf(entry)
  if (refusal === null) return t('log.unknownName')
  const endedAtMs = numberOf(entry.detail.endedAtMs)
  return t(`log.refusals.${refusal}`, {
    until:
      numberOf(entry.detail.lockedUntilMs) === null ? '' : t('log.until', { time: timeOf(entry.detail.lockedUntilMs) }),
    ended: endedAtMs === null ? '' : earlierTime(endedAtMs, entry.atMs)
  }).trimEnd()
}

export function refusalOf(entry: AuditEntry): AttemptRefusal | null {
  return attemptRefusals.find((refusal) => refusal === entry.detail.refusal) ?? null
}

/** Why the security strings were refused: a clause. */
export function stringsReason({ detail: { reason } }: AuditEntry): string {
  const isKnown = reason === 'user-removed' || reason === 'user-disabled' || reason === 'no-mobile-client-right'
  return t(`log.stringsReasons.${isKnown ? reason : 'other'}`)
}

/** Where an attempt came from. */
export function addressOf({ detail: { address } }: AuditEntry): string {
  return typeof address === 'string' && address !== '' ? isolate(address) : t('log.unknownAddress')
}

function attemptRefused(entry: AuditEntry, address: string): string {
  const reason = refusalReason(entry)
  const attempts = numberOf(entry.detail.count) ?? 1
  if (entry.detail.others === true) return t('log.attemptsRefusedOthers', { count: attempts, reason })
  if (attempts > 1) return t('log.attemptsRefused', { attempts, address, reason })
  const isLockedByIt = refusalOf(entry) !== 'locked' && numberOf(entry.detail.lockedUntilMs) !== null
  return isLockedByIt
    ? t('log.attemptRefusedLocked', { address, reason, until: timeOf(entry.detail.lockedUntilMs) })
    : t('log.attemptRefused', { address, reason })
}

function usersImported(detail: AuditEntry['detail']): string {
  const [added, updated] = [lengthOf(detail.added), lengthOf(detail.updated)]
  if (added + updated !== 1) return t('log.usersImported', { added, updated })
  return t(added === 1 ? 'log.userImported' : 'log.userUpdated')
}

function userChanged(detail: AuditEntry['detail']): string {
  const names = Object.keys(detail).filter(
    (name) => memberOf(detail[name], 'before') !== memberOf(detail[name], 'after')
  )
  return names.length === 0 ? t('log.userChanged') : t('log.userChangedFields', { names: names.join(', ') })
}

/** An entry that lists no users speaks of one. */
function usersIn({ users }: AuditEntry['detail']): number {
  return Array.isArray(users) ? users.length : 1
}

function templateOf(value: unknown): string {
  const kind: TemplateKind | undefined = templateKinds.find((known) => known === value)
  return kind === undefined ? t('log.unknownName') : t(`log.templates.${kind}`)
}

/** What the mail server said, as the end of a sentence; nothing where it is not known. */
function responseOf({ response }: AuditEntry['detail']): string {
  return typeof response === 'string' && response !== '' ? `: ${isolate(response)}` : ''
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? isolate(value.replace(/\.$/, '')) : t('log.unknownName')
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0
}

function channelOf(value: unknown): string {
  const channel: CodeChannel | undefined = codeChannels.find((known) => known === value)
  return channel === undefined ? '' : t(`log.channels.${channel}`)
}

/** Beyond this a number of milliseconds is no time at all (ECMA-262, 21.4.1.1). */
const mostTimeMs = 8_640_000_000_000_000

function timeOf(value: unknown): string {
  const atMs = numberOf(value)
  return atMs === null || Math.abs(atMs) > mostTimeMs ? t('log.unknownName') : briefTime(atMs)
}

function nameOf(value: unknown): string {
  return typeof value === 'string' ? `“${isolate(value)}”` : t('log.unknownName')
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

function memberOf(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
