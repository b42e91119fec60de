import type { Services } from '../services.ts'
import type { HandlersOf } from './dispatch.ts'
import type { Tasks } from './tasks.ts'

export function createGroupsHandlers({ groups }: Services, tasks: Tasks): HandlersOf<'groups'> {
  return {
    'groups:list': () => groups.list(),
    'groups:add': (fields, act) => groups.add(fields, act),
    'groups:set': ({ name, change, expected }, act) => groups.set(name, change, act, expected),
    'groups:remove': ({ name, moveUsersTo, taskId }, act) =>
      tasks.run(taskId, act, (task) => groups.remove(name, task, moveUsersTo))
  }
}
