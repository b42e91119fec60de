import { z } from 'zod'

/** A user's Mobile Client: none, provisioned but without security strings yet, or complete. */
export const appStates = ['none', 'set-up', 'provisioned'] as const
export type AppState = (typeof appStates)[number]

/** The newest provision code of a user; `superseded` and `withdrawn` are ends given by an administrator. */
export const codeStates = ['none', 'live', 'used', 'failed', 'expired', 'superseded', 'withdrawn'] as const
export type CodeState = (typeof codeStates)[number]

/** What people call the states, the same on every screen, in the command line and in the log. */
export const appStateWords: Record<AppState, string> = {
  none: 'none',
  'set-up': 'set up, no strings yet',
  provisioned: 'provisioned'
}

const filterOf = <T extends string>(values: readonly [T, ...T[]]) => z.array(z.enum(values)).min(1).max(values.length)

/** Which users: every condition given must hold; a list of states means any of them. */
export const userFilter = z.object({
  /** Part of a username, name, email address or phone number, without regard to case. */
  query: z.string().max(200).optional(),
  /** This one user, by the whole username. */
  username: z.string().max(200).optional(),
  group: z.string().max(200).optional(),
  app: filterOf(appStates).optional(),
  code: filterOf(codeStates).optional(),
  locked: z.boolean().optional(),
  /** Whether the newest code was mailed: the mail server took the mail. */
  sent: z.boolean().optional(),
  disabled: z.boolean().optional()
})
export type UserFilter = z.infer<typeof userFilter>

/** Every column of the Users screen, by the name it has in `user`. */
export const userSortColumns = [
  'username',
  'name',
  'email',
  'phone',
  'group',
  'disabled',
  'app',
  'provisionedAtMs',
  'code',
  'codeIssuedAtMs',
  'codeExpiresAtMs',
  'lockedUntilMs',
  'createdAtMs',
  'updatedAtMs'
] as const
export type UserSortColumn = (typeof userSortColumns)[number]

/**
 * Among equals by username. What is empty comes first, and last where descending. Code states go none, withdrawn, failed,
 * expired, live, used; each by the time its code ends.
 */
export const userSort = z.object({ column: z.enum(userSortColumns), descending: z.boolean().default(false) })
export type UserSort = z.infer<typeof userSort>

/** Users named one by one, or all that match a filter (`{ filter: {} }` is everybody). */
export const userSelection = z.union([
  z.object({ usernames: z.array(z.string()).max(1_000_000) }),
  z.object({ filter: userFilter })
])
export type UserSelection = z.infer<typeof userSelection>

export const user = z.object({
  id: z.number().int(),
  username: z.string(),
  name: z.string(),
  email: z.string(),
  phone: z.string(),
  group: z.string(),
  disabled: z.boolean(),
  app: z.enum(appStates),
  provisionedAtMs: z.number().nullable(),
  code: z.enum(codeStates),
  codeIssuedAtMs: z.number().nullable(),
  codeExpiresAtMs: z.number().nullable(),
  /** When the mail server took the mail with the newest code; null when that was not mailed (yet). */
  codeSentAtMs: z.number().nullable(),
  /** Attempts are refused unread until then; null when not locked. */
  lockedUntilMs: z.number().nullable(),
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
  /** Rises with every edit; send it back with a change so that a concurrent one is noticed. */
  revision: z.number().int()
})
export type User = z.infer<typeof user>

/** What an administrator enters; limits are enforced by the users service, with a reason a person understands. */
export const userFields = z.object({
  username: z.string(),
  name: z.string().default(''),
  email: z.string().default(''),
  phone: z.string().default(''),
  group: z.string()
})
export type UserFields = z.infer<typeof userFields>

export const userChange = z.object({
  username: z.string().optional(),
  name: z.string().optional(),
  email: z.string().optional(),
  phone: z.string().optional(),
  group: z.string().optional()
})
export type UserChange = z.infer<typeof userChange>

export const importColumns = ['username', 'name', 'email', 'group', 'phone'] as const
export type ImportColumn = (typeof importColumns)[number]

/** A line of an import that cannot go in. `line` counts from 1 with the header; `column` is null when the line as a whole is wrong. */
export const importRejection = z.object({
  line: z.number().int(),
  column: z.enum(importColumns).nullable(),
  reason: z.string()
})
export type ImportRejection = z.infer<typeof importRejection>

export const importReport = z.object({
  added: z.number().int(),
  updated: z.number().int(),
  unchanged: z.number().int(),
  rejected: z.array(importRejection),
  /** Lines that go in, but should be looked at; the first 10,000 of them. */
  warnings: z.array(importRejection),
  /** Groups that were created, or would be. */
  createdGroups: z.array(z.string()),
  /** Users of the group named by `disableMissing` whom the file does not name: how many were disabled, or would be. */
  disabled: z.number().int(),
  /** The first of them by username, at most 1,000. */
  leavers: z.array(z.string()),
  /** Whether a bad line does not say whose it is: leaving it out then disables nobody, and writes nothing. */
  hasNameless: z.boolean(),
  /** False for a dry run and for an import that bad lines stopped: then nothing was written. */
  written: z.boolean(),
  /** Why it ended before the last line, in words; the counts say how far it came. Null when it did not. */
  stopped: z.string().nullable()
})
export type ImportReport = z.infer<typeof importReport>

/** How a file will be read: guessed from its header, or given by the administrator. */
export const importReading = z.object({
  header: z.array(z.string()),
  /** For each field of the header the column it fills, or null to leave it out. */
  mapping: z.array(z.enum(importColumns).nullable()),
  delimiter: z.enum([',', ';', '\t']),
  encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be']),
  /** The first records, for people to check the mapping. */
  sample: z.array(z.array(z.string()))
})
export type ImportReading = z.infer<typeof importReading>
