import { useState, type ReactNode } from 'react'
import type { GuessPolicy } from '../../../shared/code-strength.ts'
import { isSame } from '../../components/form/draft.ts'
import { FormSection } from '../../components/form/FormSection.tsx'
import { t } from '../../words/index.ts'
import { exactSpan } from '../../words/time.ts'
import { useGuessPolicy } from './guess-policy.ts'

/** Explains the lock-out with the numbers that stand in the form. */
export function LockSection({ children }: { children: ReactNode }) {
  const policy = useLastOf(useGuessPolicy())
  return (
    <FormSection title={t('policy.codes.lock.title')} {...(policy && { text: explainLocks(policy) })}>
      {children}
    </FormSection>
  )
}

/** While a number is being retyped the sentence keeps the one before, so that nothing jumps. */
function useLastOf(policy: GuessPolicy | null): GuessPolicy | null {
  const [last, setLast] = useState(policy)
  if (policy && !isSame(policy, last)) setLast(policy)
  return policy ?? last
}

function explainLocks({ wrongAttempts, firstLockMs, longestLockMs }: GuessPolicy): string {
  return t('policy.codes.lock.text', {
    count: wrongAttempts,
    tries: t('policy.codes.code.tries', { count: wrongAttempts }),
    first: exactSpan(Math.min(firstLockMs, longestLockMs)),
    longest: exactSpan(longestLockMs)
  })
}
