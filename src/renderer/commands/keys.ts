import { commandDefinitions, windowCommandIds } from './definitions.ts'
import { runCommand } from './registry.ts'
import { isShortcut, isTyping } from './shortcuts.ts'

/** Turns key presses into commands. Returns the function that ends it. */
export function listenForShortcuts(): () => void {
  let isListOpen = false
  // Before whoever closes a menu or a list of choices by this very key has done so.
  const onCapture = (): void => {
    isListOpen = document.querySelector('[aria-expanded="true"], [data-expanded]') !== null
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return
    const id = windowCommandIds.find((candidate) =>
      commandDefinitions[candidate].shortcuts.some((shortcut) => isShortcut(event, shortcut))
    )
    if (id === undefined) return
    // Where there is nothing to save, a browser would save the page.
    if (id === 'form.save') event.preventDefault()
    const isWriting = event.key.length === 1 && !event.ctrlKey && !event.metaKey
    const belongsToField = isTyping(event.target) && (id === 'undo' || isWriting)
    const closesList = isListOpen && event.key === 'Escape'
    // A dialog asks for an answer first; its own Escape closes it.
    const isBehindDialog = document.querySelector('[role="dialog"][aria-modal="true"]') !== null
    if (belongsToField || closesList || isBehindDialog) return
    if (runCommand(id)) event.preventDefault()
  }
  window.addEventListener('keydown', onCapture, true)
  window.addEventListener('keydown', onKeyDown)
  return () => {
    window.removeEventListener('keydown', onCapture, true)
    window.removeEventListener('keydown', onKeyDown)
  }
}
