import type { BrowserWindow, IpcMain, IpcMainEvent } from 'electron'
import { AppError } from '../../shared/errors.ts'
import type { PassphraseChannel } from '../../shared/desktop.ts'
import { isPassphraseUrl } from './address.ts'

const channel: PassphraseChannel = 'console:passphrase'

/** Asks for the passphrase of the data key in the window it is given. Throws `cancelled` when that is closed instead. */
export function askPassphrase(ipcMain: IpcMain, window: BrowserWindow): Promise<string> {
  return new Promise((resolve, reject) => {
    const receive = ({ senderFrame }: IpcMainEvent, passphrase: unknown): void => {
      if (window.isDestroyed() || senderFrame !== window.webContents.mainFrame) return
      if (typeof passphrase !== 'string' || !isPassphraseUrl(senderFrame.url)) return
      ipcMain.off(channel, receive)
      resolve(passphrase)
      window.close()
    }
    ipcMain.on(channel, receive)
    window.on('closed', () => {
      ipcMain.off(channel, receive)
      reject(new AppError('cancelled', 'The data stays locked without its passphrase.'))
    })
  })
}
