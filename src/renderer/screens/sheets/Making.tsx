import { Button, Progress } from '@mantine/core'
import { cancelTask, useTasks } from '../../tasks.ts'
import { t } from '../../words/index.ts'
import classes from './Sheets.module.css'

/** The task of this label, in the place of the form that began it. */
export function Making({ label }: { label: string }) {
  const task = useTasks().find((each) => each.label === label)
  const percent = task && task.total > 0 ? (task.done / task.total) * 100 : 0
  return (
    <div className={classes.making}>
      <h2 className={classes.heading}>{label}</h2>
      <p className={classes.hint}>{t('sheets.makingTitle')}</p>
      <Progress value={percent} aria-label={label} />
      <Button variant="default" disabled={!task || task.isCancelling} onClick={() => task && void cancelTask(task.id)}>
        {task?.isCancelling ? t('statusBar.cancelling') : t('actions.cancel')}
      </Button>
    </div>
  )
}
