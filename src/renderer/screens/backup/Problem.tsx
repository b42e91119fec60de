import { IconAlertTriangle } from '@tabler/icons-react'
import { t } from '../../words/index.ts'
import { BackupFileProblem } from './backup-flow.ts'
import { describeBackupProblem } from './backup-words.ts'
import classes from './Backup.module.css'

/** Why a backup was not made or not restored; and that nothing is lost by it. */
export function Problem({ error }: { error: unknown }) {
  if (error === null) return null
  const { sentence, detail } =
    error instanceof BackupFileProblem ? { sentence: error.message, detail: null } : describeBackupProblem(error)
  const isSaid = detail !== null && /Nothing was \w+\.$/.test(detail)
  return (
    <div className={classes.problem} role="alert">
      <IconAlertTriangle size={16} aria-hidden />
      <div>
        <strong>{sentence}</strong> {detail} {!isSaid && t('backup.restore.kept')}
      </div>
    </div>
  )
}
