import { Progress } from '@mantine/core'
import { useTasks, type Task } from '../tasks.ts'
import { t } from '../words/index.ts'
import classes from './TaskProgress.module.css'

const countWords = (task: Task) => t('statusBar.progress', { ...task })

/** How far a task is, in words and as a bar. */
export function TaskProgress({
  label,
  taskId,
  words = countWords
}: {
  label: string
  taskId: string
  words?: (task: Task) => string
}) {
  const task = useTasks().find(({ id }) => id === taskId)
  const isKnown = task !== undefined && task.total > 0
  return (
    <>
      <p className={classes.line}>
        <span>{label}</span>
        <span className={classes.progress}>{isKnown && words(task)}</span>
      </p>
      <Progress
        value={isKnown ? (task.done / task.total) * 100 : 0}
        aria-label={label}
        size={8}
        transitionDuration={150}
      />
    </>
  )
}
