import type { Publish } from '../../shared/events.ts'
import type { Act } from '../system/operation.ts'
import type { Services } from '../services.ts'
import { bePhone } from '../diagnostics/be-the-phone.ts'
import { createSupportBundle } from '../diagnostics/bundle.ts'
import { readPicture } from '../diagnostics/decode.ts'
import { checkUser, explain } from '../diagnostics/explain.ts'
import { testLink } from '../diagnostics/link-test.ts'
import type { CheckOptions } from '../diagnostics/path-check.ts'
import type { HandlersOf } from './dispatch.ts'
import type { Tasks } from './tasks.ts'

export function createDiagnosticsHandlers(
  services: Services,
  tasks: Tasks,
  publish: Publish
): HandlersOf<'diagnostics'> {
  /** The steps of a check that runs as a task are told one by one, without what went over the wire. */
  const check = <T>(
    taskId: string | undefined,
    act: Act,
    work: (task: Act, options: CheckOptions) => Promise<T>
  ): Promise<T> =>
    tasks.run(taskId, act, (task) =>
      work(task, {
        signal: task.signal,
        onStep({ step, outcome, durationMs, sentence }) {
          if (taskId !== undefined) publish('check-progress', { taskId, step: { step, outcome, durationMs, sentence } })
        }
      })
    )
  return {
    'diagnostics:readPicture': ({ image }) => readPicture(services, image),
    'diagnostics:bePhone': ({ group, taskId }, act) =>
      check(taskId, act, (task, options) => bePhone(services, group, task, options)),
    'diagnostics:explain': ({ symptom, username, taskId }, act) =>
      check(taskId, act, (task, options) => explain(services, { symptom, username }, task, options)),
    'diagnostics:checkUser': ({ username }) => checkUser(services, username),
    'diagnostics:testLink': ({ link, taskId }, act) =>
      check(taskId, act, (task, options) => testLink(services, link, task, options)),
    'diagnostics:bundle': ({ pseudonyms }) => createSupportBundle(services, { pseudonyms })
  }
}
