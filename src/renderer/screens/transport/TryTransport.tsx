import { Button } from '@mantine/core'
import { IconCircleCheck, IconCircleDashed, IconCircleX, IconPlugConnected, type Icon } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import {
  transportFieldNames,
  transportSecretFields,
  type Transport,
  type TransportChange,
  type TransportStep
} from '../../../shared/transport.ts'
import { ask, bridge } from '../../bridge.ts'
import { useForm, type FormState } from '../../components/form/form-context.ts'
import { FormSection } from '../../components/form/FormSection.tsx'
import { SendToAddress } from '../../mail/SendToAddress.tsx'
import { useRoute } from '../../routes.ts'
import { t } from '../../words/index.ts'
import { problemText } from '../../words/problems.ts'
import { isTryWanted } from './transport-route.ts'
import classes from './Transport.module.css'

const looks: Record<TransportStep['outcome'], { icon: Icon; tone: string }> = {
  passed: { icon: IconCircleCheck, tone: 'green' },
  failed: { icon: IconCircleX, tone: 'red' },
  skipped: { icon: IconCircleDashed, tone: 'grey' }
}

/** Tries the mail server with what the fields hold: step by step, and with a whole mail. */
export function TryTransport({ transport: { name } }: { transport: Transport }) {
  const form = useForm()
  const check = useMutation({
    mutationFn: () => ask(bridge.transports.check({ name, change: typedChange(form) }))
  })
  const test = useRef<HTMLDivElement>(null)
  const isWanted = isTryWanted(useRoute())
  useEffect(() => {
    if (isWanted) test.current?.querySelector('input')?.focus()
  }, [isWanted])
  return (
    <FormSection title={t('transport.sections.try')} text={t('transport.sections.tryText')}>
      <div className={classes.tryRow}>
        <Button
          variant="default"
          leftSection={<IconPlugConnected size={15} aria-hidden />}
          loading={check.isPending}
          onClick={() => check.mutate()}
        >
          {t(check.isSuccess ? 'transport.checkAgain' : 'transport.check')}
        </Button>
        <span className={classes.dim}>{t('transport.checkNote')}</span>
      </div>
      {check.error && (
        <p className={classes.problem} role="alert">
          {problemText(check.error)}
        </p>
      )}
      {check.data && <Steps steps={check.data} />}
      <div ref={test} className={classes.test}>
        {/* Enter in the address sends the test; it does not save the form around it. */}
        <SendToAddress
          isInForm
          label={t('transport.test')}
          verb={t('transport.testVerb')}
          onSend={(address) => ask(bridge.transports.test({ name, change: typedChange(form), address }))}
        />
      </div>
    </FormSection>
  )
}

function Steps({ steps }: { steps: readonly TransportStep[] }) {
  return (
    <ol className={classes.steps} aria-live="polite">
      {steps.map(({ step, outcome, message, elapsedMs }) => {
        const { icon: StepIcon, tone } = looks[outcome]
        return (
          <li key={step} className={classes.stepRow}>
            <StepIcon size={16} data-tone={tone} role="img" aria-label={t(`transport.outcomes.${outcome}`)} />
            <span className={classes.stepName}>{t(`transport.steps.${step}`)}</span>
            <span className={classes.stepMessage} dir="auto">
              {message}
            </span>
            <span className={classes.stepTime}>
              {outcome !== 'skipped' && t('transport.tookMs', { ms: Math.round(elapsedMs) })}
            </span>
          </li>
        )
      })}
    </ol>
  )
}

/** What the fields hold, saved or not; a secret only where one was typed or is to be taken away. */
function typedChange(form: FormState): TransportChange {
  const change: Record<string, unknown> = {}
  for (const name of transportFieldNames) change[name] = form.field(name).value
  for (const name of transportSecretFields) {
    const { value, isDefault } = form.field(name)
    if (typeof value === 'string' && value !== '') change[name] = value
    else if (isDefault) change[name] = null
  }
  return change
}
