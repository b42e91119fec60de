import { useQuery } from '@tanstack/react-query'
import { certificateWarningMs, type CertificateInfo, type PortalState } from '../../../shared/portal.ts'
import type { ServerStatus, StatusFigures } from '../../../shared/status.ts'
import type { ReactNode } from 'react'
import { CopyButton } from '../../components/CopyButton.tsx'
import { useNowMs } from '../../components/now.ts'
import { RelativeTime } from '../../components/RelativeTime.tsx'
import { queries } from '../../queries.ts'
import { t } from '../../words/index.ts'
import { sizeWords } from '../../words/size.ts'
import { briefDate, hourAndMinute, relativeTime } from '../../words/time.ts'
import classes from './Status.module.css'

export function ServerFacts({
  status,
  portal,
  figures
}: {
  status: ServerStatus
  portal: PortalState
  figures: StatusFigures
}) {
  const { data: version } = useQuery(queries.version)
  const nowMs = useNowMs()
  const isReachableByFew = status.publicAddressScope === 'loopback' || status.publicAddressScope === 'private'
  const scope = isReachableByFew ? t(`status.server.scope.${status.publicAddressScope}`) : null
  return (
    <section aria-labelledby="server">
      <h2 id="server" className={classes.heading}>
        {t('status.server.title')}
      </h2>
      <dl className={classes.facts}>
        <Fact name={t('status.server.name')} value={status.serverName} />
        <Fact name={t('status.server.siteId')} value={String(status.siteId)} isCode isCopied />
        <Fact name={t('status.server.address')} value={status.publicAddress} note={scope} isCode isCopied />
        <Fact
          name={t('status.server.portal')}
          value={portal.url ?? t('portal.states.off')}
          note={stateNote(portal)}
          isCalm={portal.state === 'elsewhere'}
        />
        {portal.certificate && (
          <Fact
            name={t('status.server.certificate')}
            value={t('status.server.certificateEnds', { at: briefDate(portal.certificate.notAfterMs) })}
            note={certificateNote(portal.certificate, nowMs)}
          />
        )}
        <Fact name={t('status.server.requests')} value={requestsText(portal, figures)} />
        <Fact
          name={t('status.server.backup')}
          value={figures.lastBackup ? <LastBackup backup={figures.lastBackup} /> : t('status.server.noBackup')}
        />
        <Fact name={t('status.server.folder')} value={status.dataFolder} isCode isCopied />
        {version && <Fact name={t('status.server.version')} value={version.version} />}
      </dl>
    </section>
  )
}

/** What this program's portal was asked; another program counts its own. */
function requestsText({ state }: PortalState, { requests }: StatusFigures): string {
  const { today, lastHour, sinceMs } = requests
  if (state !== 'running' && today.requests === 0) {
    return t(state === 'elsewhere' ? 'status.server.requestsElsewhere' : 'status.server.requestsNone')
  }
  const counts = { today: today.requests, lastHour: lastHour.requests, refused: today.refused }
  return sinceMs === null
    ? t('status.server.requestsToday', counts)
    : t('status.server.requestsSince', { ...counts, at: hourAndMinute(sinceMs) })
}

function LastBackup({ backup: { atMs, bytes, file } }: { backup: NonNullable<StatusFigures['lastBackup']> }) {
  return (
    <>
      <RelativeTime atMs={atMs} />, {sizeWords(bytes)}
      {file !== null && (
        <>
          , <bdi className={classes.path}>{file}</bdi>
        </>
      )}
    </>
  )
}

function stateNote({ state, url }: PortalState): string | null {
  return state === 'running' || url === null ? null : t(`portal.states.${state}`)
}

function certificateNote({ isSelfSigned, notAfterMs }: CertificateInfo, nowMs: number): string | null {
  if (isSelfSigned) return t('status.server.selfSigned')
  return notAfterMs - nowMs < certificateWarningMs ? relativeTime(notAfterMs, nowMs) : null
}

function Fact({
  name,
  value,
  note = null,
  isCalm = false,
  isCode = false,
  isCopied = false
}: {
  name: string
  value: ReactNode
  note?: string | null
  /** The note is no warning. */
  isCalm?: boolean
  isCode?: boolean
  isCopied?: boolean
}) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>
        <bdi className={classes.factValue} data-code={isCode || undefined}>
          {value}
        </bdi>
        {note !== null && (
          <span className={classes.note} data-calm={isCalm || undefined}>
            {note}
          </span>
        )}
      </dd>
      <dd className={classes.factCopy}>
        {isCopied && typeof value === 'string' && (
          <CopyButton text={value} label={t('actions.copyNamed', { what: name })} />
        )}
      </dd>
    </div>
  )
}
