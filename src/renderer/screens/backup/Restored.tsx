import { Button } from '@mantine/core'
import { useEffect, useRef } from 'react'
import type { RestoreReport } from '../../../shared/backup.ts'
import { t } from '../../words/index.ts'
import { isolate } from '../../words/isolate.ts'
import { asClause } from '../../words/problems.ts'
import { briefTime } from '../../words/time.ts'
import { restoreAnother } from './backup-flow.ts'
import { slotName } from './backup-words.ts'
import classes from './Backup.module.css'

const mostNames = 10

/** What a restore has done. */
export function Restored({ report }: { report: RestoreReport }) {
  const { backup, withdrawnCodes, endedLinks, voidedDevices, returnedUsers, unread, keySlots } = report
  const names = returnedUsers.usernames.slice(0, mostNames).map(isolate).join(', ')
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  return (
    <div className={classes.card}>
      <h3 ref={title} tabIndex={-1} className={classes.cardTitle}>
        {t('backup.restore.done')}
      </h3>
      <ul className={classes.happens}>
        <li>{t('backup.restore.restored', { count: backup.users, made: briefTime(backup.createdAtMs) })}</li>
        <li>{t('backup.restore.withdrawn', { count: withdrawnCodes })}</li>
        <li>{t('backup.restore.endedLinks', { count: endedLinks })}</li>
        <li>{t('backup.restore.voided', { count: voidedDevices })}</li>
        {returnedUsers.count > 0 && (
          <li data-tone="amber">
            {t('backup.restore.returned', {
              count: returnedUsers.count,
              names: returnedUsers.count > mostNames ? `${names} …` : names
            })}
          </li>
        )}
        {unread.map((reason) => (
          <li key={reason} data-tone="amber">
            {t('backup.restore.unread', { reason: asClause(reason) })}
          </li>
        ))}
        {keySlots.lost.map((slot) => (
          <li key={slot.id} data-tone="amber">
            {t('backup.restore.lost', { slot: slotName(slot) })}
          </li>
        ))}
      </ul>
      <div className={classes.acts}>
        <Button variant="default" onClick={restoreAnother}>
          {t('backup.restore.another')}
        </Button>
      </div>
    </div>
  )
}
