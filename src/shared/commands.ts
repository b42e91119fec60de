/** What a menu item, a key or the palette can ask of the window, whichever of them the person used. */
export const commandIds = [
  'users.add',
  'users.import',
  'users.email',
  'form.save',
  'find',
  'palette',
  'screen.status',
  'screen.users',
  'screen.outbox',
  'screen.transport',
  'screen.codes',
  'screen.selfReset',
  'screen.mobileClient',
  'screen.name',
  'screen.groups',
  'screen.portal',
  'screen.sheets',
  'screen.backup',
  'screen.log',
  'screen.troubleshooting',
  'help',
  'support',
  'theme.light',
  'theme.dark',
  'theme.system'
] as const

export type CommandId = (typeof commandIds)[number]
