import type { CommandId } from '../../shared/commands.ts'
import { t } from '../words/index.ts'

/** What can be done to the users that are selected, but for mailing, which has a command of its own. */
type PickedAct =
  'printSheet' | 'withdraw' | 'issue' | 'move' | 'disable' | 'enable' | 'unlock' | 'unprovision' | 'export' | 'remove'

/** The menus know the shared ones; the others are reached by keys and the palette alone. */
export type WindowCommandId =
  | CommandId
  | 'undo'
  | 'sheets.new'
  | 'trouble.says'
  | 'trouble.phone'
  | 'trouble.qr'
  | 'users.clearFilters'
  | 'users.export'
  | 'users.pickAll'
  | 'users.pickNone'
  | `picked.${PickedAct}`
  | 'user.email'
  | 'user.issue'
  | 'user.withdraw'
  | 'user.link'
  | 'user.edit'
  | 'user.disable'
  | 'user.enable'
  | 'user.unlock'
  | 'user.unprovision'
  | 'user.remove'
  | 'user.diagnose'
  | 'user.close'
  | 'form.discard'
  | 'groups.add'
  | 'backup.make'
  | 'log.verify'
  | 'log.keep'
  | 'log.export'

export type CommandSection = 'go' | 'users' | 'user' | 'edit' | 'view'

export interface CommandDefinition {
  title: string
  section: CommandSection
  /** The first is the one that is shown. */
  shortcuts: readonly string[]
}

