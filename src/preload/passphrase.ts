import { contextBridge, ipcRenderer } from 'electron'
import type { PassphraseChannel } from '../shared/desktop.ts'

const channel: PassphraseChannel = 'console:passphrase'

contextBridge.exposeInMainWorld('provisionPassphrase', {
  answer: (passphrase: string) => ipcRenderer.send(channel, passphrase)
})
