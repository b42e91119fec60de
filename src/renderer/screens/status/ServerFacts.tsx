import { useQuery } from '@tanstack/react-query'
import type { ServerStatus } from '../../../shared/status.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { queries } from '../../queries.ts'
import { t } from '../../words/index.ts'
import classes from './Status.module.css'

export function ServerFacts({ status }: { status: ServerStatus }) {
  const { data: version } = useQuery(queries.version)
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
        <Fact name={t('status.server.folder')} value={status.dataFolder} isCode isCopied />
        {version && <Fact name={t('status.server.version')} value={version.version} />}
      </dl>
    </section>
  )
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
