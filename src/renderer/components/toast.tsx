import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { registerCommand } from '../commands/registry.ts'
import { t } from '../words/index.ts'
import { problemText } from '../words/problems.ts'
import classes from './toast.module.css'

/** Long enough to read, think better of it and reach the button. */
const undoForMs = 10_000
const shownForMs = 5_000

/** So many are shown at once. */
export const maxToasts = 3

/** Those that close by themselves, the oldest first. */
const shown: string[] = []

let lastToast = 0
/** The last toast with each text. */
const lastWith = new Map<string, string>()

interface ToastOptions {
  /** Says more than the words do; the toast then stays until it is closed. */
  details?: { label: string; open: () => void }
  /** Takes the place of one with the same words, and of its undo, that is still shown. */
  isReplacing?: boolean
}

/** A word on what has been done; with `undo`, a button and a command that take it back while the word is shown. */
export function showToast(
  text: string,
  undo?: () => void,
  { details, isReplacing = undo === undefined && details === undefined }: ToastOptions = {}
): void {
  const id = `toast-${++lastToast}`
  const before = lastWith.get(text)
  if (isReplacing && before !== undefined) notifications.hide(before)
  lastWith.set(text, id)
  const takeBack = () => {
    notifications.hide(id)
    undo?.()
  }
  // It would wait unseen behind what was said before, though its undo counts from now on.
  if (shown.length >= maxToasts) notifications.hide(shown[0] ?? '')
  if (!details) shown.push(id)
  const forgetUndo = undo ? registerCommand('undo', takeBack) : undefined
  notifications.show({
    id,
    message: (
      <span className={classes.row}>
        <span className={classes.text}>{text}</span>
        {details && (
          <Button variant="subtle" size="compact-sm" onClick={details.open}>
            {details.label}
          </Button>
        )}
        {undo && (
          <Button variant="subtle" size="compact-sm" onClick={takeBack}>
            {t('actions.undo')}
          </Button>
        )}
      </span>
    ),
    autoClose: details ? false : undo ? undoForMs : shownForMs,
    color: 'gray',
    withBorder: true,
    closeButtonProps: { 'aria-label': t('actions.close') },
    onClose: () => {
      forgetUndo?.()
      const place = shown.indexOf(id)
      if (place >= 0) shown.splice(place, 1)
      if (lastWith.get(text) === id) lastWith.delete(text)
    }
  })
}

/** A failure of something the person asked for, where there is no better place to show it. */
export function showProblem(error: unknown): void {
  notifications.show({
    message: problemText(error),
    autoClose: false,
    color: 'danger',
    withBorder: true,
    closeButtonProps: { 'aria-label': t('actions.close') }
  })
}
