import { modals } from '@mantine/modals'
import type { SkippedUser } from '../../../shared/code.ts'
import { t } from '../../words/index.ts'
import { outcomeText } from '../../words/outcome.ts'
import { showToast } from '../toast.tsx'
import { LeftOutList } from './LeftOutList.tsx'

export interface Outcome {
  skipped: readonly SkippedUser[]
  stopped: string | null
}

/** What a bulk act has done, in a toast; where it left out more than the words can name, they can all be seen. */
export function showOutcome(done: string, { skipped, stopped }: Outcome, undo?: () => void): void {
  const details = { label: t('leftOut.show'), open: () => showLeftOut(skipped) }
  showToast(outcomeText(done, skipped, stopped), undo, skipped.length > 1 ? { details } : {})
}

function showLeftOut(skipped: readonly SkippedUser[]): void {
  modals.open({ title: t('leftOut.dialog'), size: 640, children: <LeftOutList skipped={skipped} /> })
}
