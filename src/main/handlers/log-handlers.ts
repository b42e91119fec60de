import type { Services } from '../services.ts'
import type { HandlersOf } from './dispatch.ts'
import type { Tasks } from './tasks.ts'

export function createLogHandlers({ log }: Services, tasks: Tasks): HandlersOf<'log'> {
  return {
    'log:list': (page) => log.list(page),
    'log:verify': ({ head, taskId }, act) => tasks.run(taskId, act, (task) => log.verify(head, task)),
    'log:export': ({ filter, format, taskId }, act) =>
      tasks.run(taskId, act, (task) => log.export(filter, format, task))
  }
}
