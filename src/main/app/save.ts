import { dialog, type BrowserWindow } from 'electron'
import type { HandedOver } from '../../shared/desktop.ts'
import { createPrivateFile } from '../private-file.ts'

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
