import { Button, VisuallyHidden } from '@mantine/core'
import { IconCircle, IconCircleCheckFilled } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { ServerStatus } from '../../../shared/status.ts'
import { assertNever } from '../../../shared/errors.ts'
import { runCommand } from '../../commands/registry.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { t } from '../../words/index.ts'
import { showUsers } from '../users/user-route.ts'
import { nextSteps, type StepId } from './next-steps.ts'
import classes from './Status.module.css'

/** What needs doing, in its order; the first step that is open is the one to do now. */
export function Checklist({ status }: { status: ServerStatus }) {
  const steps = nextSteps(status)
  const now = steps.find(({ isDone }) => !isDone)
  if (!now) {
    return (
      <p className={classes.allDone}>
        <IconCircleCheckFilled size={18} aria-hidden />
        {t('status.allDone')}
      </p>
    )
  }
  return (
    <section aria-labelledby="todo">
      <h2 id="todo" className={classes.heading}>
        {t('status.todo')}
      </h2>
      <ol className={classes.steps}>
        {steps.map(({ id, isDone }) => (
          <li key={id} className={classes.step} data-done={isDone || undefined}>
            {isDone ? (
              <IconCircleCheckFilled size={18} className={classes.stepIcon} aria-hidden />
            ) : (
              <IconCircle size={18} stroke={1.5} className={classes.stepIcon} aria-hidden />
            )}
            <div className={classes.stepBody}>
              <h3 className={classes.stepTitle}>
                {t(`status.${id}.title`)}
                <VisuallyHidden>: {t(isDone ? 'status.isDone' : 'status.isOpen')}</VisuallyHidden>
              </h3>
              <p className={classes.stepText}>{isDone ? doneText(id, status) : openText(id, status)}</p>
              {!isDone && <StepAction id={id} status={status} isNow={id === now.id} />}
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}

function doneText(id: StepId, status: ServerStatus): string {
  switch (id) {
    case 'publicName': {
      const isPrivate = status.publicAddressScope === 'private'
      return t(isPrivate ? 'status.publicName.private' : 'status.publicName.done', { address: status.publicAddress })
    }
    case 'key':
      return t(`status.key.done.${status.keyOpenedBy}`)
    case 'import':
      return t('status.import.done', { count: status.users })
    case 'issue':
      return t('status.issue.done')
    default:
      return assertNever(id)
  }
}

function openText(id: StepId, status: ServerStatus): string {
  switch (id) {
    case 'publicName':
      return t('status.publicName.loopback', { address: status.publicAddress })
    case 'key':
      return t('status.key.open')
    case 'import':
      return t('status.import.open')
    case 'issue':
      return t(status.users === 0 ? 'status.issue.waiting' : 'status.issue.open')
    default:
      return assertNever(id)
  }
}

function StepAction({ id, status, isNow }: { id: StepId; status: ServerStatus; isNow: boolean }): ReactNode {
  const variant = isNow ? 'filled' : 'default'
  switch (id) {
    case 'publicName':
      return (
        <Button variant={variant} onClick={() => runCommand('screen.name')}>
          {t('status.publicName.button')}
        </Button>
      )
    case 'key':
      return <TerminalCommand command="provision key add passphrase" />
    case 'import':
      return (
        <Button variant={variant} onClick={() => runCommand('users.import')}>
          {t('status.import.button')}
        </Button>
      )
    case 'issue':
      return status.users === 0 ? null : (
        <Button variant={variant} onClick={() => showUsers({})}>
          {t('status.issue.button')}
        </Button>
      )
    default:
      return assertNever(id)
  }
}

function TerminalCommand({ command }: { command: string }) {
  return (
    <div className={classes.terminal}>
      <span className={classes.terminalHint}>{t('status.inTerminal')}</span>
      <span className={classes.command}>
        <code>{command}</code>
        <CopyButton text={command} label={t('actions.copyNamed', { what: command })} />
      </span>
    </div>
  )
}
