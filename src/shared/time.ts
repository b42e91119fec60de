import { z } from 'zod'

/** The time by which codes end, beside the clock of the server's machine. */
export const serverTime = z.object({
  nowMs: z.number(),
  clockMs: z.number(),
  /** By how much the time runs ahead of the clock. */
  aheadMs: z.number(),
  /** Since when, by the clock; null where it does not noticeably. */
  sinceMs: z.number().nullable(),
  /** What setting it right would end. */
  liveCodes: z.number().int(),
  liveLinks: z.number().int()
})
export type ServerTime = z.infer<typeof serverTime>

/** What setting the time right has done. */
export const timeSetRightReport = z.object({
  fromMs: z.number(),
  toMs: z.number(),
  withdrawnCodes: z.number().int(),
  endedLinks: z.number().int(),
  /** Waiting emails whose codes nobody has seen yet: they stay in the outbox. */
  keptMails: z.number().int()
})
export type TimeSetRightReport = z.infer<typeof timeSetRightReport>
