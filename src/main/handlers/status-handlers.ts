import type { PortalRunner } from '../portal/portal-runner.ts'
import type { Services } from '../services.ts'
import { readFigures } from '../status/status-figures.ts'
import { readStatus } from '../status/status-service.ts'
import { readTodo } from '../status/status-todo.ts'
import type { HandlersOf } from './dispatch.ts'

export function createStatusHandlers(services: Services, portal: PortalRunner): HandlersOf<'status'> {
  return {
    'status:get': () => readStatus(services),
    'status:todo': () => readTodo(services, portal),
    'status:figures': () => readFigures(services, portal)
  }
}
