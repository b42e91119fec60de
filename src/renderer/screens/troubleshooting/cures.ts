import type { Cause } from '../../../shared/diagnostics.ts'
import type { SettingKey } from '../../../shared/settings.ts'
import type { WindowCommandId } from '../../commands/definitions.ts'
import type { Route } from '../../routes.ts'

export type Cure = Cause['cure']

/** The screens that cures lead to, and the command that each is known by. */
export const commandOfScreen = {
  users: 'screen.users',
  codes: 'screen.codes',
  'self-reset': 'screen.selfReset',
  'mobile-client': 'screen.mobileClient',
  name: 'screen.name',
  groups: 'screen.groups',
  transport: 'screen.transport',
  portal: 'screen.portal',
  log: 'screen.log',
  troubleshooting: 'screen.troubleshooting'
} as const satisfies Record<string, WindowCommandId>
type CureScreen = keyof typeof commandOfScreen

export interface CurePlace extends Route {
  screen: CureScreen
}

/** Which screen holds the settings whose keys begin so. */
const screenOfKeys: readonly [start: string, screen: CureScreen][] = [
  ['server.', 'name'],
  ['policy.codes.', 'codes'],
  ['policy.hideUnknownUsers', 'codes'],
  ['policy.selfReset.', 'self-reset'],
  ['policy.mobileClient.', 'mobile-client'],
  ['policy.log.', 'log'],
  ['portal.', 'portal']
]

function screenOfSetting(key: SettingKey): CureScreen {
  const found = screenOfKeys.find(([start]) => key.startsWith(start))
  if (!found) throw new Error(`no screen holds ${key}`)
  return found[1]
}

/** Where the cure is carried out, down to the field; null for what is done right beside the cause. */
export function placeOfCure(cure: Cure): CurePlace | null {
  switch (cure.kind) {
    case 'setting':
      return { screen: screenOfSetting(cure.key), item: null, params: { field: cure.key } }
    case 'group':
      return { screen: 'groups', item: cure.group, params: {} }
    case 'screen':
      return { screen: cure.screen, item: cure.item, params: { field: cure.field ?? '' } }
    case 'user':
    case 'set-time-right':
    case 'add-user':
    case 'elsewhere':
      return null
    default:
      return cure satisfies never
  }
}
