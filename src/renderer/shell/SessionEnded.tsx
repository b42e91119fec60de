import { IconPlugConnectedX } from '@tabler/icons-react'
import { EmptyState } from '../components/EmptyState.tsx'
import { t } from '../words/index.ts'

/** In the place of everything once the console no longer knows this browser. */
export function SessionEnded() {
  return (
    <main>
      <EmptyState icon={IconPlugConnectedX} title={t('session.title')} text={t('session.ended')} />
    </main>
  )
}
