/** What of a key press tells which shortcut it is. */
export interface KeyPress {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  shiftKey: boolean
}

export const isMac = /mac|iphone|ipad/i.test(globalThis.navigator?.platform ?? '')

/** Whether a press is the shortcut, written as `Mod+K`, `F1` or `/`; Mod is Command on a Mac and Control elsewhere. */
export function isShortcut(press: KeyPress, shortcut: string, onMac = isMac): boolean {
  const parts = shortcut.split('+')
  const key = parts.pop() ?? ''
  const wantsMod = parts.includes('Mod')
  const wantsShift = parts.includes('Shift')
  if (press.key.toLowerCase() !== key.toLowerCase() || press.altKey) return false
  // A sign such as / needs Shift on some keyboards; it is the sign that counts there.
  const isSign = key.length === 1 && !/[a-z0-9]/i.test(key)
  if (!isSign && press.shiftKey !== wantsShift) return false
  return onMac ? press.metaKey === wantsMod && !press.ctrlKey : press.ctrlKey === wantsMod && !press.metaKey
}

/** As it is printed on keys: `⌘K` or `Ctrl+K`. */
export function formatShortcut(shortcut: string, onMac = isMac): string {
  const shown = shortcut.replace('Escape', 'Esc')
  return onMac ? shown.replace('Mod+', '⌘').replace('Shift+', '⇧') : shown.replace('Mod', 'Ctrl')
}

/** As `aria-keyshortcuts` wants it. */
export function ariaShortcut(shortcut: string, onMac = isMac): string {
  return shortcut.replace('Mod', onMac ? 'Meta' : 'Control')
}

/** Without Control or Command a key belongs to the field that has the focus. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName)) &&
    !(target instanceof HTMLInputElement && /^(checkbox|radio|button)$/.test(target.type))
  )
}
