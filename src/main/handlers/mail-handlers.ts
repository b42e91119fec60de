import type { Services } from '../services.ts'
import { requireAddress } from '../mail/mail-service.ts'
import type { Handlers } from './dispatch.ts'
import type { Tasks } from './tasks.ts'

type MailCalls = Extract<
  keyof Handlers,
  `transports:${string}` | `templates:${string}` | `mail:${string}` | `outbox:${string}`
>

/** The calls of transports, templates, mails and the outbox. */
export function createMailHandlers(
  {
    transports,
    templates,
    mail,
    outbox,
    sender
  }: Pick<Services, 'transports' | 'templates' | 'mail' | 'outbox' | 'sender'>,
  tasks: Tasks
): Pick<Handlers, MailCalls> {
  return {
    'transports:list': () => transports.list(),
    'transports:set': async ({ name, change }, act) => {
      const changed = await transports.set(name, change, act)
      sender.poke()
      return changed
    },
    'transports:remove': async ({ name }, act) => {
      await transports.remove(name, act)
      return {}
    },
    'transports:check': ({ name, change }, act) => transports.check(name, change, act),
    'transports:test': ({ name, change, address }, act) => mail.test(name, change, address, act),

    'templates:list': () => templates.list(),
    'templates:get': ({ kind, group }) => templates.get(kind, group),
    'templates:set': ({ kind, group, ...content }, act) => templates.set(kind, group, content, act),
    'templates:reset': ({ kind, group, variant }, act) => templates.reset(kind, group, variant, act),
    'templates:validate': ({ kind, group, ...content }) => templates.validate(kind, group, content),

    'mail:plan': ({ taskId, ...request }, act) => tasks.run(taskId, act, (task) => mail.plan(request, task)),
    'mail:planned': (request, act) => mail.planned(request, act),
    'mail:preview': (request) => mail.preview(request),
    'mail:checkLinks': (request) => mail.checkLinks(request),
    'mail:ownAddress': (_input, act) => mail.ownAddresses.show(act),
    'mail:askOwnAddress': ({ address }, act) => mail.ownAddresses.ask(requireAddress(address), act),
    'mail:confirmOwnAddress': ({ number }, act) => mail.ownAddresses.confirm(number, act),
    'mail:toMe': (request, act) => mail.toMe(request, act),
    'mail:send': ({ taskId, ...request }, act) => tasks.run(taskId, act, (task) => outbox.send(request, task)),

    'outbox:summary': () => outbox.summary(),
    'outbox:batches': async ({ beforeId, limit }) => {
      const batches = await outbox.batches({ beforeId: beforeId ?? null, limit })
      return { batches, next: batches.length === limit ? (batches.at(-1)?.id ?? null) : null }
    },
    'outbox:messages': async (page) => {
      const messages = await outbox.messages(page)
      return { messages, next: messages.length === page.limit ? (messages.at(-1)?.id ?? null) : null }
    },
    'outbox:pause': ({ batchId }, act) => outbox.pause(batchId, act),
    'outbox:resume': ({ batchId }, act) => outbox.resume(batchId, act),
    'outbox:cancel': async ({ batchId }, act) => ({ cancelled: await outbox.cancel(batchId, act) }),
    'outbox:retry': ({ taskId, ...selection }, act) => tasks.run(taskId, act, (task) => outbox.retry(selection, task))
  }
}