/** Every command once, in the order of the palette. */
export const commandDefinitions: Record<WindowCommandId, CommandDefinition> = {
  'screen.status': { title: t('commands.goTo', { screen: t('status.title') }), section: 'go', shortcuts: ['Mod+1'] },
  'screen.users': { title: t('commands.goTo', { screen: t('users.title') }), section: 'go', shortcuts: ['Mod+2'] },
  'screen.outbox': { title: t('commands.goTo', { screen: t('outbox.title') }), section: 'go', shortcuts: ['Mod+3'] },
  'screen.sheets': { title: t('commands.goTo', { screen: t('sheets.title') }), section: 'go', shortcuts: ['Mod+4'] },
  'sheets.new': { title: t('sheets.newSheet'), section: 'go', shortcuts: [] },
  'screen.transport': { title: t('commands.goTo', { screen: t('transport.title') }), section: 'go', shortcuts: [] },
  'screen.codes': {
    title: t('commands.goTo', { screen: t('policy.codes.title') }),
    section: 'go',
    shortcuts: ['Mod+5']
  },
  'screen.selfReset': {
    title: t('commands.goTo', { screen: t('policy.selfReset.title') }),
    section: 'go',
    shortcuts: ['Mod+6']
  },
  'screen.mobileClient': {
    title: t('commands.goTo', { screen: t('policy.mobileClient.title') }),
    section: 'go',
    shortcuts: ['Mod+7']
  },
  'screen.name': { title: t('commands.goTo', { screen: t('server.title') }), section: 'go', shortcuts: ['Mod+8'] },
  'screen.groups': { title: t('commands.goTo', { screen: t('groups.title') }), section: 'go', shortcuts: ['Mod+9'] },
  'screen.portal': { title: t('commands.goTo', { screen: t('portal.title') }), section: 'go', shortcuts: [] },
  'screen.backup': { title: t('commands.goTo', { screen: t('backup.title') }), section: 'go', shortcuts: [] },
  'screen.log': { title: t('commands.goTo', { screen: t('logScreen.title') }), section: 'go', shortcuts: [] },
  'screen.troubleshooting': {
    title: t('commands.goTo', { screen: t('troubleshooting.title') }),
    section: 'go',
    shortcuts: []
  },
  'trouble.says': { title: t('troubleshooting.ways.says'), section: 'go', shortcuts: [] },
  'trouble.phone': { title: t('troubleshooting.ways.phone'), section: 'go', shortcuts: [] },
  'trouble.qr': { title: t('troubleshooting.ways.qr'), section: 'go', shortcuts: [] },
  'users.add': { title: t('commands.addUser'), section: 'users', shortcuts: ['Mod+U', 'Mod+N'] },
  'users.import': { title: t('commands.importUsers'), section: 'users', shortcuts: ['Mod+I'] },
  'users.email': { title: t('commands.emailCode'), section: 'users', shortcuts: ['Mod+E'] },
  'picked.printSheet': { title: t('users.bulk.printSheet'), section: 'users', shortcuts: [] },
  'picked.withdraw': { title: t('users.bulk.withdraw'), section: 'users', shortcuts: [] },
  'picked.issue': { title: t('users.bulk.issue'), section: 'users', shortcuts: [] },
  'picked.move': { title: t('users.bulk.move'), section: 'users', shortcuts: [] },
  'picked.disable': { title: t('users.bulk.disable'), section: 'users', shortcuts: [] },
  'picked.enable': { title: t('users.bulk.enable'), section: 'users', shortcuts: [] },
  'picked.unlock': { title: t('users.bulk.unlock'), section: 'users', shortcuts: [] },
  'picked.unprovision': { title: t('users.bulk.unprovision'), section: 'users', shortcuts: [] },
  'picked.export': { title: t('users.bulk.export'), section: 'users', shortcuts: [] },
  'picked.remove': { title: t('users.bulk.remove'), section: 'users', shortcuts: [] },
  'users.pickAll': { title: t('users.selection.everybody'), section: 'users', shortcuts: [] },
  'users.pickNone': { title: t('users.selection.clear'), section: 'users', shortcuts: [] },
  'users.clearFilters': { title: t('commands.clearFilters'), section: 'users', shortcuts: [] },
  'users.export': { title: t('commands.exportUsers'), section: 'users', shortcuts: [] },
  'user.issue': { title: t('commands.issueCode'), section: 'user', shortcuts: [] },
  'user.email': { title: t('commands.emailUser'), section: 'user', shortcuts: [] },
  'user.withdraw': { title: t('commands.withdrawCode'), section: 'user', shortcuts: [] },
  'user.link': { title: t('commands.linkUser'), section: 'user', shortcuts: [] },
  'user.edit': { title: t('commands.editUser'), section: 'user', shortcuts: ['F2'] },
  'user.unlock': { title: t('commands.unlockUser'), section: 'user', shortcuts: [] },
  'user.disable': { title: t('commands.disableUser'), section: 'user', shortcuts: [] },
  'user.enable': { title: t('commands.enableUser'), section: 'user', shortcuts: [] },
  'user.unprovision': { title: t('commands.unprovisionUser'), section: 'user', shortcuts: [] },
  'user.diagnose': { title: t('commands.diagnoseUser'), section: 'user', shortcuts: [] },
  'user.remove': { title: t('commands.removeUser'), section: 'user', shortcuts: [] },
  'user.close': { title: t('commands.closeBeside'), section: 'user', shortcuts: ['Escape'] },
  'backup.make': { title: t('backup.make.button'), section: 'edit', shortcuts: [] },
  'log.verify': { title: t('logScreen.verify.command'), section: 'edit', shortcuts: [] },
  'log.keep': { title: t('logScreen.keep.command'), section: 'edit', shortcuts: [] },
  'log.export': { title: t('logScreen.export.command'), section: 'edit', shortcuts: [] },
  'groups.add': { title: t('commands.addGroup'), section: 'edit', shortcuts: [] },
  'form.save': { title: t('commands.saveChanges'), section: 'edit', shortcuts: ['Mod+S'] },
  'form.discard': { title: t('commands.discardChanges'), section: 'edit', shortcuts: [] },
  find: { title: t('commands.focusSearch'), section: 'edit', shortcuts: ['Mod+F', '/'] },
  undo: { title: t('commands.undo'), section: 'edit', shortcuts: ['Mod+Z'] },
  palette: { title: t('commands.openPalette'), section: 'view', shortcuts: ['Mod+K'] },
  help: { title: t('commands.openHelp'), section: 'view', shortcuts: ['F1'] },
  support: { title: t('commands.support'), section: 'view', shortcuts: [] },
  'theme.system': { title: t('commands.themeSystem'), section: 'view', shortcuts: [] },
  'theme.light': { title: t('commands.themeLight'), section: 'view', shortcuts: [] },
  'theme.dark': { title: t('commands.themeDark'), section: 'view', shortcuts: [] }
}

export const windowCommandIds = Object.keys(commandDefinitions) as WindowCommandId[]
