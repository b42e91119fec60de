import { ask, bridge } from '../../bridge.ts'
import { confirmation } from '../../components/confirm.tsx'
import { valuesOf } from '../../components/form/SettingsForm.tsx'
import { queries, queryClient } from '../../queries.ts'
import { t } from '../../words/index.ts'

/** A new Site ID makes every code that is out lead nowhere, so it is asked for. */
export async function confirmServerChange(changes: Record<string, unknown>): Promise<boolean> {
  const siteId = changes['server.siteId']
  if (typeof siteId !== 'number') return true
  const [settings, status] = await Promise.all([
    queryClient.fetchQuery(queries.settings),
    ask(bridge.status.get({})).catch(() => null)
  ])
  const live = status ? liveWords(status.usersByCode.live) : ''
  return confirmation({
    title: t('server.siteIdChange.title', { from: valuesOf(settings)['server.siteId'], to: siteId }),
    text: t('server.siteIdChange.text', { live }),
    verb: t('server.siteIdChange.verb')
  })
}

function liveWords(count: number): string {
  return count === 0 ? t('server.siteIdChange.noLive') : t('server.siteIdChange.live', { count })
}
