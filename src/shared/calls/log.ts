import { z } from 'zod'
import { auditEntry, auditFilter, auditVerification } from '../audit.ts'
import { auditHead } from '../backup.ts'
import { call, bytes, taskId } from './call.ts'

export const logCalls = {
  'log:list': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: 'none',
    input: z.object({
      filter: auditFilter.default({}),
      beforeId: z.number().int().optional(),
      limit: z.number().int().min(1).max(500).default(100)
    }),
    /**
     * Newest first. `next` is the `beforeId` to go on with, null at the end. A rare find takes several calls: an answer may hold
     * fewer than asked for, or none, and still have a `next`.
     */
    output: z.object({ entries: z.array(auditEntry), next: z.number().nullable() })
  }),
  'log:verify': call({
    roles: ['helpdesk'],
    scope: 'server',
    effect: 'none',
    /** A head that was kept elsewhere tells also whether rows were cut off at the end. */
    input: z.object({ head: auditHead.optional(), taskId }),
    output: auditVerification
  }),
  'log:export': call({
    roles: [],
    scope: 'groups',
    effect: ['log'],
    input: z.object({ filter: auditFilter.default({}), format: z.enum(['csv', 'json']), taskId }),
    output: z.object({ content: bytes, entries: z.number() })
  })
}
