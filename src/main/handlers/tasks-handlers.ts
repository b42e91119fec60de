import type { HandlersOf } from './dispatch.ts'
import type { Tasks } from './tasks.ts'

export function createTasksHandlers(tasks: Tasks): HandlersOf<'tasks'> {
  return {
    'tasks:cancel': ({ taskId }) => {
      tasks.cancel(taskId)
      return {}
    }
  }
}
