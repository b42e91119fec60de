import path from 'node:path'
import {
  app,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  Notification,
  protocol,
  safeStorage,
  session,
  type BrowserWindow
} from 'electron'
import ElectronStore from 'electron-store'
import type { CallOutput } from '../shared/contract.ts'
import { AppError } from '../shared/errors.ts'
import { accountName } from './system/account.ts'
import { createSecretClipboard } from './app/clipboard.ts'
import { carryContract } from './app/ipc.ts'
import { isConsolePage, isReaderUrl } from './app/address.ts'
import { isPrinting, printPdf } from './app/print.ts'
import { askForKeyFile, savePdf } from './app/save.ts'
import { desktopKeySources } from './app/key-sources.ts'
import { openKeychain } from './app/key-vault.ts'
import { menuTemplate } from './app/menu.ts'
import { followOutbox } from './app/outbox-notice.ts'
import { askPassphrase } from './app/passphrase.ts'
import { createPreferences, preferencesName, putAsideBrokenPreferences, rememberedTheme } from './app/preferences.ts'
import { registerConsoleScheme, serveConsoleScheme } from './app/protocol.ts'
import { closeNetwork, secureContents, secureSession } from './app/security.ts'
import { dataFolderFrom } from './app/start-options.ts'
import { openConsoleWindow, openPassphraseWindow, type WindowFiles } from './app/window.ts'
import { openConsole, type Console } from './console.ts'
import { toErrorData } from './handlers/dispatch.ts'
import { createFileLog } from './system/log.ts'
import { developmentRendererUrl, programFolder, rendererFolder, resourcesFolder } from './system/program-folder.ts'
import { createRendererFiles } from './http/renderer-files.ts'
import { productName } from './system/version.ts'

const folder = dataFolderFrom(process.argv, process.env)
const log = createFileLog(folder)
const developmentUrl = app.isPackaged ? null : developmentRendererUrl(process.env)
const windowFiles: WindowFiles = {
  preload: path.join(programFolder, 'out', 'preload', 'index.cjs'),
  passphrasePreload: path.join(programFolder, 'out', 'preload', 'passphrase.cjs'),
  icon: path.join(resourcesFolder, 'icons', '512x512.png')
}

let window: BrowserWindow | null = null

// On Windows and macOS Chromium's own files would otherwise lie among those of the data folder, and in its backups.
if (!app.commandLine.hasSwitch('user-data-dir')) app.setPath('userData', path.join(app.getPath('userData'), 'Window'))
registerConsoleScheme(protocol)
// The development server is asked over the network.
if (developmentUrl === null) closeNetwork(app)
process.on('uncaughtException', (error) => fail(error))
process.on('unhandledRejection', (reason) => log.error('Something went wrong unnoticed.', { error: reason }))

if (app.requestSingleInstanceLock({ folder })) {
  app.on('second-instance', (_event, _argv, _cwd, other) => showAgain(other))
  app.whenReady().then(start).catch(fail)
} else {
  process.stderr.write(`${productName} is open already; its window comes to the front.\n`)
  app.quit()
}

