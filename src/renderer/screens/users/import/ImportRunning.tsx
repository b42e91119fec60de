import { Button, Progress } from '@mantine/core'
import { cancelTask, useTasks } from '../../../tasks.ts'
import { t } from '../../../words/index.ts'
import type { Preparation } from './import-flow.ts'
import classes from './Import.module.css'

export function ImportRunning({
  preparation,
  taskId,
  onClose
}: {
  preparation: Preparation
  taskId: string
  onClose: () => void
}) {
  const task = useTasks().find(({ id }) => id === taskId)
  const label = t('import.running', { file: preparation.file.name })
  const percent = task && task.total > 0 ? (task.done / task.total) * 100 : 0
  return (
    <>
      <div className={classes.running}>
        <p className={classes.runningLine}>
          <span>{label}</span>
          <span className={classes.hint}>{task && task.total > 0 && t('statusBar.progress', { ...task })}</span>
        </p>
        <Progress value={percent} aria-label={label} size={8} transitionDuration={150} />
      </div>
      <div className={classes.foot}>
        <span className={classes.blocked} />
        <Button variant="default" onClick={onClose}>
          {t('import.background')}
        </Button>
        <Button variant="default" disabled={task?.isCancelling === true} onClick={() => void cancelTask(taskId)}>
          {t(task?.isCancelling === true ? 'import.stopping' : 'actions.cancel')}
        </Button>
      </div>
    </>
  )
}
