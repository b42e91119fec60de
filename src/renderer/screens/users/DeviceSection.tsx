import { Button } from '@mantine/core'
import type { DeviceRecord } from '../../../shared/device.ts'
import type { User } from '../../../shared/user.ts'
import { useNowMs } from '../../components/now.ts'
import { RelativeTime } from '../../components/RelativeTime.tsx'
import { t } from '../../words/index.ts'
import { isolate } from '../../words/isolate.ts'
import { exactTime, relativeTime } from '../../words/time.ts'
import { Facts } from './Facts.tsx'
import { askToUnprovisionUser } from './user-acts.ts'
import classes from './UserDrawer.module.css'

/** The app that the user has set up: when, from where and by which code. */
export function DeviceSection({ user, device }: { user: User; device: DeviceRecord }) {
  const { provisionedAtMs, address, code, generation } = device
  const nowMs = useNowMs()
  const when = relativeTime(code.issuedAtMs, nowMs)
  const facts = [
    [
      t('user.device.provisioned'),
      <span key="set-up">
        <RelativeTime atMs={provisionedAtMs} /> {t('user.device.from', { address: isolate(address) })}
      </span>
    ],
    [
      t('user.device.code'),
      <span key="code" title={exactTime(code.issuedAtMs)}>
        {t('user.device.codeIssued', { when, channel: t(`log.channels.${code.channel}`) })}
      </span>
    ],
    [
      t('user.device.strings'),
      generation === 0 ? t('user.device.noStrings') : t('user.device.downloads', { count: generation })
    ]
  ] as const
  return (
    <section className={classes.section}>
      <div className={classes.headingRow}>
        <h3 className={classes.heading}>{t('user.device.title')}</h3>
        <Button variant="default" size="compact-sm" onClick={() => askToUnprovisionUser(user.username)}>
          {t('user.act.unprovision')}
        </Button>
      </div>
      <Facts facts={facts} />
    </section>
  )
}
