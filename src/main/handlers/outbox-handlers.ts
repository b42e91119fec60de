import type { Services } from '../services.ts'
import type { HandlersOf } from './dispatch.ts'
import { nextAfter } from './next-page.ts'
import type { Tasks } from './tasks.ts'

export function createOutboxHandlers({ outbox }: Services, tasks: Tasks): HandlersOf<'outbox'> {
  return {
    'outbox:summary': () => outbox.summary(),
    'outbox:batches': async ({ beforeId, limit }) => {
      const batches = await outbox.batches({ beforeId: beforeId ?? null, limit })
      return { batches, next: nextAfter(batches, limit, ({ id }) => id) }
    },
    'outbox:messages': async (page) => {
      const messages = await outbox.messages(page)
      return { messages, next: nextAfter(messages, page.limit, ({ id }) => id) }
    },
    'outbox:pause': ({ batchId }, act) => outbox.pause(batchId, act),
    'outbox:resume': ({ batchId }, act) => outbox.resume(batchId, act),
    'outbox:cancel': async ({ batchId }, act) => ({ cancelled: await outbox.cancel(batchId, act) }),
    'outbox:retry': ({ taskId, ...selection }, act) => tasks.run(taskId, act, (task) => outbox.retry(selection, task))
  }
}
