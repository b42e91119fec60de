import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { AuditEntry } from '../../../shared/audit.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { FormSection } from '../../components/form/FormSection.tsx'
import { useNowMs } from '../../components/now.ts'
import { t } from '../../words/index.ts'
import { isolate } from '../../words/isolate.ts'
import { exactTime, relativeTime } from '../../words/time.ts'
import { actorText } from '../log/LogRow.tsx'
import { lastBackupQuery } from './backup-queries.ts'
import { sizeWords } from './backup-words.ts'
import classes from './Backup.module.css'

const oldAfterMs = 7 * 86_400_000

/** The last backup that the log tells of, whichever program made it. */
export function LastBackup() {
  const { data, error, isPending, refetch } = useQuery(lastBackupQuery)
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
      {data && <Made entry={data} />}
    </FormSection>
  )
}

function Made({ entry: { atMs, actor, detail } }: { entry: AuditEntry }) {
  const nowMs = useNowMs()
  const isOld = nowMs - atMs > oldAfterMs
  const StateIcon = isOld ? IconAlertTriangle : IconCircleCheck
  const { users, bytes, file } = detail
  return (
    <p className={classes.state} data-tone={isOld ? 'amber' : 'green'}>
      <StateIcon size={16} aria-hidden />
      <span title={exactTime(atMs)}>
        {t('backup.last.made', { when: relativeTime(atMs, nowMs), actor: isolate(actorText(actor)) })}{' '}
        {typeof users === 'number' &&
          typeof bytes === 'number' &&
          t('backup.last.holds', { count: users, size: sizeWords(bytes) })}{' '}
        {typeof file === 'string' && t('backup.last.file', { file: isolate(file) })} {isOld && t('backup.last.old')}
      </span>
    </p>
  )
}
