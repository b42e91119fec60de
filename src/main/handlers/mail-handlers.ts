import type { Services } from '../services.ts'
import type { HandlersOf } from './dispatch.ts'
import type { Tasks } from './tasks.ts'

export function createMailHandlers({ mail, outbox }: Services, tasks: Tasks): HandlersOf<'mail'> {
  return {
    'mail:plan': ({ taskId, ...request }, act) => tasks.run(taskId, act, (task) => mail.plan(request, task)),
    'mail:planned': (request, act) => mail.planned(request, act),
    'mail:preview': (request) => mail.preview(request),
    'mail:checkLinks': (request) => mail.checkLinks(request),
    'mail:ownAddress': (_input, act) => mail.ownAddresses.show(act),
    'mail:askOwnAddress': ({ address }, act) => mail.ownAddresses.ask(address, act),
    'mail:confirmOwnAddress': ({ number }, act) => mail.ownAddresses.confirm(number, act),
    'mail:toMe': (request, act) => mail.toMe(request, act),
    'mail:send': ({ taskId, ...request }, act) => tasks.run(taskId, act, (task) => outbox.send(request, task))
  }
}
