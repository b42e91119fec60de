import type { CodeState } from '../../shared/user.ts'

/** A live code ends when its time is over, whether or not anybody has said so yet. */
export function codeStateAt(state: CodeState, expiresAtMs: number | null, nowMs: number): CodeState {
  return state === 'live' && expiresAtMs !== null && expiresAtMs <= nowMs ? 'expired' : state
}
