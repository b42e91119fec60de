import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconShieldLock,
  type Icon
} from '@tabler/icons-react'
import type { CertificateFacts, CheckProgress, CheckStep, Outcome } from '../../../shared/diagnostics.ts'
import { t } from '../../words/index.ts'
import { briefDate } from '../../words/time.ts'
import classes from './StepList.module.css'
import shared from './Troubleshooting.module.css'

const looks: Record<Outcome, { icon: Icon; tone: string }> = {
  passed: { icon: IconCircleCheck, tone: 'green' },
  warned: { icon: IconAlertTriangle, tone: 'amber' },
  failed: { icon: IconCircleX, tone: 'red' },
  skipped: { icon: IconCircleDashed, tone: 'grey' }
}

/** Steps of a check that is still running. */
export function ProgressList({ steps }: { steps: readonly CheckProgress[] }) {
  return (
    <ol className={classes.steps} aria-label={t('troubleshooting.step.list')} aria-live="polite">
      {steps.map((step, index) => (
        <li key={index} className={classes.step}>
          <StepLine step={step} />
        </li>
      ))}
    </ol>
  )
}

/** The steps of a check, each with what went over the wire. */
export function StepList({ steps }: { steps: readonly CheckStep[] }) {
  return (
    <ol className={classes.steps} aria-label={t('troubleshooting.step.list')}>
      {steps.map((step, index) => (
        <li key={index} className={classes.step}>
          <StepLine step={step} />
          {step.certificates.length > 0 && <Chain certificates={step.certificates} />}
          {step.request !== null && <Exchange step={step} request={step.request} />}
        </li>
      ))}
    </ol>
  )
}

function StepLine({ step: { step, outcome, durationMs, sentence } }: { step: CheckProgress }) {
  const { icon: StepIcon, tone } = looks[outcome]
  return (
    <div className={classes.stepLine}>
      <StepIcon size={16} data-tone={tone} role="img" aria-label={t(`troubleshooting.outcomes.${outcome}`)} />
      <span className={classes.stepName}>{t(`troubleshooting.steps.${step}`)}</span>
      <span className={classes.stepSentence}>{sentence}</span>
      <span className={classes.stepTime}>
        {t('troubleshooting.step.tookMs', { ms: Math.max(1, Math.round(durationMs)) })}
      </span>
    </div>
  )
}

function Exchange({ step: { step, response }, request }: { step: CheckStep; request: string }) {
  const label = t('troubleshooting.step.exchange', { step: t(`troubleshooting.steps.${step}`) })
  return (
    <details className={classes.fold}>
      <summary aria-label={label}>{t('troubleshooting.step.show')}</summary>
      <div className={classes.exchange}>
        <Raw label={t('troubleshooting.step.request')} text={request} />
        <Raw label={t('troubleshooting.step.response')} text={response ?? t('troubleshooting.step.noResponse')} />
      </div>
    </details>
  )
}

function Raw({ label, text }: { label: string; text: string }) {
  return (
    <>
      <span className={shared.dim}>{label}</span>
      {/* It scrolls, so it can be reached by the keyboard. */}
      <pre className={classes.raw} dir="ltr" tabIndex={0} aria-label={label}>
        {text}
      </pre>
    </>
  )
}

function Chain({ certificates }: { certificates: readonly CertificateFacts[] }) {
  return (
    <details className={classes.fold}>
      <summary>{t('troubleshooting.step.certificates')}</summary>
      <ol className={classes.chain}>
        {certificates.map((one) => (
          <li key={one.fingerprint256} className={classes.certificate}>
            <IconShieldLock size={15} aria-hidden />
            <div className={classes.certificateText}>
              <strong>{one.subject}</strong>
              {one.names.length > 0 && <span>{t('troubleshooting.step.names', { names: one.names.join(', ') })}</span>}
              <span>
                {one.isSelfSigned
                  ? t('troubleshooting.step.selfSigned')
                  : t('troubleshooting.step.issuer', { issuer: one.issuer })}
              </span>
              <span>
                {t('troubleshooting.step.valid', {
                  from: briefDate(one.validFromMs),
                  to: briefDate(one.validToMs)
                })}
              </span>
              <span className={classes.fingerprint}>{one.fingerprint256}</span>
            </div>
          </li>
        ))}
      </ol>
    </details>
  )
}
