import {
  IconDatabase,
  IconDeviceMobile,
  IconGauge,
  IconHistory,
  IconKey,
  IconLink,
  IconMail,
  IconMailCog,
  IconPrinter,
  IconServer,
  IconStethoscope,
  IconUsers,
  IconUsersGroup,
  IconWorldWww
} from '@tabler/icons-react'
import { firstScreen } from '../routes.ts'
import { t } from '../words/index.ts'
import { BackupScreen } from './backup/BackupScreen.tsx'
import { CodesScreen } from './codes/CodesScreen.tsx'
import { AddGroupButton, GroupsScreen } from './groups/GroupsScreen.tsx'
import { LogActions } from './log/LogActions.tsx'
import { logScreen } from './log/log-route.ts'
import { LogScreen } from './log/LogScreen.tsx'
import { MobileClientScreen } from './mobile-client/MobileClientScreen.tsx'
import { NameScreen } from './name/NameScreen.tsx'
import { PortalScreen } from './portal/PortalScreen.tsx'
import { OutboxCount } from './outbox/OutboxCount.tsx'
import { outboxScreen } from './outbox/outbox-route.ts'
import { OutboxScreen } from './outbox/OutboxScreen.tsx'
import type { Screen } from './screen.ts'
import { SelfResetScreen } from './self-reset/SelfResetScreen.tsx'
import { NewSheetButton } from './sheets/NewSheetButton.tsx'
import { SheetsScreen } from './sheets/SheetsScreen.tsx'
import { StatusScreen } from './status/StatusScreen.tsx'
import { transportScreen } from './transport/transport-route.ts'
import { TransportScreen } from './transport/TransportScreen.tsx'
import { troubleshootingScreen } from './troubleshooting/troubleshooting-route.ts'
import { TroubleshootingScreen } from './troubleshooting/TroubleshootingScreen.tsx'
import { UsersActions } from './users/UsersActions.tsx'
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
    Action: UsersActions,
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
    id: 'sheets',
    title: t('sheets.title'),
    icon: IconPrinter,
    section: 'everyday',
    command: 'screen.sheets',
    Content: SheetsScreen,
    Action: NewSheetButton,
    help: t('help.sheets', { returnObjects: true })
  },
  {
    id: 'codes',
    title: t('policy.codes.title'),
    icon: IconKey,
    section: 'policy',
    command: 'screen.codes',
    Content: CodesScreen,
    help: t('help.codes', { returnObjects: true })
  },
  {
    id: 'self-reset',
    title: t('policy.selfReset.title'),
    icon: IconLink,
    section: 'policy',
    command: 'screen.selfReset',
    Content: SelfResetScreen,
    help: t('help.selfReset', { returnObjects: true })
  },
  {
    id: 'mobile-client',
    title: t('policy.mobileClient.title'),
    icon: IconDeviceMobile,
    section: 'policy',
    command: 'screen.mobileClient',
    Content: MobileClientScreen,
    help: t('help.mobileClient', { returnObjects: true })
  },
  {
    id: 'name',
    title: t('server.title'),
    icon: IconServer,
    section: 'server',
    command: 'screen.name',
    Content: NameScreen,
    help: t('help.name', { returnObjects: true })
  },
  {
    id: 'groups',
    title: t('groups.title'),
    icon: IconUsersGroup,
    section: 'server',
    command: 'screen.groups',
    Content: GroupsScreen,
    Action: AddGroupButton,
    help: t('help.groups', { returnObjects: true })
  },
  {
    id: transportScreen,
    title: t('transport.title'),
    icon: IconMailCog,
    section: 'server',
    command: 'screen.transport',
    Content: TransportScreen,
    help: t('help.transport', { returnObjects: true })
  },
  {
    id: 'portal',
    title: t('portal.title'),
    icon: IconWorldWww,
    section: 'server',
    command: 'screen.portal',
    Content: PortalScreen,
    help: t('help.portal', { returnObjects: true })
  },
  {
    id: 'backup',
    title: t('backup.title'),
    icon: IconDatabase,
    section: 'server',
    command: 'screen.backup',
    Content: BackupScreen,
    help: t('help.backup', { returnObjects: true })
  },
  {
    id: troubleshootingScreen,
    title: t('troubleshooting.title'),
    icon: IconStethoscope,
    section: 'support',
    command: 'screen.troubleshooting',
    Content: TroubleshootingScreen,
    help: t('help.troubleshooting', { returnObjects: true })
  },
  {
    id: logScreen,
    title: t('logScreen.title'),
    icon: IconHistory,
    section: 'support',
    command: 'screen.log',
    Content: LogScreen,
    Action: LogActions,
    help: t('help.log', { returnObjects: true })
  }
]

/** The screen of an address; the first one where there is no such screen. */
export function screenOf(id: string): Screen {
  return screens.find((screen) => screen.id === id) ?? (screens[0] as Screen)
}
