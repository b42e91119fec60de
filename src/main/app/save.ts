import { dialog, type BrowserWindow } from 'electron'
import type { HandedOver } from '../../shared/desktop.ts'
import { createPrivateFile } from '../system/private-file.ts'

/** Asks where to, and writes the file for its owner's eyes alone. */
export async function savePdf(
  window: BrowserWindow | null,
  { pdf, name }: { pdf: Uint8Array; name: string }
): Promise<HandedOver> {
  const options = { defaultPath: name, filters: [{ name: 'PDF', extensions: ['pdf'] }] }
  const { canceled, filePath } = window
    ? await dialog.showSaveDialog(window, options)
    : await dialog.showSaveDialog(options)
  if (canceled || !filePath) return { isDone: false }
  createPrivateFile(filePath, 'Nothing was saved.').write(pdf)
  return { isDone: true }
}

/** Where a key file is to lie: a person says so to the system, and no page can. One that is there already is taken, not written. */
export async function askForKeyFile(window: BrowserWindow | null): Promise<string | null> {
  const options = { title: 'Add a key file', buttonLabel: 'Add', defaultPath: 'provision.key' }
  const { canceled, filePath } = window
    ? await dialog.showSaveDialog(window, options)
    : await dialog.showSaveDialog(options)
  return canceled || !filePath ? null : filePath
}
