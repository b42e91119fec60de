import { commandDefinitions, windowCommandIds } from './definitions.ts'
import { runCommand } from './registry.ts'
import { isShortcut, isTyping } from './shortcuts.ts'

/** Turns key presses into commands. Returns the function that ends it. */
export function listenForShortcuts(): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return
    const id = windowCommandIds.find((candidate) =>
      commandDefinitions[candidate].shortcuts.some((shortcut) => isShortcut(event, shortcut))
    )
    if (id === undefined) return
    const belongsToField =
      isTyping(event.target) && (id === 'undo' || !(event.ctrlKey || event.metaKey || event.key === 'F1'))
    // A dialog asks for an answer first; its own Escape closes it.
    const isBehindDialog = document.querySelector('[role="dialog"][aria-modal="true"]') !== null
    if (belongsToField || isBehindDialog) return
    if (runCommand(id)) event.preventDefault()
  }
  window.addEventListener('keydown', onKeyDown)
  return () => window.removeEventListener('keydown', onKeyDown)
}
