import type { Desktop, Theme } from '../shared/desktop.ts'

declare global {
  interface Window {
    /** What only the desktop application can do; absent in a browser. */
    provisionDesktop?: Desktop
  }
}

/** How long a secret stays on the clipboard. */
const secretLifeMs = 60_000

/**
 * What a person chose at this desk: it belongs to the desk, not to the server. The desktop application keeps it in a file of its
 * own; what an earlier version left in the page's storage counts until something else is chosen.
 */
export function readPreference(name: string): string | null {
  return window.provisionDesktop?.readPreference(name) ?? readStored(name)
}

export function writePreference(name: string, value: string): void {
  if (window.provisionDesktop) {
    window.provisionDesktop.writePreference(name, value)
    return
  }
  try {
    localStorage.setItem(storageKey(name), value)
  } catch {
    // Storage may be switched off; the choice then lasts as long as the window.
  }
}

function readStored(name: string): string | null {
  try {
    return localStorage.getItem(storageKey(name))
  } catch {
    return null
  }
}

function storageKey(name: string): string {
  return `provision-console.${name}`
}

/** Lets the frame of a desktop window follow the page. */
export function showTheme(theme: Theme): void {
  void window.provisionDesktop?.showTheme(theme)
}

/** Rejects where the clipboard cannot be written. */
export async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text)
}

/** As `copyText`; after a minute the text is taken off the clipboard again, if it is still there. */
export async function copySecret(text: string): Promise<void> {
  const desktop = window.provisionDesktop
  if (desktop) {
    const result = await desktop.copySecret(text)
    if (!result.ok) throw new Error(result.error.message)
    return
  }
  await copyText(text)
  setTimeout(() => void clearIfStillThere(text), secretLifeMs)
}

/** A page may read the clipboard only while it has the focus, so one that lost it tries again when it is back. */
async function clearIfStillThere(text: string): Promise<void> {
  if (!document.hasFocus()) {
    window.addEventListener('focus', () => void clearIfStillThere(text), { once: true })
    return
  }
  try {
    if ((await navigator.clipboard.readText()) === text) await navigator.clipboard.writeText('')
  } catch {
    // Reading was not permitted; overwriting unread could destroy what somebody has copied since.
  }
}
