import { IconAlertTriangle, IconWorld } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { scopeOfHost } from '../../../shared/host-scope.ts'
import { publicAddress, settingSchemas, type SettingKey, type Settings } from '../../../shared/settings.ts'
import { useForm } from '../../components/form/form-context.ts'
import { queries } from '../../queries.ts'
import { formatRoute } from '../../routes.ts'
import { t } from '../../words/index.ts'
import classes from './Name.module.css'

const urlKeys: ReadonlySet<string> = new Set<SettingKey>([
  'policy.selfReset.provisioningUrl',
  'policy.selfReset.settingsUrl',
  'policy.selfReset.completeUrl',
  'policy.selfReset.qrCodeUrl'
])

/** Where phones would be told to go, and what stands in the way of that. */
export function PublicAddress() {
  const { data: entries = [] } = useQuery(queries.settings)
  const server = useServer()
  if (!server) return null
  const address = publicAddress(server)
  const scope = scopeOfHost(server['server.host'])
  const scopeWarning = scope === 'loopback' || scope === 'private' ? t(`server.address.scope.${scope}`) : null
  const byHand = entries.filter(({ key, isDefault }) => urlKeys.has(key) && !isDefault).length
  return (
    <div className={classes.panel} data-tone={scope === 'loopback' ? 'red' : undefined} role="status">
      <p className={classes.name}>
        <IconWorld size={15} aria-hidden />
        {t('server.address.public')}
      </p>
      <p className={classes.address}>{address}</p>
      <p className={classes.note}>
        {t('server.address.requests')}{' '}
        <bdi className={classes.path}>{`${address}/${server['server.connectionType']}/AgentXML`}</bdi>
      </p>
      {scopeWarning !== null && <Warning tone={scope === 'loopback' ? 'red' : 'amber'} text={scopeWarning} />}
      {!server['server.usesSsl'] && <Warning tone="red" text={t('server.address.noTls')} />}
      {byHand > 0 && (
        <p className={classes.note}>
          {t('server.address.follow', { count: byHand })}{' '}
          <a className={classes.link} href={formatRoute({ screen: 'self-reset', item: null, params: {} })}>
            {t('server.address.showUrls')}
          </a>
        </p>
      )}
    </div>
  )
}

function Warning({ tone, text }: { tone: 'red' | 'amber'; text: string }) {
  return (
    <p className={classes.warning} data-tone={tone}>
      <IconAlertTriangle size={15} aria-hidden />
      {text}
    </p>
  )
}

type Server = Pick<Settings, 'server.host' | 'server.port' | 'server.usesSsl' | 'server.connectionType'>
const serverKeys = ['server.host', 'server.port', 'server.usesSsl', 'server.connectionType'] as const

/** The address as it would be saved; null while it could not be. */
function useServer(): Server | null {
  const form = useForm()
  const values: Partial<Record<SettingKey, unknown>> = {}
  for (const key of serverKeys) {
    const parsed = settingSchemas[key].safeParse(form.field(key).value)
    if (!parsed.success) return null
    values[key] = parsed.data
  }
  return values as Server
}
