import { useQuery } from '@tanstack/react-query'
import { settingSchemas } from '../../../shared/settings.ts'
import { ask, bridge } from '../../bridge.ts'
import { useForm } from '../../components/form/form-context.ts'
import { valuesOf } from '../../components/form/SettingsForm.tsx'
import { queries } from '../../queries.ts'
import { sampleCode, urlNames, type Sample, type UrlName } from './examples.ts'

/** For whom the examples are where the server knows nobody yet. */
const nobodyYet = 'jdoe'

/** The first user of the server, so that the examples look like what its users get. */
export function useSample(): Sample | null {
  const { data: entries } = useQuery(queries.settings)
  const { data } = useQuery({
    queryKey: ['users', 'sample'],
    queryFn: () => ask(bridge.users.list({ limit: 1 }))
  })
  if (!entries) return null
  const settings = valuesOf(entries)
  return {
    siteId: settings['server.siteId'],
    username: data?.users[0]?.username ?? nobodyYet,
    code: sampleCode(settings)
  }
}

/** The four URLs as they would be saved; null for one that could not be. */
export function useBases(): Record<UrlName, string | null> {
  const form = useForm()
  const base = (name: UrlName) => {
    const key = `policy.selfReset.${name}` as const
    const parsed = settingSchemas[key].safeParse(form.field(key).value)
    return parsed.success ? parsed.data : null
  }
  return Object.fromEntries(urlNames.map((name) => [name, base(name)])) as Record<UrlName, string | null>
}
