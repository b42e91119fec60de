import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconX, type Icon } from '@tabler/icons-react'
import type { LinkTest } from '../../../shared/diagnostics.ts'
import { IconButton } from '../../components/IconButton.tsx'
import { t } from '../../words/index.ts'
import { problemText } from '../../words/problems.ts'
import { CauseList } from './CauseList.tsx'
import { RunningCheck } from './RunningCheck.tsx'
import { StepList } from './StepList.tsx'
import classes from './Checks.module.css'
import shared from './Troubleshooting.module.css'
import type { Check } from './use-check.ts'

const verdicts = {
  well: { icon: IconCircleCheck, tone: 'green' },
  suspect: { icon: IconAlertTriangle, tone: 'amber' },
  failed: { icon: IconCircleX, tone: 'red' }
} as const satisfies Record<string, { icon: Icon; tone: string }>

/** What came back from one of the addresses of Policy › Self Reset, beside its field. */
export function LinkTestResult({
  check,
  label,
  onAgain,
  onStop,
  onClose
}: {
  check: Check<LinkTest>
  /** Of the address. */
  label: string
  onAgain: () => void
  onStop: () => void
  onClose: () => void
}) {
  switch (check.state) {
    case 'idle':
      return null
    case 'running':
      return (
        <div className={classes.link}>
          <RunningCheck text={t('troubleshooting.link.testing', { label })} steps={check.steps} onStop={onStop} />
        </div>
      )
    case 'stopped':
      return (
        <div className={classes.link}>
          <p className={shared.dim}>{t('troubleshooting.finding.stopped')}</p>
        </div>
      )
    case 'failed':
      return (
        <p className={classes.problem} role="alert">
          {problemText(check.error)}
        </p>
      )
    case 'done':
      return <Answer test={check.result} onAgain={onAgain} onClose={onClose} />
    default:
      return check satisfies never
  }
}

function Answer({
  test: { url, ok, contentType, decoded, causes, steps },
  onAgain,
  onClose
}: {
  test: LinkTest
  onAgain: () => void
  onClose: () => void
}) {
  const verdict = !ok ? 'failed' : causes.length === 0 ? 'well' : 'suspect'
  const { icon: VerdictIcon, tone } = verdicts[verdict]
  return (
    <div className={classes.link}>
      <div className={classes.linkHead}>
        <p className={classes.verdict} data-tone={tone} role="status">
          <VerdictIcon size={16} aria-hidden />
          {t(`troubleshooting.link.${verdict}`)}
        </p>
        <IconButton icon={IconX} label={t('troubleshooting.link.close')} onClick={onClose} />
      </div>
      <dl className={classes.linkFacts}>
        <dt>{t('troubleshooting.link.asked')}</dt>
        <dd dir="ltr">{url}</dd>
        {contentType !== null && (
          <>
            <dt>{t('troubleshooting.link.type')}</dt>
            <dd dir="ltr">{contentType}</dd>
          </>
        )}
        {decoded !== null && (
          <>
            <dt>{t('troubleshooting.link.decoded')}</dt>
            <dd dir="ltr">{decoded}</dd>
          </>
        )}
      </dl>
      <CauseList causes={causes} onMended={onAgain} />
      <StepList steps={steps} />
    </div>
  )
}
