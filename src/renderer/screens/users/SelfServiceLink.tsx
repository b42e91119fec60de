import { Button } from '@mantine/core'
import { IconLink } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import type { User } from '../../../shared/user.ts'
import { ask, bridge } from '../../bridge.ts'
import { useCommand } from '../../commands/registry.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { showProblem } from '../../components/toast.tsx'
import { t } from '../../words/index.ts'
import { briefTime, exactTime } from '../../words/time.ts'
import classes from './UserDrawer.module.css'

/** Makes a link by which the user shows a code of their own; it is shown for as long as the drawer is open. */
export function SelfServiceLink({ user }: { user: User }) {
  const make = useMutation({
    mutationFn: () => ask(bridge.links.create({ username: user.username })),
    onError: showProblem
  })
  const start = () => {
    if (!make.isPending && !user.disabled) make.mutate()
  }
  useCommand('user.link', start, !user.disabled)
  const link = user.disabled ? undefined : make.data
  return (
    <section className={classes.section}>
      <div className={classes.headingRow}>
        <h3 className={classes.heading}>{t('portal.link.title')}</h3>
        {!user.disabled && (
          <Button variant="default" size="compact-sm" leftSection={<IconLink size={14} aria-hidden />} onClick={start}>
            {t(link ? 'portal.link.again' : 'portal.link.make')}
          </Button>
        )}
      </div>
      <p className={classes.hint}>{t(user.disabled ? 'portal.link.disabled' : 'portal.link.text')}</p>
      {link && (
        <>
          <div className={classes.link}>
            <output title={link.url}>{link.url}</output>
            <CopyButton text={link.url} label={t('portal.link.copy')} isSecret />
          </div>
          <p className={classes.hint} title={exactTime(link.expiresAtMs)}>
            {t('portal.link.until', { at: briefTime(link.expiresAtMs) })}
          </p>
        </>
      )}
    </section>
  )
}