async function start(): Promise<void> {
  // Tells `npm start` that Electron runs here at all.
  process.send?.('started')
  app.on('web-contents-created', (_event, contents) =>
    secureContents(contents, log, isPrinting(contents) ? isReaderUrl : isConsolePage)
  )
  secureSession(session.defaultSession, log, developmentUrl)
  serveConsoleScheme(protocol, {
    console: createRendererFiles(rendererFolder, developmentUrl),
    passphrase: createRendererFiles(path.join(resourcesFolder, 'passphrase'))
  })
  const preferences = openPreferences()
  const showTheme = (): void => {
    nativeTheme.themeSource = rememberedTheme(preferences.read())
  }
  showTheme()

  // While the passphrase is asked for there is a window, and then none, and the program must go on.
  app.on('window-all-closed', () => {
    if (isOpen && process.platform !== 'darwin') app.quit()
  })
  let isOpen = false
  const opened = await openOrAsk()
  isOpen = true
  opened.startSending()
  const secretClipboard = createSecretClipboard(clipboard)
  const caller = { role: 'administrator', actor: `${accountName()} (window)` } as const
  const addKeyFile = async (file: string): Promise<CallOutput<'key:add'>> => {
    const result = await opened.dispatch('key:add', { kind: 'file', path: file }, { ...caller, namesFiles: true })
    if (!result.ok) throw new AppError(result.error.code, result.error.message, result.error.details)
    return result.value as CallOutput<'key:add'>
  }
  const { publish } = carryContract({
    ipcMain,
    console: opened,
    caller,
    desktop: {
      readPreferences: () => preferences.read().desk,
      async answer(request) {
        if (request.act === 'copySecret') return secretClipboard.copy(request.text)
        if (request.act === 'addKeyFile') {
          const file = await askForKeyFile(window)
          return { slot: file === null ? null : await addKeyFile(file) }
        }
        if (request.act === 'savePdf') return savePdf(window, request)
        if (request.act === 'printPdf') return printPdf(window, request)
        const [name, value] = request.act === 'showTheme' ? ['theme', request.theme] : [request.name, request.value]
        preferences.change({ desk: { ...preferences.read().desk, [name]: value } })
        showTheme()
      }
    },
    contents: () => window?.webContents ?? null,
    log
  })
  opened.subscribe(
    followOutbox(
      {
        // Electron takes the bar away for anything below 0.
        showProgress: (share) => window?.setProgressBar(share ?? -1),
        isInFront: () => window?.isFocused() ?? false,
        notify(title, body) {
          const notification = new Notification({ title, body })
          notification.on('click', () => showAgain(null))
          notification.show()
        }
      },
      async (id) => {
        const result = await opened.dispatch('outbox:batches', { beforeId: id + 1, limit: 1 }, caller)
        return result.ok ? (result.value as CallOutput<'outbox:batches'>).batches[0] : undefined
      }
    )
  )
  const { platform } = process
  const run = (command: Parameters<typeof publish<'menu-command'>>[1]['command']) =>
    publish('menu-command', { command })
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(menuTemplate({ platform, productName, isDevelopment: developmentUrl !== null, run }))
  )

  const openWindow = (): void => {
    window = openConsoleWindow(windowFiles, preferences)
    window.on('closed', () => (window = null))
    window.webContents.on('render-process-gone', (_event, { reason }) => void offerReload(reason))
  }
  openWindow()
  // Why it does not run is on its screen and in the log.
  void opened.portalRunner.start().catch(() => undefined)
  app.on('activate', () => {
    if (!window) openWindow()
  })
  app.once('will-quit', (event) => {
    event.preventDefault()
    void Promise.allSettled([secretClipboard.clear(), opened.close()]).then(() => app.exit(0))
  })
}

function openPreferences(): ReturnType<typeof createPreferences> {
  const cwd = app.getPath('userData')
  putAsideBrokenPreferences(path.join(cwd, `${preferencesName}.json`), log)
  return createPreferences(new ElectronStore({ cwd, name: preferencesName }), log)
}

/** Opens the data folder, asking for the passphrase of its key as often as it takes. */
async function openOrAsk(): Promise<Console> {
  const keychain = await openKeychain(safeStorage)
  const { sources, wasAsked } = desktopKeySources(process.env, keychain, (isAgain) =>
    askPassphrase(ipcMain, openPassphraseWindow(windowFiles, isAgain))
  )
  for (;;) {
    try {
      return await openConsole({ folder, sources, log })
    } catch (error) {
      const isWrongPassphrase = error instanceof AppError && error.code === 'key-locked' && wasAsked()
      if (!isWrongPassphrase) throw error
    }
  }
}

/** A second start brings the window to the front; one for another data folder is told why it did not open that. */
function showAgain(other: unknown): void {
  if (!window) return
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
  const otherFolder = typeof other === 'object' && other !== null && 'folder' in other ? other.folder : folder
  if (otherFolder === folder) return
  void dialog.showMessageBox(window, {
    type: 'info',
    message: 'The console is open for another data folder.',
    detail: `Open: ${folder}\nAsked for: ${String(otherFolder)}\n\nClose this window before you open the other one.`
  })
}

async function offerReload(reason: string): Promise<void> {
  log.error('The page of the window ended.', { reason })
  if (!window || reason === 'clean-exit') return
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: 'The window stopped working.',
    detail: 'What was done until then is kept.',
    buttons: ['Open it again', 'Quit'],
    defaultId: 0,
    cancelId: 1
  })
  if (response === 0) window?.reload()
  else app.quit()
}

/** Says in one sentence why the console cannot go on, and ends it. */
function fail(cause: unknown): void {
  if (cause instanceof AppError && cause.code === 'cancelled') {
    app.exit(1)
    return
  }
  const { code, message: reason } = toErrorData(cause, log, 'the start')
  const message =
    code === 'internal' ? `Something went wrong inside the program; the log in ${folder} has the details.` : reason
  process.stderr.write(`${productName}: ${message}\n`)
  if (!app.isReady()) {
    app.exit(1)
    return
  }
  // Not `showErrorBox`: that one would keep the program from ending when it is told to.
  void dialog.showMessageBox({ type: 'error', title: productName, message }).finally(() => app.exit(1))
}
