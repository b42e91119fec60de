import { Button } from '@mantine/core'
import { TaskProgress } from '../../../components/TaskProgress.tsx'
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
  return (
    <>
      <div className={classes.running}>
        <TaskProgress label={t('import.running', { file: preparation.file.name })} taskId={taskId} />
      </div>
      <div className={classes.foot}>
        <span className={classes.blocked} />
        <Button variant="default" onClick={onClose}>
          {t('import.background')}
        </Button>
        <Button variant="default" disabled={task?.isCancelling === true} onClick={() => void cancelTask(taskId)}>
          {t(task?.isCancelling === true ? 'statusBar.cancelling' : 'actions.cancel')}
        </Button>
      </div>
    </>
  )
}
