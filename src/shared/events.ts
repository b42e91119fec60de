import { z } from 'zod'
import { commandIds } from './commands.ts'
import { checkProgress } from './diagnostics.ts'

/** What can change under whoever looks at it. `portal`: the User Portal runs or does not, or has answered a request. */
export const topics = ['users', 'groups', 'settings', 'log', 'outbox', 'sheets', 'portal'] as const
export type Topic = (typeof topics)[number]
export type ChangeEvent = `${Topic}-changed`

/** The event by which listeners hear that a topic changed: not what of it, so they ask again. */
export const changeOf = <Of extends Topic>(topic: Of) => `${topic}-changed` as const

const noDetail = z.object({})
const changes = Object.fromEntries(topics.map((topic) => [changeOf(topic), noDetail])) as Record<
  ChangeEvent,
  typeof noDetail
>

/** What main pushes to whoever listens. */
export const eventSchemas = {
  ...changes,
  /** While mails are sent, a few times a second: of one batch, or (null) of mails that belong to none. */
  'outbox-progress': z.object({ batchId: z.number().nullable(), done: z.number(), total: z.number() }),
  'task-progress': z.object({ taskId: z.string(), done: z.number(), total: z.number() }),
  /** A check that runs as a task has taken a step. */
  'check-progress': z.object({ taskId: z.string(), step: checkProgress }),
  /** A menu of the desktop application was used; a browser has none. */
  'menu-command': z.object({ command: z.enum(commandIds) })
} as const

export type EventName = keyof typeof eventSchemas
export type EventData<Name extends EventName> = z.infer<(typeof eventSchemas)[Name]>
export type Publish = <Name extends EventName>(name: Name, data: EventData<Name>) => void
