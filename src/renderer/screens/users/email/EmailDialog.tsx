import { Button, Loader } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { UserSelection } from '../../../../shared/user.ts'
import { ask, bridge } from '../../../bridge.ts'
import { ErrorState } from '../../../components/ErrorState.tsx'
import { showOutcome } from '../../../components/left-out/show-outcome.tsx'
import { showProblem } from '../../../components/toast.tsx'
import { runTask } from '../../../tasks.ts'
import { t } from '../../../words/index.ts'
import { useChoices } from './email-choices.ts'
import { canSend, type MailingRequest } from './email-plan.ts'
import { LookStep } from './LookStep.tsx'
import { SendStep } from './SendStep.tsx'
import { WhoStep } from './WhoStep.tsx'
import classes from './Email.module.css'

const steps = ['who', 'look', 'send'] as const
type Step = (typeof steps)[number]

export function EmailDialog({ selection, onClose }: { selection: UserSelection; onClose: () => void }) {
  const [step, setStep] = useState<Step>('who')
  const choices = useChoices()
  const request: MailingRequest = {
    selection,
    includeProvisioned: choices.includeProvisioned,
    life: choices.life ?? {},
    ...(typeof choices.atMs === 'number' && { atMs: choices.atMs })
  }
  const isComplete = choices.life !== null && choices.atMs !== null
  const plan = useQuery({
    queryKey: ['mail', 'plan', request],
    queryFn: () => ask(bridge.mail.plan(request)),
    enabled: isComplete,
    placeholderData: keepPreviousData,
    gcTime: 0
  })
  const [isSending, setSending] = useState(false)

  const send = async () => {
    setSending(true)
    try {
      const { queued, skipped, stopped } = await runTask(t('mail.send.sending'), (taskId) =>
        ask(bridge.mail.send({ ...request, taskId }))
      )
      const done = queued === 0 ? t('mail.send.none') : t('mail.send.queued', { count: queued })
      showOutcome(done, { skipped, stopped })
      onClose()
    } catch (error) {
      showProblem(error)
      setSending(false)
    }
  }

  if (plan.isError && !plan.data) return <ErrorState error={plan.error} onRetry={() => void plan.refetch()} />
  if (!plan.data) {
    return (
      <output className={classes.planning}>
        <Loader size="xs" /> {t('mail.who.planning')}
      </output>
    )
  }
  const isReady = isComplete && !plan.isPlaceholderData && canSend(plan.data)
  const at = steps.indexOf(step)
  const next = steps[at + 1]
  const previous = steps[at - 1]
  return (
    <>
      <StepList step={step} canGo={(to) => to === 'who' || isReady} onGo={setStep} />
      <div className={classes.step}>
        {step === 'who' && <WhoStep plan={plan.data} request={request} choices={choices} />}
        {step === 'look' && <LookStep plan={plan.data} request={request} />}
        {step === 'send' && <SendStep plan={plan.data} request={request} />}
      </div>
      <div className={classes.foot}>
        <span className={classes.gap} />
        {previous && (
          <Button variant="default" onClick={() => setStep(previous)}>
            {t('mail.back')}
          </Button>
        )}
        {next ? (
          <Button disabled={!isReady} onClick={() => setStep(next)}>
            {t('mail.next')}
          </Button>
        ) : (
          <Button disabled={!isReady} loading={isSending} onClick={() => void send()}>
            {t(request.atMs === undefined ? 'mail.send.verb' : 'mail.send.laterVerb', {
              count: plan.data.recipients
            })}
          </Button>
        )}
      </div>
    </>
  )
}

function StepList({ step, canGo, onGo }: { step: Step; canGo: (step: Step) => boolean; onGo: (step: Step) => void }) {
  return (
    <nav aria-label={t('mail.steps.label')}>
      <ol className={classes.steps}>
        {steps.map((each, index) => (
          <li key={each}>
            <button
              type="button"
              className={classes.stepButton}
              aria-current={each === step ? 'step' : undefined}
              disabled={!canGo(each)}
              onClick={() => onGo(each)}
            >
              <span className={classes.stepNumber}>{index + 1}</span>
              {t(`mail.steps.${each}`)}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  )
}
