import { z } from 'zod'
import { call, nameToFind } from './call.ts'

export const linksCalls = {
  /** A one-time link by which a user shows a code of their own; whoever holds it gets the app. */
  'links:create': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: ['users', 'log'],
    input: z.object({ username: nameToFind }),
    output: z.object({ username: z.string(), url: z.string(), expiresAtMs: z.number() })
  })
}
