import { z } from 'zod'
import { hostScopes } from './host-scope.ts'
import { appStates, codeStates } from './user.ts'
import { keySlotKinds } from './key.ts'

/** What the Status screen and the status bar show of a server. */
export const serverStatus = z.object({
  serverName: z.string(),
  siteId: z.number(),
  /** Where phones are told to go. */
  publicAddress: z.string(),
  /** Whether that address can be reached from this machine alone (loopback) or its network alone (private). */
  publicAddressScope: z.enum(hostScopes),
  groups: z.number(),
  users: z.number(),
  usersByApp: z.record(z.enum(appStates), z.number()),
  usersByCode: z.record(z.enum(codeStates), z.number()),
  /** What opened the data key for this program. */
  keyOpenedBy: z.enum(keySlotKinds),
  /** By how much the clock is behind the latest time this folder has seen; 0 when it is not. */
  clockBehindMs: z.number(),
  dataFolder: z.string()
})
export type ServerStatus = z.infer<typeof serverStatus>
