import { z } from 'zod'
import { codeStates, userSelection } from './user.ts'

/** How a code reaches its user; each has its own default validity. */
export const codeChannels = ['mail', 'sheet', 'portal', 'desk'] as const
export type CodeChannel = (typeof codeChannels)[number]

/** Until when: a validity from now, a fixed time, or (neither) the policy's. */
export const codeLife = z.object({
  validForMs: z.number().int().positive().optional(),
  untilMs: z.number().int().positive().optional()
})
export type CodeLife = z.infer<typeof codeLife>

export const issueRequest = codeLife.extend({
  selection: userSelection,
  /** Whether codes and URLs come back: each is then recorded as revealed. */
  reveal: z.boolean().default(false)
})

export const issuedCode = z.object({
  username: z.string(),
  expiresAtMs: z.number(),
  code: z.string().optional(),
  url: z.string().optional()
})
export type IssuedCode = z.infer<typeof issuedCode>

/** A user a bulk act left out, and why, in words. */
export const skippedUser = z.object({ username: z.string(), reason: z.string() })
export type SkippedUser = z.infer<typeof skippedUser>

/** What a bulk act left out, and why it ended early (null when it did not): what was done until then is kept. */
export const bulkOutcome = z.object({ skipped: z.array(skippedUser), stopped: z.string().nullable() })

export const codeEntry = z.object({
  id: z.number().int(),
  username: z.string(),
  state: z.enum(codeStates),
  channel: z.string(),
  issuedAtMs: z.number(),
  expiresAtMs: z.number(),
  endedAtMs: z.number().nullable()
})
export type CodeEntry = z.infer<typeof codeEntry>

/** What a QR image says: its text taken apart, and what this server knows of it. */
export const decodedQr = z.object({
  text: z.string(),
  /** Null where the text is no provision text at all. */
  siteId: z.number().nullable(),
  username: z.string().nullable(),
  /** Whether the Site ID is this server's and the user one of its users. */
  isOurs: z.boolean(),
  /** State of the code in the text; null where it is none that this server ever issued to the user. */
  code: z.enum(codeStates).nullable(),
  expiresAtMs: z.number().nullable(),
  /** The finding in one plain sentence. */
  finding: z.string()
})
export type DecodedQr = z.infer<typeof decodedQr>
