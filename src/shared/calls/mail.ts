import { z } from 'zod'
import { bulkOutcome } from '../code.ts'
import {
  linkAnswer,
  mailPlan,
  mailPreview,
  mailRequest,
  ownAddress,
  planLists,
  plannedUser,
  previewRequest
} from '../mail.ts'
import { outboxBatch } from '../outbox.ts'
import { delivery } from '../transport.ts'
import { call, nothing, taskId } from './call.ts'

export const mailCalls = {
  'mail:plan': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: 'none',
    input: mailRequest.extend({ taskId }),
    output: mailPlan
  }),
  /** A page of one list of the plan. */
  'mail:planned': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: 'none',
    input: mailRequest.extend({
      list: z.enum(planLists),
      after: z.string().max(600).optional(),
      limit: z.number().int().min(1).max(500).default(100)
    }),
    output: z.object({ users: z.array(plannedUser), next: z.string().nullable() })
  }),
  'mail:preview': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: 'none',
    input: previewRequest,
    output: mailPreview
  }),
  /** Asks for the addresses in that mail: only to this server's own portal and over http(s). */
  'mail:checkLinks': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: 'none',
    input: previewRequest,
    output: z.array(linkAnswer)
  }),
  /** Whose account this is decides: each has an address of its own. */
  'mail:ownAddress': call({ roles: ['helpdesk'], scope: 'server', effect: 'none', input: nothing, output: ownAddress }),
  /** Mails a number to the address. */
  'mail:askOwnAddress': call({
    roles: ['helpdesk'],
    scope: 'server',
    effect: ['log'],
    input: z.object({ address: z.string().max(400) }),
    output: delivery
  }),
  'mail:confirmOwnAddress': call({
    roles: ['helpdesk'],
    scope: 'server',
    effect: ['log'],
    input: z.object({ number: z.string().max(40) }),
    output: ownAddress
  }),
  /** The very message of the preview, with the sample code, to the confirmed address of this account. */
  'mail:toMe': call({ roles: ['helpdesk'], scope: 'groups', effect: ['log'], input: previewRequest, output: delivery }),
  'mail:send': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: ['outbox', 'users', 'log'],
    input: mailRequest.extend({ taskId }),
    output: bulkOutcome.extend({ batch: outboxBatch.nullable(), queued: z.number().int() })
  })
}
