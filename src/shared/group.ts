import { z } from 'zod'

export const group = z.object({
  /** Stays when the group is renamed. */
  id: z.number().int(),
  name: z.string(),
  /** Whether its users may use a Mobile Client; without it the security strings are refused. */
  mobileClient: z.boolean(),
  /** Whether its users may ask the User Portal for a code of their own. */
  selfProvision: z.boolean(),
  /** Name of the transport by which its users get their mail. */
  transport: z.string(),
  users: z.number().int()
})
export type Group = z.infer<typeof group>

export const groupChange = z.object({
  name: z.string().optional(),
  mobileClient: z.boolean().optional(),
  selfProvision: z.boolean().optional(),
  transport: z.string().optional()
})
export type GroupChange = z.infer<typeof groupChange>
