import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { app, BrowserWindow, session, webFrameMain, type Session, type WebContents } from 'electron'
import type { HandedOver } from '../../shared/desktop.ts'
import { AppError } from '../../shared/errors.ts'
import { pageSizes, type PageName } from '../../shared/sheet.ts'
import { printedFilesUrl } from './address.ts'

/**
 * Chromium's own reader of PDF files, in a session of its own that knows the files in hand and no network. Its name says
 * `persist:` because the reader does not run in a session that could keep nothing; all the same this one is given nothing to keep.
 */
const partition = 'persist:print'
const filesInHand = new Map<string, Uint8Array>()
let readerSession: Session | undefined

const micrometresAMm = 1_000

/** Longer than the reader has been seen to take for the longest sheet there can be. */
const patienceMs = 15_000

/** Hands these very bytes to the system's print dialog, which begins with `paper`. They stay in memory: nothing is written to the disk. */
export async function printPdf(
  parent: BrowserWindow | null,
  { pdf, name, paper }: { pdf: Uint8Array; name: string; paper: PageName }
): Promise<HandedOver> {
  const url = `${printedFilesUrl}${randomBytes(8).toString('hex')}/${encodeURIComponent(name)}`
  filesInHand.set(url, pdf)
  const reading = whenReaderLoads(url)
  const window = new BrowserWindow({
    show: false,
    ...(parent && { parent }),
    webPreferences: {
      session: openSession(),
      plugins: true,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false
    }
  })
  try {
    await window.loadURL(url)
    const reader = await Promise.race([reading.reader, delay(patienceMs, null)])
    if (!reader) throw unprintable('the file did not open')
    await Promise.race([hasReadAll(window.webContents), delay(patienceMs)])
    return await print(reader, paper)
  } finally {
    reading.stop()
    filesInHand.delete(url)
    window.destroy()
  }
}

/** Whether these are pages of a reader, which goes to addresses that the console's own page must not. */
export const isPrinting = (contents: WebContents): boolean => contents.session === readerSession

function openSession(): Session {
  if (readerSession) return readerSession
  const own = session.fromPartition(partition, { cache: false })
  own.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  own.setPermissionCheckHandler(() => false)
  own.on('will-download', (event) => event.preventDefault())
  own.protocol.handle('https', ({ url }) => {
    const pdf = filesInHand.get(url)
    const headers = { 'content-type': 'application/pdf', 'cache-control': 'no-store' }
    return pdf ? new Response(Uint8Array.from(pdf), { headers }) : new Response(null, { status: 404 })
  })
  own.protocol.handle('http', () => new Response(null, { status: 404 }))
  readerSession = own
  return own
}

/**
 * The page that can print the file. Depending on the version of Chromium the reader is a frame of the window’s own page or a
 * page beside it; in both, the file’s address is also that of the frame in which it is drawn.
 */
function whenReaderLoads(url: string): { reader: Promise<WebContents>; stop(): void } {
  let stop = () => {}
  const reader = new Promise<WebContents>((resolve) => {
    const watch = (_event: object, contents: WebContents) => {
      contents.on('did-frame-finish-load', (_loaded, isMainFrame, processId, routingId) => {
        if (!isMainFrame && webFrameMain.fromId(processId, routingId)?.url === url) resolve(contents)
      })
    }
    app.on('web-contents-created', watch)
    stop = () => void app.off('web-contents-created', watch)
  })
  return { reader, stop }
}

/** The reader says so to whoever speaks to it. Printed sooner, the job would be empty or never answered. */
async function hasReadAll(contents: WebContents): Promise<void> {
  await contents.executeJavaScript(`new Promise((resolve) => {
    addEventListener('message', ({ data }) => data?.type === 'documentLoaded' && resolve(true))
    document.querySelector('embed').postMessage({ type: 'initialize' }, '*')
  })`)
}

function print(reader: WebContents, paper: PageName): Promise<HandedOver> {
  const { widthMm, heightMm } = pageSizes[paper]
  const pageSize = { width: widthMm * micrometresAMm, height: heightMm * micrometresAMm }
  return new Promise((resolve, reject) => {
    reader.print(
      { printBackground: true, margins: { marginType: 'none' }, scaleFactor: 100, pageSize },
      (isDone, reason) => {
        if (isDone) return resolve({ isDone: true })
        if (reason === 'Print job canceled' || reason === 'cancelled' || reason === '')
          return resolve({ isDone: false })
        reject(unprintable(reason))
      }
    )
  })
}

const unprintable = (reason: string): AppError =>
  new AppError('not-printed', `The system said: ${reason}. Save the sheet, and print the file from another program.`)
