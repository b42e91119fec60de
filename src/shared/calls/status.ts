import { serverStatus, statusFigures, statusTodo } from '../status.ts'
import { call, nothing } from './call.ts'

export const statusCalls = {
  'status:get': call({ roles: ['helpdesk'], scope: 'groups', effect: 'none', input: nothing, output: serverStatus }),
  /** What needs doing. */
  'status:todo': call({ roles: ['helpdesk'], scope: 'groups', effect: 'none', input: nothing, output: statusTodo }),
  'status:figures': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: 'none',
    input: nothing,
    output: statusFigures
  })
}
