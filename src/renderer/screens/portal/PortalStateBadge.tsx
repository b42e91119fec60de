import {
  IconAlertTriangle,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconClock,
  IconServer2,
  type Icon
} from '@tabler/icons-react'
import type { PortalState } from '../../../shared/portal.ts'
import { t } from '../../words/index.ts'
import classes from './Portal.module.css'

export const portalLooks: Record<PortalState['state'], { icon: Icon; tone: 'green' | 'grey' | 'red' }> = {
  running: { icon: IconCircleCheckFilled, tone: 'green' },
  elsewhere: { icon: IconServer2, tone: 'green' },
  starting: { icon: IconClock, tone: 'grey' },
  off: { icon: IconCircleDashed, tone: 'grey' },
  failed: { icon: IconAlertTriangle, tone: 'red' }
}

export function PortalStateBadge({ state }: { state: PortalState['state'] }) {
  const { icon: StateIcon, tone } = portalLooks[state]
  return (
    <span className={classes.badge} data-tone={tone}>
      <StateIcon size={15} aria-hidden />
      {t(`portal.states.${state}`)}
    </span>
  )
}
