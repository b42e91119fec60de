import { Button, Progress } from '@mantine/core'
import { cancelTask, useTasks } from '../../tasks.ts'
import { t } from '../../words/index.ts'
import { sizeWords } from './backup-words.ts'
import classes from './Backup.module.css'

/** How far a backup or a restore is, in bytes of its database. */
export function Working({ label, taskId }: { label: string; taskId: string }) {
  const task = useTasks().find(({ id }) => id === taskId)
  const isKnown = task !== undefined && task.total > 0
  return (
    <div className={classes.working}>
      <p className={classes.workingLine}>
        <span>{label}</span>
        <span className={classes.dim}>{isKnown && `${sizeWords(task.done)} / ${sizeWords(task.total)}`}</span>
      </p>
      <Progress
        value={isKnown ? (task.done / task.total) * 100 : 0}
        aria-label={label}
        size={8}
        transitionDuration={150}
      />
      <Button variant="default" mt={12} disabled={task?.isCancelling === true} onClick={() => void cancelTask(taskId)}>
        {t(task?.isCancelling === true ? 'statusBar.cancelling' : 'actions.cancel')}
      </Button>
    </div>
  )
}
