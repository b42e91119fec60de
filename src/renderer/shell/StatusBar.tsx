import { Progress } from '@mantine/core'
import { IconAlertTriangle, IconPlugConnectedX, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { SendingProgress } from '../screens/outbox/SendingProgress.tsx'
import { IconButton } from '../components/IconButton.tsx'
import { useConnection } from '../connection.ts'
import { queries } from '../queries.ts'
import { cancelTask, useTasks, type Task } from '../tasks.ts'
import { t } from '../words/index.ts'
import { spanWords } from '../words/time.ts'
import { PortalItem } from './PortalItem.tsx'
import classes from './StatusBar.module.css'

/** A clock that is a little behind corrects itself unseen. */
const noticedBehindMs = 60_000

export function StatusBar() {
  const { data: status } = useQuery(queries.status)
  const connection = useConnection()
  const tasks = useTasks()
  return (
    <footer className={classes.bar} aria-label={t('statusBar.label')}>
      <PortalItem />
      {tasks.map((task) => (
        <RunningTask key={task.id} task={task} />
      ))}
      <SendingProgress />
      <span className={classes.gap} />
      {connection === 'lost' && (
        <Warning icon={<IconPlugConnectedX size={14} aria-hidden />} isUrgent>
          {t('statusBar.lost')}
        </Warning>
      )}
      {status?.keyOpenedBy === 'file' && (
        <Warning icon={<IconAlertTriangle size={14} aria-hidden />} hint={t('statusBar.keyFileHint')}>
          {t('statusBar.keyFile')}
        </Warning>
      )}
      {status && status.clockBehindMs >= noticedBehindMs && (
        <Warning icon={<IconAlertTriangle size={14} aria-hidden />} hint={t('statusBar.clockBehindHint')}>
          {t('statusBar.clockBehind', { span: spanWords(status.clockBehindMs) })}
        </Warning>
      )}
    </footer>
  )
}

function Warning({
  icon,
  hint,
  isUrgent = false,
  children
}: {
  icon: ReactNode
  hint?: string
  isUrgent?: boolean
  children: ReactNode
}) {
  return (
    <span
      className={classes.item}
      data-tone={isUrgent ? 'red' : 'amber'}
      title={hint}
      role={isUrgent ? 'alert' : undefined}
    >
      {icon}
      {children}
    </span>
  )
}

function RunningTask({ task }: { task: Task }) {
  const cancel = t('statusBar.cancelTask', { label: task.label })
  const percent = task.total === 0 ? 0 : (task.done / task.total) * 100
  return (
    <span className={classes.item}>
      <span>{task.label}</span>
      <Progress
        value={percent}
        className={classes.progress}
        size={6}
        aria-label={task.label}
        transitionDuration={150}
      />
      {task.isCancelling ? (
        <span>{t('statusBar.cancelling')}</span>
      ) : (
        <>
          {task.total > 0 && <span className={classes.numbers}>{t('statusBar.progress', { ...task })}</span>}
          <IconButton icon={IconX} iconSize={14} size={24} label={cancel} onClick={() => void cancelTask(task.id)} />
        </>
      )}
    </span>
  )
}
