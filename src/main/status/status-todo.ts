import { certificateWarningMs, type PortalState } from '../../shared/portal.ts'
import type { Settings } from '../../shared/settings.ts'
import {
  backupWarningMs,
  type FindingId,
  type ServerStatus,
  type SetupStep,
  type StatusFinding,
  type StatusTodo
} from '../../shared/status.ts'
import { urlKeywords } from '../../shared/template.ts'
import { defaultTransportName, type Transport } from '../../shared/transport.ts'
import { noticedMs } from '../store/advance-time.ts'
import type { DiskReserve } from '../store/disk-reserve.ts'
import type { StoreWatch } from '../store/store-watch.ts'
import { listGroupRows } from '../groups/group-store.ts'
import type { TemplateService } from '../mail/template-service.ts'
import type { TransportService } from '../mail/transport-service.ts'
import type { PortalRunner } from '../portal/portal-runner.ts'
import { readStatus, type StatusParts } from './status-service.ts'
import { countTroubledMails, lastLandmark, listStoppedBatches, wasMailEverSent } from './status-store.ts'

/** A mail that failed longer ago than this has been dealt with, or never will be. */
const troubledMailMs = 7 * 86_400_000

export interface TodoParts extends StatusParts {
  storeWatch: Pick<StoreWatch, 'room'>
  transports: TransportService
  templates: TemplateService
  reserve: DiskReserve
}

/** All that is looked at to say what needs doing. */
export interface TodoFacts {
  status: ServerStatus
  settings: Settings
  portal: PortalState
  /** Of groups whose users may use a Mobile Client. */
  groups: string[]
  /** Those that can send, the general one first. */
  transports: Pick<Transport, 'name' | 'host'>[]
  /** Whether a mail leads to the public address, by link or picture. */
  mailsLink: boolean
  wasMailSent: boolean
  stoppedBatches: { id: number; note: string | null }[]
  failedMails: number
  unknownMails: number
  lastBackupAtMs: number | null
  /** What is free on a disk that is low; null where it is not. */
  lowDiskBytes: number | null
  isDiskFull: boolean
  nowMs: number
}

export async function readTodo(parts: TodoParts, portal: PortalRunner): Promise<StatusTodo> {
  const { db, reads, time } = parts
  const nowMs = await time.peekMs(db)
  const transports = (await parts.transports.list()).filter(({ missing }) => missing.length === 0)
  const isGeneral = ({ name }: Transport) => Number(name !== defaultTransportName)
  const sinceMs = nowMs - troubledMailMs
  const facts: TodoFacts = {
    status: await readStatus(parts),
    settings: await parts.settings.read(),
    portal: await portal.state(),
    groups: (await listGroupRows(db)).filter(({ mobile_client }) => mobile_client === 1).map(({ name }) => name),
    transports: transports.toSorted((a, b) => isGeneral(a) - isGeneral(b)),
    mailsLink: transports.length > 0 && (await parts.templates.list()).some(leadsToServer),
    wasMailSent: (await lastLandmark(reads, 'mail.sample-sent')) !== null || (await wasMailEverSent(reads)),
    stoppedBatches: await listStoppedBatches(reads),
    failedMails: await countTroubledMails(reads, 'failed', sinceMs),
    unknownMails: await countTroubledMails(reads, 'unknown', sinceMs),
    lastBackupAtMs: (await lastLandmark(reads, 'backup.created'))?.atMs ?? null,
    lowDiskBytes: (await parts.reserve.isLow()) ? await parts.reserve.freeBytes() : null,
    isDiskFull: parts.storeWatch.room() === 'full',
    nowMs
  }
  const isSetUp = isAnyAppSetUp(facts.status)
  return { steps: isSetUp ? [] : setupSteps(facts), findings: findings(facts, isSetUp) }
}

function leadsToServer({ html, text }: { html: string; text: string | null }): boolean {
  return [...urlKeywords, '%LINK%', '%APPLINK%'].some((keyword) => html.includes(keyword) || text?.includes(keyword))
}

function isAnyAppSetUp({ usersByApp }: ServerStatus): boolean {
  return usersByApp['set-up'] + usersByApp.provisioned > 0
}

/** What a server needs before a first phone is provisioned, in the order in which it should be done. */
export function setupSteps({ status, portal, groups, transports, wasMailSent }: TodoFacts): SetupStep[] {
  const fault = certificateFault(status, portal)
  return [
    {
      id: 'publicName',
      isDone: status.publicAddressScope !== 'loopback',
      address: status.publicAddress,
      scope: status.publicAddressScope
    },
    { id: 'certificate', isDone: fault === null, fault, problem: portal.certificateProblem },
    { id: 'transport', isDone: transports.length > 0, host: transports[0]?.host ?? null },
    { id: 'group', isDone: groups.length > 0, group: groups[0] ?? null },
    { id: 'import', isDone: status.users > 0, users: status.users },
    { id: 'mailToMe', isDone: wasMailSent },
    { id: 'scan', isDone: isAnyAppSetUp(status) }
  ]
}

/** Without one of its own, a portal that phones go to by https has a proxy before it, which holds the certificate. */
function certificateFault(
  { publicAddress }: ServerStatus,
  { certificate, certificateProblem }: PortalState
): 'self-signed' | 'plain-http' | 'unreadable' | null {
  if (!publicAddress.startsWith('https:')) return 'plain-http'
  if (certificateProblem !== null) return 'unreadable'
  return certificate?.isSelfSigned ? 'self-signed' : null
}

