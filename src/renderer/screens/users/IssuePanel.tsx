import { Button, TextInput } from '@mantine/core'
import { IconMail, IconQrcode } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { CodeLife } from '../../../shared/code.ts'
import { mostValidityMs } from '../../../shared/settings.ts'
import type { User } from '../../../shared/user.ts'
import { ask, bridge } from '../../bridge.ts'
import { useCommand } from '../../commands/registry.ts'
import { confirmAct } from '../../components/confirm.tsx'
import { useNowMs } from '../../components/now.ts'
import { codeStateAt } from '../../components/code-state.ts'
import { showProblem } from '../../components/toast.tsx'
import { queries, queryClient } from '../../queries.ts'
import { t } from '../../words/index.ts'
import { isolate } from '../../words/isolate.ts'
import { relativeTime, timeZone } from '../../words/time.ts'
import { codeLifeOf, toDateField, type Validity } from './code-life.ts'
import { openEmail } from './email/email-opening.ts'
import { pictureScale } from './picture-scale.ts'
import { IssuedCodeView, type IssuedQr } from './IssuedCodeView.tsx'
import { askToWithdrawCode } from './user-acts.ts'
import { ValiditySelect } from './ValiditySelect.tsx'
import classes from './UserDrawer.module.css'

/** Issues a code to the user and shows it as a QR code, for as long as the drawer is open. */
export function IssuePanel({ user }: { user: User }) {
  const [validity, setValidity] = useState<Validity>('default')
  const [until, setUntil] = useState(() => toDateField(Date.now() + 3 * 86_400_000))
  const [lastIssued, setIssued] = useState<IssuedQr | null>(null)
  const issued = user.disabled ? null : lastIssued
  const nowMs = useNowMs()
  const isLive = codeStateAt(user.code, user.codeExpiresAtMs, nowMs) === 'live'
  const life = codeLifeOf(validity, until, nowMs)

  const issue = useMutation({
    mutationFn: async (wanted: CodeLife) => {
      const qr = await ask(bridge.qr.issue({ username: user.username, format: 'png', scale: pictureScale, ...wanted }))
      // The view tells by the user's own state whether the code is still the live one, so that has to be the new state.
      await queryClient.invalidateQueries({ queryKey: queries.user(user.username).queryKey })
      return qr
    },
    onSuccess: setIssued,
    onError: showProblem
  })

  const start = () => {
    if (life === null || issue.isPending || user.disabled) return
    if (!isLive) return issue.mutate(life)
    const username = isolate(user.username)
    const when = user.codeExpiresAtMs === null ? '' : relativeTime(user.codeExpiresAtMs, Date.now())
    confirmAct({
      title: t('user.code.askTitle', { username }),
      text: t('user.code.askText', { username, when }),
      verb: t('user.code.askVerb'),
      onConfirm: () => issue.mutate(life)
    })
  }
  useCommand('user.issue', start, !user.disabled)
  useCommand('user.email', () => openEmail({ usernames: [user.username] }), !user.disabled)
  useCommand('user.withdraw', () => askToWithdrawCode(user.username), isLive)
  return (
    <section className={classes.section}>
      <h3 className={classes.heading}>{t('user.code.title')}</h3>
      {issued && <IssuedCodeView issued={issued} user={user} />}
      {!issued && isLive && <p className={classes.hint}>{t('user.code.otherLive')}</p>}
      {user.disabled ? (
        <p className={classes.hint}>{t('user.code.disabled')}</p>
      ) : (
        <div className={classes.issue}>
          <ValiditySelect value={validity} onChange={setValidity} />
          <Button
            variant={issued ? 'default' : 'filled'}
            leftSection={<IconQrcode size={15} aria-hidden />}
            disabled={life === null}
            onClick={start}
          >
            {t(issued || isLive ? 'user.code.issueAgain' : 'user.code.issue')}
          </Button>
          <Button
            variant="default"
            leftSection={<IconMail size={15} aria-hidden />}
            onClick={() => openEmail({ usernames: [user.username] })}
          >
            {t('user.code.email')}
          </Button>
          {isLive && (
            <Button variant="subtle" color="danger" onClick={() => askToWithdrawCode(user.username)}>
              {t('user.code.withdraw')}
            </Button>
          )}
        </div>
      )}
      {validity === 'until' && !user.disabled && (
        <TextInput
          type="datetime-local"
          label={t('user.code.until')}
          description={t('user.code.untilHint', { zone: timeZone })}
          error={life === null && t('user.code.untilWrong')}
          value={until}
          min={toDateField(nowMs)}
          max={toDateField(nowMs + mostValidityMs)}
          mt={8}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
      )}
    </section>
  )
}
