import { IconGauge, IconMail, IconMailCog, IconUsers } from '@tabler/icons-react'
import { firstScreen } from '../routes.ts'
import { t } from '../words/index.ts'
import { OutboxCount } from './outbox/OutboxCount.tsx'
import { outboxScreen } from './outbox/outbox-route.ts'
import { OutboxScreen } from './outbox/OutboxScreen.tsx'
import type { Screen } from './screen.ts'
import { StatusScreen } from './status/StatusScreen.tsx'
import { transportScreen } from './transport/transport-route.ts'
import { TransportScreen } from './transport/TransportScreen.tsx'
import { ImportButton } from './users/ImportButton.tsx'
import { UsersScreen } from './users/UsersScreen.tsx'

/** Every screen, in the order of the navigation. */
export const screens: readonly Screen[] = [
  {
    id: firstScreen,
    title: t('status.title'),
    icon: IconGauge,
    section: 'everyday',
    command: 'screen.status',
    Content: StatusScreen,
    help: t('help.status', { returnObjects: true })
  },
  {
    id: 'users',
    title: t('users.title'),
    icon: IconUsers,
    section: 'everyday',
    command: 'screen.users',
    Content: UsersScreen,
    Action: ImportButton,
    help: t('help.users', { returnObjects: true })
  },
  {
    id: outboxScreen,
    title: t('outbox.title'),
    icon: IconMail,
    section: 'everyday',
    command: 'screen.outbox',
    Content: OutboxScreen,
    Count: OutboxCount,
    help: t('help.outbox', { returnObjects: true })
  },
  {
    id: transportScreen,
    title: t('transport.title'),
    icon: IconMailCog,
    section: 'server',
    command: 'screen.transport',
    Content: TransportScreen,
    help: t('help.transport', { returnObjects: true })
  }
]

/** The screen of an address; the first one where there is no such screen. */
export function screenOf(id: string): Screen {
  return screens.find((screen) => screen.id === id) ?? (screens[0] as Screen)
}
