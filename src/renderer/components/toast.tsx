import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { registerCommand } from '../commands/registry.ts'
import { t } from '../words/index.ts'
import { problemText } from '../words/problems.ts'
import classes from './toast.module.css'

/** Long enough to read, think better of it and reach the button. */
const undoForMs = 10_000
const shownForMs = 5_000

let lastToast = 0

/** A word on what has been done; with `undo`, a button and a command that take it back while the word is shown. */
export function showToast(text: string, undo?: () => void): void {
  const id = `toast-${++lastToast}`
  const takeBack = () => {
    notifications.hide(id)
    undo?.()
  }
  const forgetUndo = undo ? registerCommand('undo', takeBack) : undefined
  notifications.show({
    id,
    message: (
      <span className={classes.row}>
        <span className={classes.text}>{text}</span>
        {undo && (
          <Button variant="subtle" size="compact-sm" onClick={takeBack}>
            {t('actions.undo')}
          </Button>
        )}
      </span>
    ),
    autoClose: undo ? undoForMs : shownForMs,
    color: 'gray',
    withBorder: true,
    closeButtonProps: { 'aria-label': t('actions.close') },
    onClose: () => forgetUndo?.()
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
