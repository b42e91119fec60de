import { IconGauge, IconPrinter, IconUsers } from '@tabler/icons-react'
import { firstScreen } from '../routes.ts'
import { t } from '../words/index.ts'
import type { Screen } from './screen.ts'
import { NewSheetButton } from './sheets/NewSheetButton.tsx'
import { SheetsScreen } from './sheets/SheetsScreen.tsx'
import { StatusScreen } from './status/StatusScreen.tsx'
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
    id: 'sheets',
    title: t('sheets.title'),
    icon: IconPrinter,
    section: 'everyday',
    command: 'screen.sheets',
    Content: SheetsScreen,
    Action: NewSheetButton,
    help: t('help.sheets', { returnObjects: true })
  }
]

/** The screen of an address; the first one where there is no such screen. */
export function screenOf(id: string): Screen {
  return screens.find((screen) => screen.id === id) ?? (screens[0] as Screen)
}
