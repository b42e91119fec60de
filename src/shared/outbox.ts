import { z } from 'zod'
import { templateKinds } from './template.ts'

/**
 * `sending`: handed to the mail server right now. `deferred`: refused for the moment, tried again by itself. `unknown`: the
 * connection broke after the text was handed over; it may or may not have arrived, and is never sent again by itself.
 */
export const messageStates = ['queued', 'sending', 'sent', 'deferred', 'failed', 'unknown', 'cancelled'] as const
export type MessageState = (typeof messageStates)[number]

export const messageCounts = z.record(z.enum(messageStates), z.number().int())
export type MessageCounts = z.infer<typeof messageCounts>

/** `stopped`: the mail server refused sign-in or sender, and no further mail is tried until somebody resumes it. */
export const batchStates = ['scheduled', 'sending', 'paused', 'stopped', 'cancelled', 'done'] as const
export type BatchState = (typeof batchStates)[number]

export const outboxBatch = z.object({
  id: z.number().int(),
  state: z.enum(batchStates),
  createdAtMs: z.number(),
  /** Who made it: account and way in. */
  actor: z.string(),
  /** When it is, or was, to begin. */
  atMs: z.number(),
  startedAtMs: z.number().nullable(),
  endedAtMs: z.number().nullable(),
  /** How long a code lives from when the mail server took its mail; null when it lives until `untilMs`. */
  validForMs: z.number().nullable(),
  untilMs: z.number().nullable(),
  total: z.number().int(),
  counts: messageCounts,
  /** Why it is stopped, or what it waits for, in one sentence; null when all is well. */
  note: z.string().nullable(),
  /** When the next try is, while all that is left waits for one. */
  nextTryAtMs: z.number().nullable(),
  /** Mails a minute lately, and how long the rest takes at that; null while not sending. */
  ratePerMinute: z.number().nullable(),
  remainingMs: z.number().nullable()
})
export type OutboxBatch = z.infer<typeof outboxBatch>

export const outboxMessage = z.object({
  id: z.number().int(),
  /** Null for mails that belong to no batch: notices and one-time links. */
  batchId: z.number().int().nullable(),
  kind: z.enum(templateKinds),
  username: z.string(),
  name: z.string(),
  address: z.string(),
  transport: z.string(),
  state: z.enum(messageStates),
  attempts: z.number().int(),
  /** The server's own words, or why it could not be asked; null before the first try. */
  response: z.string().nullable(),
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
  nextTryAtMs: z.number().nullable(),
  sentAtMs: z.number().nullable(),
  messageId: z.string().nullable()
})
export type OutboxMessage = z.infer<typeof outboxMessage>

export const outboxSummary = z.object({
  counts: messageCounts,
  /** Waiting to be sent (queued, deferred or sending): the number beside *Outbox* in the navigation. */
  waiting: z.number().int(),
  /** The batches that are not over, the one being sent first; those that need somebody have a note. */
  open: z.array(outboxBatch),
  /** Whether some program holds the lease and sends; false when nobody does and mails wait. */
  isSenderRunning: z.boolean(),
  /** When the next mail may be tried; null when none waits but those of batches that are paused or stopped. */
  nextDueAtMs: z.number().nullable()
})
export type OutboxSummary = z.infer<typeof outboxSummary>

/** Which messages: named, or all of a batch in some states; `usernames` narrows it down. */
export const messageSelection = z.object({
  ids: z.array(z.number().int()).max(100_000).optional(),
  batchId: z.number().int().optional(),
  states: z.array(z.enum(messageStates)).optional(),
  usernames: z.array(z.string()).max(100_000).optional()
})
export type MessageSelection = z.infer<typeof messageSelection>
