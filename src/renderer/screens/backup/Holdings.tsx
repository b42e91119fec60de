import { VisuallyHidden } from '@mantine/core'
import type { BackupSummary, FolderFigures } from '../../../shared/backup.ts'
import { t } from '../../words/index.ts'
import { briefTime } from '../../words/time.ts'
import classes from './Backup.module.css'

/** What a backup holds, beside what there is now where that is known. */
export function Holdings({ backup, now }: { backup: BackupSummary; now?: FolderFigures | null }) {
  const count = (value: number) => value.toLocaleString('en')
  const time = (atMs: number | null) => (atMs === null ? t('backup.holds.nothing') : briefTime(atMs))
  const rows: [string, (figures: FolderFigures) => string, isNumber: boolean][] = [
    [t('backup.holds.server'), ({ serverName }) => serverName, false],
    [t('backup.holds.siteId'), ({ siteId }) => String(siteId), true],
    [t('backup.holds.users'), ({ users }) => count(users), true],
    [t('backup.holds.groups'), ({ groups }) => count(groups), true],
    [t('backup.holds.devices'), ({ devices }) => count(devices), true],
    [t('backup.holds.codes'), ({ codes }) => count(codes), true],
    [t('backup.holds.auditRows'), ({ auditRows }) => count(auditRows), true],
    [t('backup.holds.lastEntry'), ({ lastAuditAtMs }) => time(lastAuditAtMs), false]
  ]
  return (
    <table className={classes.holdings}>
      {now !== undefined && (
        <thead>
          <tr>
            <th scope="col">
              <VisuallyHidden>{t('backup.holds.what')}</VisuallyHidden>
            </th>
            <th scope="col">{t('backup.holds.backup')}</th>
            <th scope="col">{t('backup.holds.now')}</th>
          </tr>
        </thead>
      )}
      <tbody>
        <tr>
          <th scope="row">{t('backup.holds.made')}</th>
          <td>{briefTime(backup.createdAtMs)}</td>
          {now !== undefined && <td>{t('backup.holds.nothing')}</td>}
        </tr>
        {rows.map(([name, valueOf, isNumber]) => (
          <tr key={name} data-differs={now && valueOf(now) !== valueOf(backup) ? true : undefined}>
            <th scope="row">{name}</th>
            <td data-number={isNumber || undefined}>
              <bdi>{valueOf(backup)}</bdi>
            </td>
            {now !== undefined && (
              <td data-number={isNumber || undefined}>
                <bdi>{now === null ? t('backup.holds.nothing') : valueOf(now)}</bdi>
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
