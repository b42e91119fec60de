import { KeySlots } from './KeySlots.tsx'
import { LastBackup } from './LastBackup.tsx'
import { MakeBackup } from './MakeBackup.tsx'
import { RestoreBackup } from './RestoreBackup.tsx'
import classes from './Backup.module.css'

export function BackupScreen() {
  return (
    <div className={classes.page}>
      <LastBackup />
      <MakeBackup />
      <RestoreBackup />
      <KeySlots />
    </div>
  )
}
