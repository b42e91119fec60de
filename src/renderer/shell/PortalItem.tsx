import { useQuery } from '@tanstack/react-query'
import { queries } from '../queries.ts'
import { formatRoute } from '../routes.ts'
import { portalLooks } from '../screens/portal/PortalStateBadge.tsx'
import { t } from '../words/index.ts'
import classes from './StatusBar.module.css'

/** Whether phones and users are served, and where; leads to the screen that says more. */
export function PortalItem() {
  const { data } = useQuery(queries.portal)
  if (!data) return null
  const { icon: StateIcon, tone } = portalLooks[data.state]
  const words = t(`portal.statusBar.${data.state}`, { url: data.url ?? '' })
  return (
    <a
      className={classes.item}
      data-tone={tone}
      href={formatRoute({ screen: 'portal', item: null, params: {} })}
      title={data.problem ?? undefined}
    >
      <StateIcon size={14} aria-hidden />
      <span className={classes.address}>{words}</span>
    </a>
  )
}
