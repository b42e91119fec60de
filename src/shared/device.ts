import { z } from 'zod'
import { codeChannels } from './code.ts'

/** One of the Mobile Client's policies as the app receives it with its security strings. */
export interface DevicePolicy {
  id: string
  section: string
  show: boolean
  value: string
}

/** The app that a user has set up: when, from where and by which code. */
export const deviceRecord = z.object({
  provisionedAtMs: z.number(),
  /** Where the attempt came from. */
  address: z.string(),
  code: z.object({
    id: z.number().int(),
    channel: z.enum(codeChannels),
    issuedAtMs: z.number()
  }),
  /** How often security strings were downloaded: 0 for an app that is set up and has none yet. */
  generation: z.number().int()
})
export type DeviceRecord = z.infer<typeof deviceRecord>
