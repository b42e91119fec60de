import { z } from 'zod'

export const keySlotKinds = ['keychain', 'passphrase', 'file'] as const
export type KeySlotKind = (typeof keySlotKinds)[number]

/** Characters that a passphrase has at least. */
export const leastPassphraseLength = 12

/** One way to open the data key, as shown to an administrator. */
export const keySlot = z.object({
  id: z.number().int(),
  kind: z.enum(keySlotKinds),
  /** Where a key file lies; null for the other kinds. */
  path: z.string().nullable(),
  createdAtMs: z.number(),
  /** Whether this slot opened the data key for the program that answers. */
  inUse: z.boolean()
})
export type KeySlot = z.infer<typeof keySlot>
