import { randomBytes } from 'node:crypto'
import { BrowserWindow, session } from 'electron'
import type { HandedOver } from '../../shared/desktop.ts'
import { AppError } from '../../shared/errors.ts'

/** Chromium's own reader of PDF files, in a session of its own that knows this one file and no network. */
const scheme = 'https'
const host = 'sheet.invalid'

/** The reader draws its first page a moment after the window says that it has loaded. */
const settleMs = 1_000

/** Hands these very bytes to the system's print dialog. They stay in memory: nothing is written to the disk. */
export async function printPdf(
  parent: BrowserWindow | null,
  { pdf, name }: { pdf: Uint8Array; name: string }
): Promise<HandedOver> {
  const window = openReader(parent, pdf)
  try {
    await window.loadURL(`${scheme}://${host}/${encodeURIComponent(name)}`)
    await new Promise((resolve) => setTimeout(resolve, settleMs))
    return await print(window)
  } finally {
    window.destroy()
  }
}

function openReader(parent: BrowserWindow | null, pdf: Uint8Array): BrowserWindow {
  // Not “persist:”, so it is gone with the window.
  const own = session.fromPartition(`print-${randomBytes(8).toString('hex')}`)
  own.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  own.protocol.handle(scheme, ({ url }) =>
    new URL(url).host === host
      ? new Response(Uint8Array.from(pdf), {
          headers: { 'content-type': 'application/pdf', 'cache-control': 'no-store' }
        })
      : new Response(null, { status: 404 })
  )
  own.protocol.handle('http', () => new Response(null, { status: 404 }))
  return new BrowserWindow({
    show: false,
    ...(parent && { parent }),
    webPreferences: { session: own, plugins: true, sandbox: true, contextIsolation: true, nodeIntegration: false }
  })
}

function print(window: BrowserWindow): Promise<HandedOver> {
  return new Promise((resolve, reject) => {
    window.webContents.print(
      { printBackground: true, margins: { marginType: 'none' }, scaleFactor: 100 },
      (isDone, reason) => {
        if (isDone) return resolve({ isDone: true })
        if (reason === 'Print job canceled' || reason === 'cancelled' || reason === '')
          return resolve({ isDone: false })
        reject(
          new AppError('file-unwritable', `The sheet could not be printed: ${reason}. Save it and print the file.`)
        )
      }
    )
  })
}
