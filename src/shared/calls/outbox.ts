import { z } from 'zod'
import { bulkOutcome } from '../code.ts'
import { messageSelection, messageStates, outboxBatch, outboxMessage, outboxSummary } from '../outbox.ts'
import { call, nameToFind, nothing, taskId } from './call.ts'

export const outboxCalls = {
  'outbox:summary': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: 'none',
    input: nothing,
    output: outboxSummary
  }),
  'outbox:batches': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: 'none',
    input: z.object({ beforeId: z.number().int().optional(), limit: z.number().int().min(1).max(200).default(50) }),
    output: z.object({ batches: z.array(outboxBatch), next: z.number().nullable() })
  }),
  /** The newest first. */
  'outbox:messages': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: 'none',
    input: z.object({
      /** Null: those of no batch; left out: all. */
      batchId: z.number().int().nullable().optional(),
      states: z.array(z.enum(messageStates)).min(1).optional(),
      username: nameToFind.optional(),
      beforeId: z.number().int().optional(),
      limit: z.number().int().min(1).max(500).default(100)
    }),
    output: z.object({ messages: z.array(outboxMessage), next: z.number().nullable() })
  }),
  'outbox:pause': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: ['outbox', 'users', 'log'],
    input: z.object({ batchId: z.number().int() }),
    output: outboxBatch
  }),
  /** Also one that is stopped. */
  'outbox:resume': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: ['outbox', 'users', 'log'],
    input: z.object({ batchId: z.number().int() }),
    output: outboxBatch
  }),
  /** What is not sent yet is not sent, and its codes are withdrawn. Without `batchId`: of every batch. */
  'outbox:cancel': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: ['outbox', 'users', 'log'],
    input: z.object({ batchId: z.number().int().optional() }),
    output: z.object({ cancelled: z.number().int() })
  }),
  /** Failed, deferred, unknown and cancelled ones once more; where the code is no longer live, with a new one. */
  'outbox:retry': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: ['outbox', 'users', 'log'],
    input: messageSelection.extend({ taskId }),
    output: bulkOutcome.extend({ retried: z.number().int() })
  })
}
