import { appErrorTexts } from '../../../shared/app-errors.ts'
import type { AuditEntry } from '../../../shared/audit.ts'
import type { User } from '../../../shared/user.ts'
import { codeStateAt } from '../../components/code-state.ts'
import { addressOf, refusalOf, refusalReason, stringsReason } from '../../words/audit-sentence.ts'
import { t } from '../../words/index.ts'
import { briefTime, relativeTime } from '../../words/time.ts'

/** What to tell a user who is on the telephone: what happened last, why, and what the phone shows. */
export interface Answer {
  tone: 'bad' | 'waiting' | 'live' | 'neutral'
  sentence: string
  /** The app's own words for it, or null where it shows no error. */
  appShows: string | null
}

const telling = ['attempt.passed', 'attempt.refused', 'strings.downloaded', 'strings.refused', 'codes.issued'] as const

/** `timeline` is newest first. */
export function answerFor(user: User, timeline: readonly AuditEntry[], nowMs: number): Answer {
  if (user.disabled) {
    return { tone: 'bad', sentence: t('user.answer.disabled'), appShows: appErrorTexts['invalid-username'] }
  }
  if (user.lockedUntilMs !== null && user.lockedUntilMs > nowMs) {
    const sentence = t('user.answer.locked', { until: briefTime(user.lockedUntilMs) })
    return { tone: 'bad', sentence, appShows: appErrorTexts['invalid-provision-code'] }
  }
  const last = timeline.find(({ kind }) => telling.some((each) => each === kind))
  if (last?.kind === 'attempt.refused') return answerToRefusal(last, nowMs)
  if (last?.kind === 'strings.refused') {
    const ago = relativeTime(last.atMs, nowMs)
    return {
      tone: 'bad',
      sentence: t('user.answer.stringsRefused', { ago, reason: stringsReason(last) }),
      appShows: appErrorTexts['downloading-security-strings']
    }
  }
  return answerToState(user, last, nowMs)
}

function answerToRefusal(last: AuditEntry, nowMs: number): Answer {
  const isUnknownName = refusalOf(last) === 'unknown-user' || refusalOf(last) === 'user-disabled'
  return {
    tone: 'bad',
    sentence: t('user.answer.refused', {
      ago: relativeTime(last.atMs, nowMs),
      address: addressOf(last),
      reason: refusalReason(last)
    }),
    appShows: appErrorTexts[isUnknownName ? 'invalid-username' : 'invalid-provision-code']
  }
}

function answerToState(user: User, last: AuditEntry | undefined, nowMs: number): Answer {
  const code = codeStateAt(user.code, user.codeExpiresAtMs, nowMs)
  if (code === 'live' && user.codeExpiresAtMs !== null) {
    const when = relativeTime(user.codeExpiresAtMs, nowMs)
    return { tone: 'live', sentence: t('user.answer.live', { when }), appShows: null }
  }
  if (user.app === 'set-up' && last?.kind === 'attempt.passed') {
    const ago = relativeTime(last.atMs, nowMs)
    return {
      tone: 'waiting',
      sentence: t('user.answer.passedNoStrings', { ago, address: addressOf(last) }),
      appShows: null
    }
  }
  if (user.app === 'provisioned' && user.provisionedAtMs !== null) {
    const when = relativeTime(user.provisionedAtMs, nowMs)
    return { tone: 'neutral', sentence: t('user.answer.provisioned', { when }), appShows: null }
  }
  const isEnded = code !== 'none' && user.app === 'none'
  const sentence = isEnded ? t('user.answer.ended', { state: t(`states.code.${code}`) }) : t('user.answer.nothing')
  return { tone: 'neutral', sentence, appShows: null }
}
