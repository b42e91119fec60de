import { IconPlugConnectedX } from '@tabler/icons-react'
import { EmptyState } from '../components/EmptyState.tsx'
import { t } from '../words/index.ts'
import classes from './Shell.module.css'

/** In the place of everything once the console no longer knows this browser. */
export function SessionEnded() {
  return (
    <main className={classes.whole}>
      <EmptyState icon={IconPlugConnectedX} title={t('session.ended')} text={t('session.endedText')} />
    </main>
  )
}
