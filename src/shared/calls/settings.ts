import { z } from 'zod'
import { settingEntry } from '../settings.ts'
import { call, nothing } from './call.ts'

export const settingsCalls = {
  'settings:list': call({
    roles: ['helpdesk'],
    scope: 'server',
    effect: 'none',
    input: nothing,
    output: z.array(settingEntry)
  }),
  'settings:set': call({
    roles: [],
    scope: 'server',
    effect: ['settings', 'log'],
    input: z.object({
      changes: z.record(z.string(), z.unknown()),
      /** Values as they were looked at; refused with `changed-meanwhile` when one of them is another by now. */
      expected: z.record(z.string(), z.unknown()).optional()
    }),
    output: z.array(settingEntry)
  })
}
