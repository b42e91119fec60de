import { modals } from '@mantine/modals'
import { t } from '../words/index.ts'
import classes from './states.module.css'

/** Asks before what cannot be undone. The button says the act and how many it concerns: “Withdraw 214 codes”. */
export function confirmAct({
  title,
  text,
  verb,
  isDangerous = true,
  onConfirm,
  onClose
}: {
  title: string
  text: string
  verb: string
  isDangerous?: boolean
  onConfirm: () => void
  /** However it was answered. */
  onClose?: () => void
}): void {
  // Its button can be pressed again while it fades out.
  let isAnswered = false
  modals.openConfirmModal({
    title,
    children: <p className={classes.question}>{text}</p>,
    labels: { confirm: verb, cancel: t('actions.cancel') },
    confirmProps: isDangerous ? { color: 'danger' } : {},
    cancelProps: { 'data-autofocus': true },
    onConfirm: () => {
      if (isAnswered) return
      isAnswered = true
      onConfirm()
    },
    ...(onClose && { onClose })
  })
}

/** As `confirmAct`, for whoever goes on with the answer; closing the question is a no. */
export function confirmation(question: { title: string; text: string; verb: string }): Promise<boolean> {
  return new Promise((resolve) => {
    confirmAct({ ...question, onConfirm: () => resolve(true), onClose: () => resolve(false) })
  })
}
