import { z } from 'zod'
import { call, nothing } from './call.ts'

export const versionCalls = {
  'version:get': call({
    roles: ['helpdesk'],
    scope: 'server',
    effect: 'none',
    input: nothing,
    output: z.object({
      name: z.string(),
      version: z.string(),
      schema: z.number(),
      node: z.string(),
      sqlite: z.string()
    })
  })
}
