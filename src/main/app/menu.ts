import type { MenuItemConstructorOptions } from 'electron'
import type { CommandId } from '../../shared/commands.ts'

export interface MenuOptions {
  platform: NodeJS.Platform
  productName: string
  isDevelopment: boolean
  run(command: CommandId): void
}

/** The menus that each platform expects; their commands are carried out by the page. */
export function menuTemplate({ platform, productName, isDevelopment, run }: MenuOptions): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin'
  const item = (label: string, command: CommandId, accelerator?: string): MenuItemConstructorOptions => ({
    id: command,
    label,
    click: () => run(command),
    // The page hears these keys itself, as it does in a browser: registered here as well, one press would count twice.
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false })
  })
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  return [
    ...(isMac ? [{ role: 'appMenu', label: productName } as const] : []),
    {
      label: '&File',
      submenu: [
        item('&Add user…', 'users.add', 'CmdOrCtrl+N'),
        item('&Import users…', 'users.import', 'CmdOrCtrl+I'),
        item('&Email code…', 'users.email', 'CmdOrCtrl+E'),
        separator,
        item('&Save changes', 'form.save', 'CmdOrCtrl+S'),
        separator,
        { role: isMac ? 'close' : 'quit' }
      ]
    },
    {
      label: '&Edit',
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        separator,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'delete' },
        { role: 'selectAll' },
        separator,
        item('&Find…', 'find', 'CmdOrCtrl+F')
      ]
    },
    {
      label: '&View',
      submenu: [
        item('&Status', 'screen.status', 'CmdOrCtrl+1'),
        item('&Users', 'screen.users', 'CmdOrCtrl+2'),
        item('&Outbox', 'screen.outbox', 'CmdOrCtrl+3'),
        item('&Print sheets', 'screen.sheets', 'CmdOrCtrl+4'),
        item('&Transport', 'screen.transport'),
        {
          label: '&Policy',
          submenu: [
            item('&Codes', 'screen.codes', 'CmdOrCtrl+5'),
            item('&Self Reset', 'screen.selfReset', 'CmdOrCtrl+6'),
            item('&Mobile Client', 'screen.mobileClient', 'CmdOrCtrl+7')
          ]
        },
        {
          label: 'S&erver',
          submenu: [
            item('&Name && Site ID', 'screen.name', 'CmdOrCtrl+8'),
            item('&Groups', 'screen.groups', 'CmdOrCtrl+9'),
            item('&User Portal', 'screen.portal'),
            item('&Backup && Restore', 'screen.backup')
          ]
        },
        item('T&roubleshooting', 'screen.troubleshooting'),
        item('&Log', 'screen.log'),
        separator,
        item('&Command palette…', 'palette', 'CmdOrCtrl+K'),
        separator,
        {
          label: '&Appearance',
          submenu: [
            item('&Light', 'theme.light'),
            item('&Dark', 'theme.dark'),
            item('Like the &system', 'theme.system')
          ]
        },
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
        ...(isDevelopment ? ([separator, { role: 'reload' }, { role: 'toggleDevTools' }] as const) : [])
      ]
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        item('&Help for this screen', 'help', 'F1'),
        item('&Support bundle…', 'support'),
        ...(isMac ? [] : [separator, { role: 'about' } as const])
      ]
    }
  ]
}
