import type { SkippedUser } from '../../shared/code.ts'
import { t } from './index.ts'
import { asClause } from './problems.ts'

/** What a bulk act has done, whom it left out, and why it ended early. */
export function outcomeText(done: string, skipped: readonly SkippedUser[], stopped: string | null): string {
  const [first] = skipped
  const leftOut = first && t('users.bulk.skipped', { count: skipped.length, reason: asClause(first.reason) })
  const ended = stopped === null ? undefined : t('users.bulk.stopped', { reason: asClause(stopped) })
  return [done, leftOut, ended].filter((sentence) => sentence !== undefined).join(' ')
}
