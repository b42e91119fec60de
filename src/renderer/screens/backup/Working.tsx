import { Button } from '@mantine/core'
import { TaskProgress } from '../../components/TaskProgress.tsx'
import { cancelTask, useTasks } from '../../tasks.ts'
import { t } from '../../words/index.ts'
import { sizeWords } from './backup-words.ts'
import classes from './Backup.module.css'

/** How far a backup or a restore is, in bytes of its database. */
export function Working({ label, taskId }: { label: string; taskId: string }) {
  const task = useTasks().find(({ id }) => id === taskId)
  return (
    <div className={classes.working}>
      <TaskProgress
        label={label}
        taskId={taskId}
        words={({ done, total }) => `${sizeWords(done)} / ${sizeWords(total)}`}
      />
      <Button variant="default" mt={12} disabled={task?.isCancelling === true} onClick={() => void cancelTask(taskId)}>
        {t(task?.isCancelling === true ? 'statusBar.cancelling' : 'actions.cancel')}
      </Button>
    </div>
  )
}
