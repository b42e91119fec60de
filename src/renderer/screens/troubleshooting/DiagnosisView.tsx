import { Button } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import type { Diagnosis } from '../../../shared/diagnostics.ts'
import { t } from '../../words/index.ts'
import { CauseList } from './CauseList.tsx'
import { StepList } from './StepList.tsx'
import classes from './Checks.module.css'

/** The cause in one sentence with what shows it and what mends it, then the rest. */
export function DiagnosisView({
  diagnosis: { causes, steps },
  onAgain
}: {
  diagnosis: Diagnosis
  onAgain: () => void
}) {
  return (
    <>
      <CauseList causes={causes} isAdviceAll={causes.every(({ weight }) => weight === 'advice')} onMended={onAgain} />
      <div className={classes.after}>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconRefresh size={14} aria-hidden />}
          onClick={onAgain}
        >
          {t('troubleshooting.finding.again')}
        </Button>
      </div>
      {steps.length > 0 && (
        <details className={classes.checked}>
          <summary>{t('troubleshooting.finding.checked', { count: steps.length })}</summary>
          <StepList steps={steps} />
        </details>
      )}
    </>
  )
}
