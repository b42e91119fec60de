import type { Services } from '../services.ts'
import type { HandlersOf } from './dispatch.ts'
import { nextAfter } from './next-page.ts'
import type { Tasks } from './tasks.ts'

export function createCodesHandlers({ codes }: Services, tasks: Tasks): HandlersOf<'codes'> {
  return {
    'codes:issue': ({ taskId, ...request }, act) =>
      tasks.run(taskId, act, (task) => codes.issue({ ...request, channel: 'desk' }, task)),
    'codes:issueFile': ({ taskId, ...request }, act) =>
      tasks.run(taskId, act, (task) => codes.issueFile({ ...request, channel: 'desk' }, task)),
    'codes:list': async ({ state, beforeId, limit }) => {
      const listed = await codes.list({ state: state ?? null, beforeId: beforeId ?? null, limit })
      return { codes: listed, next: nextAfter(listed, limit, ({ id }) => id) }
    },
    'codes:withdraw': ({ selection, taskId }, act) => tasks.run(taskId, act, (task) => codes.withdraw(selection, task)),
    'codes:reveal': ({ handle }, act) => codes.reveal(handle, act)
  }
}
