import { parseDuration } from '../../shared/duration.ts'
import type { MailRequest } from '../../shared/mail.ts'
import { mostValidityMs, type Settings } from '../../shared/settings.ts'

/** How long codes of a batch live: from when their mails are taken, or until a fixed time. */
export type CodeLife = { validForMs: number; untilMs: null } | { validForMs: null; untilMs: number }

export function lifeOf({ life }: Pick<MailRequest, 'life'>, policy: Settings): CodeLife {
  if (life.untilMs !== undefined) return { validForMs: null, untilMs: life.untilMs }
  const validForMs = life.validForMs ?? parseDuration(policy['policy.selfReset.mailValidity']) ?? 86_400_000
  return { validForMs, untilMs: null }
}

/**
 * How long a code lives before its mail is sent: until then nobody has it, and it must not end while it waits for its turn in a
 * long batch. Once the server takes the mail the life is set anew.
 */
export function queuedLifeMs(validForMs: number, mails: number, ratePerMinute: number): number {
  const perMail = ratePerMinute > 0 ? 60_000 / ratePerMinute : 20
  return Math.min(mostValidityMs, validForMs + 10 * 60_000 + Math.ceil(mails * perMail))
}
