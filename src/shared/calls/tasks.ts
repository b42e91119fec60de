import { z } from 'zod'
import { call, done } from './call.ts'

export const tasksCalls = {
  'tasks:cancel': call({
    roles: ['helpdesk'],
    scope: 'server',
    effect: 'none',
    // The task may be what a restore waits for.
    waitsForRestore: false,
    input: z.object({ taskId: z.string().max(100) }),
    output: done
  })
}
