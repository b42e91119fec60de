import { Button } from '@mantine/core'
import { modals } from '@mantine/modals'
import { useLayoutEffect, useRef } from 'react'
import { t } from '../../words/index.ts'
import classes from './form.module.css'

/** Asks what is to become of changes that would be lost. Closing the question stays where one is. */
export function askBeforeLeaving({
  count,
  onSave,
  onDiscard
}: {
  count: number
  onSave: () => void
  onDiscard: () => void
}): void {
  const answer = (act?: () => void) => () => {
    modals.close(id)
    act?.()
  }
  const id = modals.open({
    title: t('form.leaveTitle'),
    children: (
      <>
        <p className={classes.question}>{t('form.leaveText', { count })}</p>
        <div className={classes.answers}>
          <Button variant="subtle" color="danger" onClick={answer(onDiscard)}>
            {t('form.leaveDiscard')}
          </Button>
          <span className={classes.gap} />
          <Button variant="default" onClick={answer()}>
            {t('form.leaveStay')}
          </Button>
          <SaveButton onClick={answer(onSave)} />
        </div>
      </>
    )
  })
}

/** Has the focus as soon as it can be seen: the dialog's own comes a moment later, and an Enter until then would be lost. */
function SaveButton({ onClick }: { onClick: () => void }) {
  const button = useRef<HTMLButtonElement>(null)
  useLayoutEffect(() => button.current?.focus(), [])
  return (
    <Button ref={button} data-autofocus onClick={onClick}>
      {t('form.leaveSave')}
    </Button>
  )
}
