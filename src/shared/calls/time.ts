import { serverTime, timeSetRightReport } from '../time.ts'
import { call, nothing } from './call.ts'

export const timeCalls = {
  'time:get': call({ roles: ['helpdesk'], scope: 'server', effect: 'none', input: nothing, output: serverTime }),
  /** Takes the clock at its word again; codes and links that anybody holds end. Throws `time-is-right`. */
  'time:setRight': call({
    roles: [],
    scope: 'server',
    effect: ['users', 'outbox', 'sheets', 'log'],
    input: nothing,
    output: timeSetRightReport
  })
}
