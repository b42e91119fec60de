import { z } from 'zod'
import { group, groupChange } from '../group.ts'
import { call, nameToFind, nothing, taskId } from './call.ts'

export const groupsCalls = {
  'groups:list': call({ roles: ['helpdesk'], scope: 'groups', effect: 'none', input: nothing, output: z.array(group) }),
  'groups:add': call({
    roles: [],
    scope: 'server',
    effect: ['groups', 'users', 'log'],
    input: groupChange.extend({ name: nameToFind }),
    output: group
  }),
  'groups:set': call({
    roles: [],
    scope: 'groups',
    effect: ['groups', 'users', 'log'],
    input: z.object({
      name: nameToFind,
      change: groupChange,
      /** Fields as they were looked at; refused with `changed-meanwhile` when one of them is another by now. */
      expected: groupChange.optional()
    }),
    output: group
  }),
  'groups:remove': call({
    roles: [],
    scope: 'groups',
    effect: ['groups', 'users', 'log'],
    input: z.object({
      name: nameToFind,
      /** The group that its users go to in the same act; without it a group with users is refused. */
      moveUsersTo: nameToFind.optional(),
      taskId
    }),
    /** Stopped before the last user was moved, the group stays. */
    output: z.object({ moved: z.number().int(), stopped: z.string().nullable() })
  })
}
