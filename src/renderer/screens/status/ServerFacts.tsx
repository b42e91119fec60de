import { useQuery } from '@tanstack/react-query'
import { certificateWarningMs, type CertificateInfo, type PortalState } from '../../../shared/portal.ts'
import type { ServerStatus } from '../../../shared/status.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { useNowMs } from '../../components/now.ts'
import { queries } from '../../queries.ts'
import { t } from '../../words/index.ts'
import { briefDate, relativeTime } from '../../words/time.ts'
import classes from './Status.module.css'

export function ServerFacts({ status, portal }: { status: ServerStatus; portal: PortalState }) {
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
        <Fact name={t('status.server.portal')} value={portal.url ?? t('portal.states.off')} note={stateNote(portal)} />
        {portal.certificate && (
          <Fact
            name={t('status.server.certificate')}
            value={t('status.server.certificateEnds', { at: briefDate(portal.certificate.notAfterMs) })}
            note={certificateNote(portal.certificate, nowMs)}
          />
        )}
        <Fact name={t('status.server.folder')} value={status.dataFolder} isCode isCopied />
        {version && <Fact name={t('status.server.version')} value={version.version} />}
      </dl>
    </section>
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
  isCode = false,
  isCopied = false
}: {
  name: string
  value: string
  note?: string | null
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
        {note !== null && <span className={classes.note}>{note}</span>}
      </dd>
      <dd className={classes.factCopy}>
        {isCopied && <CopyButton text={value} label={t('actions.copyNamed', { what: name })} />}
      </dd>
    </div>
  )
}
