import { z } from 'zod'
import { bulkOutcome, codeEntry, codeLife, issuedCode, issueRequest } from '../code.ts'
import { codeStates, userSelection } from '../user.ts'
import { call, bytes, taskId } from './call.ts'

export const codesCalls = {
  'codes:issue': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: ['users', 'log'],
    input: issueRequest.extend({ taskId }),
    output: bulkOutcome.extend({ issued: z.array(issuedCode) })
  }),
  /** The same, as a CSV file of the codes in the clear: each is recorded as revealed. It is handed out this once. */
  'codes:issueFile': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: ['users', 'log'],
    input: codeLife.extend({ selection: userSelection, taskId }),
    output: bulkOutcome.extend({
      content: bytes,
      issued: z.number().int(),
      /** Who has a new code: should the file be lost, theirs are to be withdrawn. */
      usernames: z.array(z.string())
    })
  }),
  'codes:list': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: 'none',
    input: z.object({
      state: z.enum(codeStates).optional(),
      beforeId: z.number().int().optional(),
      limit: z.number().int().min(1).max(500).default(100)
    }),
    output: z.object({ codes: z.array(codeEntry), next: z.number().nullable() })
  }),
  'codes:withdraw': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: ['users', 'log'],
    input: z.object({ selection: userSelection, taskId }),
    output: bulkOutcome.extend({ withdrawn: z.number() })
  }),
  'codes:reveal': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: ['users', 'log'],
    input: z.object({ handle: z.string().max(100) }),
    output: z.object({ username: z.string(), code: z.string(), url: z.string(), expiresAtMs: z.number() })
  })
}
