import { BrowserWindow, dialog, nativeTheme, screen, type BrowserWindowConstructorOptions } from 'electron'
import { consoleUrl, passphraseUrl } from './address.ts'
import { leastSize, placeWindow } from './bounds.ts'
import type { PreferenceStore } from './preferences.ts'

/** Files that the windows need, by absolute path. */
export interface WindowFiles {
  preload: string
  passphrasePreload: string
  icon: string
}

/** The console's one window; it shows itself once its first screen is drawn. */
export function openConsoleWindow(files: WindowFiles, preferences: PreferenceStore): BrowserWindow {
  const remembered = preferences.read().window
  const workAreas = screen.getAllDisplays().map(({ workArea }) => workArea)
  const window = new BrowserWindow({
    ...sandboxed(files.icon, files.preload),
    ...placeWindow(remembered?.bounds ?? null, workAreas),
    minWidth: leastSize.width,
    minHeight: leastSize.height
  })
  if (remembered?.isMaximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () => {
    preferences.change({ window: { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() } })
  })
  // The page holds on while something is not saved; unlike a browser, Electron asks nobody and would not close.
  window.webContents.on('will-prevent-unload', (event) => {
    if (isLeftUnsaved(window)) event.preventDefault()
  })
  void window.loadURL(consoleUrl)
  return window
}

function isLeftUnsaved(window: BrowserWindow): boolean {
  const leave = 0
  const answer = dialog.showMessageBoxSync(window, {
    type: 'question',
    message: 'Leave without saving?',
    detail: 'Changes on this screen are not saved and would be lost.',
    buttons: ['Leave', 'Stay'],
    defaultId: 1,
    cancelId: 1
  })
  return answer === leave
}

export function openPassphraseWindow(files: WindowFiles, isAgain: boolean): BrowserWindow {
  const window = new BrowserWindow({
    ...sandboxed(files.icon, files.passphrasePreload),
    width: 440,
    height: 230,
    useContentSize: true,
    resizable: false,
    minimizable: false,
    maximizable: false,
    fullscreenable: false
  })
  window.removeMenu()
  window.once('ready-to-show', () => window.show())
  void window.loadURL(isAgain ? `${passphraseUrl}?again` : passphraseUrl)
  return window
}

function sandboxed(icon: string, preload: string): BrowserWindowConstructorOptions {
  return {
    show: false,
    icon,
    // Until the page is drawn; otherwise a dark desktop is flashed at in white.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#1a1b1e' : '#ffffff',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      // It would fetch dictionaries from the network unasked.
      spellcheck: false
    }
  }
}