const weights: Record<FindingId, 'fault' | 'warning' | 'advice'> = {
  addressNarrow: 'warning',
  plainHttp: 'warning',
  certificateSelfSigned: 'fault',
  certificateUnreadable: 'fault',
  certificateEnds: 'warning',
  diskFull: 'fault',
  portalDown: 'fault',
  portalInConsole: 'advice',
  outboxStopped: 'fault',
  mailsUnknown: 'warning',
  mailsFailed: 'warning',
  codesExpired: 'warning',
  clockBehind: 'fault',
  backupOld: 'warning',
  diskLow: 'fault',
  keyFile: 'advice'
}

/** What is wrong or soon will be, but for what the steps of a new server say. The worst first. */
export function findings(facts: TodoFacts, isSetUp: boolean): StatusTodo['findings'] {
  const found = [
    ...diskFindings(facts),
    ...(isSetUp ? addressFindings(facts) : narrowMailFindings(facts)),
    ...certificateEndFindings(facts),
    ...portalFindings(facts),
    ...mailFindings(facts),
    ...serverFindings(facts)
  ]
  const order = ['fault', 'warning', 'advice']
  return found
    .map((finding) => ({ ...finding, weight: weightOf(finding) }))
    .toSorted((a, b) => order.indexOf(a.weight) - order.indexOf(b.weight))
}

function weightOf(finding: StatusFinding): 'fault' | 'warning' | 'advice' {
  const isWorse =
    (finding.id === 'certificateEnds' && finding.isOver) || (finding.id === 'addressNarrow' && finding.isMailed)
  return isWorse ? 'fault' : weights[finding.id]
}

function diskFindings({ isDiskFull, status }: TodoFacts): StatusFinding[] {
  return isDiskFull ? [{ id: 'diskFull', folder: status.dataFolder }] : []
}

function addressFindings(facts: TodoFacts): StatusFinding[] {
  const { status, portal, mailsLink } = facts
  const { publicAddress: address, publicAddressScope: scope } = status
  const found: StatusFinding[] = []
  if (scope === 'loopback' || scope === 'private') {
    found.push({ id: 'addressNarrow', address, scope, isMailed: mailsLink })
  }
  const fault = certificateFault(status, portal)
  if (fault === 'plain-http') found.push({ id: 'plainHttp', address })
  else if (fault === 'self-signed') found.push({ id: 'certificateSelfSigned' })
  else if (fault === 'unreadable') {
    found.push({ id: 'certificateUnreadable', problem: portal.certificateProblem ?? '' })
  }
  return found
}

/** A public name is the first of the steps, but one that only this network knows passes there. */
function narrowMailFindings({ status, mailsLink }: TodoFacts): StatusFinding[] {
  const { publicAddress: address, publicAddressScope: scope } = status
  return scope === 'private' && mailsLink ? [{ id: 'addressNarrow', address, scope, isMailed: true }] : []
}

function certificateEndFindings({ portal: { certificate }, nowMs }: TodoFacts): StatusFinding[] {
  // A self-signed one is renewed by itself.
  if (!certificate || certificate.isSelfSigned || certificate.notAfterMs - nowMs > certificateWarningMs) return []
  const atMs = certificate.notAfterMs
  return [{ id: 'certificateEnds', atMs, isOver: atMs <= nowMs }]
}

function portalFindings({ status, portal: { state, problem } }: TodoFacts): StatusFinding[] {
  // Until there is somebody whom it could serve, it may be off.
  if (status.users === 0) return []
  if (state === 'running') return [{ id: 'portalInConsole' }]
  return state === 'off' || state === 'failed' ? [{ id: 'portalDown', problem }] : []
}

function mailFindings({ status, stoppedBatches, failedMails, unknownMails }: TodoFacts): StatusFinding[] {
  const found: StatusFinding[] = stoppedBatches.map(({ id, note }) => ({
    id: 'outboxStopped',
    batchId: id,
    reason: note
  }))
  if (unknownMails > 0) found.push({ id: 'mailsUnknown', mails: unknownMails })
  if (failedMails > 0) found.push({ id: 'mailsFailed', mails: failedMails })
  const { expired } = status.usersByCode
  if (expired > 0) found.push({ id: 'codesExpired', users: expired })
  return found
}

function serverFindings({ status, lastBackupAtMs, lowDiskBytes, isDiskFull, nowMs }: TodoFacts): StatusFinding[] {
  const found: StatusFinding[] = []
  if (status.clockBehindMs >= noticedMs) {
    found.push({ id: 'clockBehind', byMs: status.clockBehindMs, sinceMs: status.clockBehindSinceMs })
  }
  if (lowDiskBytes !== null && !isDiskFull) found.push({ id: 'diskLow', freeBytes: lowDiskBytes })
  const isBackupOld = lastBackupAtMs === null || nowMs - lastBackupAtMs > backupWarningMs
  if (status.users > 0 && isBackupOld) found.push({ id: 'backupOld', atMs: lastBackupAtMs })
  if (status.keyOpenedBy === 'file') found.push({ id: 'keyFile' })
  return found
}
