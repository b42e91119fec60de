import { z } from 'zod'
import { commandIds } from './commands.ts'
import { checkProgress } from './diagnostics.ts'

/** What can change; whoever shows it asks again. */
export const topics = ['users', 'groups', 'settings', 'log', 'outbox', 'sheets', 'portal'] as const
export type Topic = (typeof topics)[number]

/** What main pushes to whoever listens. They say that something changed, not what: the listener asks again. */
export const eventSchemas = {
  'users-changed': z.object({}),
  'groups-changed': z.object({}),
  'settings-changed': z.object({}),
  'log-changed': z.object({}),
  /** The User Portal runs or does not, or has answered a request. */
  'portal-changed': z.object({}),
  'outbox-changed': z.object({}),
  /** While mails are sent, a few times a second: of one batch, or (null) of mails that belong to none. */
  'outbox-progress': z.object({ batchId: z.number().nullable(), done: z.number(), total: z.number() }),
  'sheets-changed': z.object({}),
  'task-progress': z.object({ taskId: z.string(), done: z.number(), total: z.number() }),
  /** A check that runs as a task has taken a step. */
  'check-progress': z.object({ taskId: z.string(), step: checkProgress }),
  /** A menu of the desktop application was used; a browser has none. */
  'menu-command': z.object({ command: z.enum(commandIds) })
} as const

export type EventName = keyof typeof eventSchemas
export type EventData<Name extends EventName> = z.infer<(typeof eventSchemas)[Name]>
export type Publish = <Name extends EventName>(name: Name, data: EventData<Name>) => void
