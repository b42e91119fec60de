import type { AttemptRefusal } from '../../shared/audit.ts'
import type { Settings } from '../../shared/settings.ts'

/** The two refusals that the app has words for. */
export type AppRefusal = 'invalid-username' | 'invalid-provision-code'

/**
 * What the app is told of a refused attempt. A name that nobody has, or that is disabled, is given away only where policy has it
 * so. The policy is read before each answer, whatever the refusal: the time it takes would tell which it was.
 */
export function wordsOfRefusal(refusal: AttemptRefusal, policy: Pick<Settings, 'policy.hideUnknownUsers'>): AppRefusal {
  const isNameWrong = refusal === 'unknown-user' || refusal === 'user-disabled'
  return isNameWrong && !policy['policy.hideUnknownUsers'] ? 'invalid-username' : 'invalid-provision-code'
}
