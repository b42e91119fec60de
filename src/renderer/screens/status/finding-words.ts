import { assertNever } from '../../../shared/errors.ts'
import { mostCountedMails, type StatusFinding } from '../../../shared/status.ts'
import { runCommand } from '../../commands/registry.ts'
import type { en } from '../../words/en.ts'
import { t } from '../../words/index.ts'
import { briefTime, relativeTime, spanWords } from '../../words/time.ts'
import { showBackupPart } from '../backup/backup-route.ts'
import { showMessages } from '../outbox/outbox-route.ts'
import { openEmail } from '../users/email/email-opening.ts'
import { askToSetTimeRight } from './set-time-right.ts'
import { showUsers } from '../users/user-route.ts'

/** What is done outside the console, and told step by step. */
export type HowTo = keyof typeof en.status.howTo

export interface Cure {
  label: string
  run: () => void
}

/** What is the matter, in a few words with its number or time. */
export function findingTitle(finding: StatusFinding, nowMs: number): string {
  switch (finding.id) {
    case 'addressNarrow':
      return t(`status.addressNarrow.title.${finding.scope === 'loopback' ? 'loopback' : 'private'}`)
    case 'certificateEnds':
      return t(finding.isOver ? 'status.certificateEnds.over' : 'status.certificateEnds.title', {
        when: relativeTime(finding.atMs, nowMs)
      })
    case 'mailsFailed':
    case 'mailsUnknown':
      return t(`status.${finding.id}.title`, { count: finding.mails, mails: mailCount(finding.mails) })
    case 'codesExpired':
      return t('status.codesExpired.title', { count: finding.users })
    case 'clockBehind':
      return t(finding.sinceMs === null ? 'status.clockBehind.title' : 'status.clockBehind.titleSince', {
        span: spanWords(finding.byMs),
        since: finding.sinceMs === null ? '' : briefTime(finding.sinceMs)
      })
    case 'backupOld':
      return finding.atMs === null
        ? t('status.backupOld.never')
        : t('status.backupOld.title', { when: relativeTime(finding.atMs, nowMs) })
    case 'diskLow':
      return t('status.diskLow.title', { megabytes: Math.floor(finding.freeBytes / 1_000_000) })
    case 'diskFull':
    case 'plainHttp':
    case 'certificateSelfSigned':
    case 'certificateUnreadable':
    case 'portalDown':
    case 'portalInConsole':
    case 'outboxStopped':
    case 'keyFile':
      return t(`status.${finding.id}.title`)
    default:
      return assertNever(finding)
  }
}

function mailCount(mails: number): string {
  return t(mails >= mostCountedMails ? 'status.atLeast' : 'status.exactly', { count: mails })
}

/** What that does to people, and what to do. */
export function findingText(finding: StatusFinding): string {
  switch (finding.id) {
    case 'addressNarrow': {
      const { address, isMailed } = finding
      return t(isMailed ? 'status.addressNarrow.mailed' : 'status.addressNarrow.text', { address })
    }
    case 'diskFull':
      return t('status.diskFull.text', { folder: finding.folder })
    case 'plainHttp':
      return t('status.plainHttp.text', { address: finding.address })
    case 'certificateEnds':
      return t('status.certificateEnds.text', { at: briefTime(finding.atMs) })
    case 'certificateUnreadable':
      return finding.problem
    case 'portalDown':
      return finding.problem ?? t('status.portalDown.text')
    case 'outboxStopped':
      return finding.reason ?? t('status.outboxStopped.text')
    case 'certificateSelfSigned':
    case 'portalInConsole':
    case 'mailsUnknown':
    case 'mailsFailed':
    case 'codesExpired':
    case 'clockBehind':
    case 'backupOld':
    case 'diskLow':
    case 'keyFile':
      return t(`status.${finding.id}.text`)
    default:
      return assertNever(finding)
  }
}

/** What mends it, the first choice first. */
export function findingCures(finding: StatusFinding, explain: (about: HowTo) => void): Cure[] {
  const go = (label: string, run: () => void): Cure => ({ label, run })
  const toScreen = (label: string, command: Parameters<typeof runCommand>[0]) =>
    go(label, () => void runCommand(command))
  switch (finding.id) {
    case 'addressNarrow':
      return [toScreen(t('status.publicName.button'), 'screen.name')]
    case 'diskFull':
      return [go(t('status.diskFull.button'), () => explain('room'))]
    case 'plainHttp':
      return [toScreen(t('status.plainHttp.button'), 'screen.name')]
    case 'certificateSelfSigned':
    case 'certificateUnreadable':
    case 'certificateEnds':
      return [toScreen(t('status.certificate.button'), 'screen.portal')]
    case 'portalDown':
      return [
        toScreen(t('status.portalDown.button'), 'screen.portal'),
        go(t('status.portalInConsole.button'), () => explain('service'))
      ]
    case 'portalInConsole':
      return [go(t('status.portalInConsole.button'), () => explain('service'))]
    case 'outboxStopped':
      return [
        go(t('status.outboxStopped.button'), () => showMessages({ batch: finding.batchId })),
        toScreen(t('status.outboxStopped.transport'), 'screen.transport')
      ]
    case 'mailsUnknown':
      return [go(t('status.mailsUnknown.button'), () => showMessages({ state: 'unknown' }))]
    case 'mailsFailed':
      return [go(t('status.mailsFailed.button'), () => showMessages({ state: 'failed' }))]
    case 'codesExpired':
      return [
        go(t('status.codesExpired.email'), () => openEmail({ filter: { code: ['expired'] } })),
        go(t('status.codesExpired.show'), () => showUsers({ code: ['expired'] }))
      ]
    case 'clockBehind':
      return [
        go(t('status.clockBehind.setRight'), () => void askToSetTimeRight()),
        go(t('status.clockBehind.button'), () => explain('clock'))
      ]
    case 'backupOld':
      return [go(t('status.backupOld.button'), () => showBackupPart('make'))]
    case 'diskLow':
      return []
    case 'keyFile':
      return [go(t('status.keyFile.button'), () => showBackupPart('keys'))]
    default:
      return assertNever(finding)
  }
}
