import type { CallInput } from '../../../../shared/contract.ts'
import type { MailPlan } from '../../../../shared/mail.ts'

export type MailingRequest = Omit<CallInput<'mail:plan'>, 'taskId'>

export const sendingTimes = ['now', 'later'] as const
export type SendingTime = (typeof sendingTimes)[number]

/** Later than this nobody plans, and a slip in the year is caught. */
const mostAheadMs = 366 * 86_400_000

/** When the mails go out, or null while the chosen time cannot be taken; undefined is now. */
export function sendingTimeOf(when: SendingTime, at: string, nowMs: number): number | undefined | null {
  if (when === 'now') return undefined
  // Without a zone at its end the text means a time of this machine's zone.
  const atMs = new Date(at).getTime()
  return atMs > nowMs && atMs - nowMs <= mostAheadMs ? atMs : null
}

/** Whether mails can go out by this plan: somebody gets one, and every transport that is needed can send. */
export function canSend({ recipients, transports }: MailPlan): boolean {
  return recipients > 0 && transports.every(({ missing }) => missing.length === 0)
}

/** What to ask for to see the mail of one recipient as this request would send it. */
export function previewRequestOf(
  { life, atMs }: Pick<CallInput<'mail:plan'>, 'life' | 'atMs'>,
  username: string | null
): CallInput<'mail:preview'> {
  return {
    kind: 'code',
    life: life ?? {},
    ...(atMs !== undefined && { atMs }),
    ...(username !== null && { username })
  }
}
