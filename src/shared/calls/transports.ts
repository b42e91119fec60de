import { z } from 'zod'
import { delivery, transport, transportChange, transportStep } from '../transport.ts'
import { call, nameToFind, nothing, done } from './call.ts'

export const transportsCalls = {
  'transports:list': call({
    roles: ['helpdesk'],
    scope: 'server',
    effect: 'none',
    input: nothing,
    output: z.array(transport)
  }),
  /** Changes one, or makes it. Throws `setting-invalid` with a reason for each wrong field. */
  'transports:set': call({
    roles: [],
    scope: 'server',
    effect: ['settings', 'log'],
    input: z.object({ name: nameToFind, change: transportChange }),
    output: transport
  }),
  'transports:remove': call({
    roles: [],
    scope: 'server',
    effect: ['settings', 'log'],
    input: z.object({ name: nameToFind }),
    output: done
  }),
  /** Asks the mail server, with what the form holds (`change`) over what is saved. Nothing is sent. */
  'transports:check': call({
    roles: [],
    scope: 'server',
    effect: ['log'],
    input: z.object({ name: nameToFind, change: transportChange.optional() }),
    output: z.array(transportStep)
  }),
  /** Sends the mail with a sample code to one address. */
  'transports:test': call({
    roles: [],
    scope: 'server',
    effect: ['log'],
    input: z.object({ name: nameToFind, change: transportChange.optional(), address: z.string().max(400) }),
    output: delivery
  })
}
