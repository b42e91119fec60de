import { Button, VisuallyHidden } from '@mantine/core'
import { IconCircle, IconCircleCheckFilled } from '@tabler/icons-react'
import type { SetupStep } from '../../../shared/status.ts'
import { assertNever } from '../../../shared/errors.ts'
import { runCommand } from '../../commands/registry.ts'
import { t } from '../../words/index.ts'
import { showTransportTry } from '../transport/transport-route.ts'
import { showUsers } from '../users/user-route.ts'
import classes from './Status.module.css'

/** What a new server needs, in its order; the first step that is open is the one to do now. */
export function Checklist({ steps }: { steps: readonly SetupStep[] }) {
  const now = steps.find(({ isDone }) => !isDone)
  const hasTransport = steps.some(({ id, isDone }) => id === 'transport' && isDone)
  const hasUsers = steps.some(({ id, isDone }) => id === 'import' && isDone)
  return (
    <section aria-labelledby="todo">
      <h2 id="todo" className={classes.heading}>
        {t('status.todo')}
      </h2>
      <ol className={classes.steps}>
        {steps.map((step) => (
          <li key={step.id} className={classes.step} data-done={step.isDone || undefined}>
            {step.isDone ? (
              <IconCircleCheckFilled size={18} className={classes.stepIcon} aria-hidden />
            ) : (
              <IconCircle size={18} stroke={1.5} className={classes.stepIcon} aria-hidden />
            )}
            <div className={classes.stepBody}>
              <h3 className={classes.stepTitle}>
                {t(`status.${step.id}.title`)}
                <VisuallyHidden>: {t(step.isDone ? 'status.isDone' : 'status.isOpen')}</VisuallyHidden>
              </h3>
              <p className={classes.stepText}>
                {step.isDone ? doneText(step) : openText(step, { hasTransport, hasUsers })}
              </p>
            </div>
            {!step.isDone && (
              <StepAction step={step} isNow={step === now} isReady={isReady(step, hasTransport, hasUsers)} />
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}

/** A step that waits for another one has no button yet. */
function isReady({ id }: SetupStep, hasTransport: boolean, hasUsers: boolean): boolean {
  return id === 'mailToMe' ? hasTransport : id !== 'scan' || hasUsers
}

function doneText(step: SetupStep): string {
  switch (step.id) {
    case 'publicName':
      return t(step.scope === 'private' ? 'status.publicName.private' : 'status.publicName.done', {
        address: step.address
      })
    case 'certificate':
      return t('status.certificate.done')
    case 'transport':
      return t('status.transport.done', { host: step.host ?? '' })
    case 'group':
      return t('status.group.done', { group: step.group ?? '' })
    case 'import':
      return t('status.import.done', { count: step.users })
    case 'mailToMe':
      return t('status.mailToMe.done')
    case 'scan':
      return t('status.scan.done')
    default:
      return assertNever(step)
  }
}

function openText(step: SetupStep, { hasTransport, hasUsers }: { hasTransport: boolean; hasUsers: boolean }): string {
  switch (step.id) {
    case 'publicName':
      return t('status.publicName.loopback', { address: step.address })
    case 'certificate':
      if (step.fault === 'unreadable' && step.problem !== null) return step.problem
      return t(step.fault === 'plain-http' ? 'status.certificate.plainHttp' : 'status.certificate.open')
    case 'mailToMe':
      return t(hasTransport ? 'status.mailToMe.open' : 'status.mailToMe.waiting')
    case 'scan':
      return t(hasUsers ? 'status.scan.open' : 'status.scan.waiting')
    case 'transport':
    case 'group':
    case 'import':
      return t(`status.${step.id}.open`)
    default:
      return assertNever(step)
  }
}

function StepAction({ step, isNow, isReady: ready }: { step: SetupStep; isNow: boolean; isReady: boolean }) {
  if (!ready) return null
  return (
    <Button variant={isNow ? 'filled' : 'default'} className={classes.action} onClick={() => doStep(step)}>
      {t(`status.${step.id}.button`)}
    </Button>
  )
}

function doStep(step: SetupStep): void {
  switch (step.id) {
    case 'publicName':
      return void runCommand('screen.name')
    case 'certificate':
      // Whether phones are to come by HTTPS stands beside the name.
      return void runCommand(step.fault === 'plain-http' ? 'screen.name' : 'screen.portal')
    case 'transport':
      return void runCommand('screen.transport')
    case 'group':
      return void runCommand('screen.groups')
    case 'import':
      return void runCommand('users.import')
    case 'mailToMe':
      return showTransportTry()
    case 'scan':
      return showUsers({})
    default:
      return assertNever(step)
  }
}
