import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { backupWarningMs, type StatusFigures } from '../../../shared/status.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { FormSection } from '../../components/form/FormSection.tsx'
import { useNowMs } from '../../components/now.ts'
import { queries } from '../../queries.ts'
import { t } from '../../words/index.ts'
import { isolate } from '../../words/isolate.ts'
import { exactTime, relativeTime } from '../../words/time.ts'
import { actorText } from '../log/LogRow.tsx'
import { sizeWords } from './backup-words.ts'
import classes from './Backup.module.css'

/** The last backup that the log tells of, whichever program made it. */
export function LastBackup() {
  const { data, error, isPending, refetch } = useQuery({
    ...queries.statusFigures,
    select: ({ lastBackup }) => lastBackup
  })
  return (
    <FormSection title={t('backup.last.title')}>
      {isPending && <p className={classes.dim}>{t('backup.last.looking')}</p>}
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data === null && (
        <p className={classes.state} data-tone="amber">
          <IconAlertTriangle size={16} aria-hidden />
          {t('backup.last.none')}
        </p>
      )}
      {data && <Made backup={data} />}
    </FormSection>
  )
}

function Made({ backup: { atMs, actor, users, bytes, file } }: { backup: NonNullable<StatusFigures['lastBackup']> }) {
  const nowMs = useNowMs()
  const isOld = nowMs - atMs > backupWarningMs
  const StateIcon = isOld ? IconAlertTriangle : IconCircleCheck
  return (
    <p className={classes.state} data-tone={isOld ? 'amber' : 'green'}>
      <StateIcon size={16} aria-hidden />
      <span title={exactTime(atMs)}>
        {t('backup.last.made', { when: relativeTime(atMs, nowMs), actor: isolate(actorText(actor)) })}{' '}
        {t('backup.last.holds', { count: users, size: sizeWords(bytes) })}{' '}
        {file !== null && t('backup.last.file', { file: isolate(file) })} {isOld && t('backup.last.old')}
      </span>
    </p>
  )
}
