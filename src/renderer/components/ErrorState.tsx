import { Button } from '@mantine/core'
import { IconAlertCircle, IconRefresh } from '@tabler/icons-react'
import { t } from '../words/index.ts'
import { describeProblem } from '../words/problems.ts'
import classes from './states.module.css'

/** A failure in words, with a way to try once more. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { sentence, detail } = describeProblem(error)
  return (
    <div className={classes.center} role="alert">
      <IconAlertCircle size={36} stroke={1.25} className={classes.icon} data-tone="red" aria-hidden />
      <h2 className={classes.title}>{sentence}</h2>
      {detail !== null && <p className={classes.text}>{detail}</p>}
      <div className={classes.actions}>
        <Button variant="default" leftSection={<IconRefresh size={15} />} onClick={onRetry}>
          {t('actions.retry')}
        </Button>
      </div>
    </div>
  )
}
