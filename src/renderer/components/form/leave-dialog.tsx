import { Button } from '@mantine/core'
import { modals } from '@mantine/modals'
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
          <Button data-autofocus onClick={answer(onSave)}>
            {t('form.leaveSave')}
          </Button>
        </div>
      </>
    )
  })
}
