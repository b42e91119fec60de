import { Button, Loader } from '@mantine/core'
import { IconPlayerStop } from '@tabler/icons-react'
import type { CheckProgress } from '../../../shared/diagnostics.ts'
import { t } from '../../words/index.ts'
import { ProgressList } from './StepList.tsx'
import classes from './Checks.module.css'

/** A check under way: what it does, a button that stops it, and its steps as they are taken. */
export function RunningCheck({
  text,
  steps,
  onStop
}: {
  text: string
  steps: readonly CheckProgress[]
  onStop: () => void
}) {
  return (
    <>
      <div className={classes.runningRow}>
        <output className={classes.running}>
          <Loader size={14} /> {text}
        </output>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconPlayerStop size={14} aria-hidden />}
          onClick={onStop}
        >
          {t('actions.cancel')}
        </Button>
      </div>
      <ProgressList steps={steps} />
    </>
  )
}
