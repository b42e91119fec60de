import { z } from 'zod'
import { commandIds } from './commands.ts'

/** What main pushes to whoever listens. They say that something changed, not what: the listener asks again. */
export const eventSchemas = {
  'users-changed': z.object({}),
  'groups-changed': z.object({}),
  'settings-changed': z.object({}),
  'log-changed': z.object({}),
  'sheets-changed': z.object({}),
  'task-progress': z.object({ taskId: z.string(), done: z.number(), total: z.number() }),
  /** A menu of the desktop application was used; a browser has none. */
  'menu-command': z.object({ command: z.enum(commandIds) })
} as const

export type EventName = keyof typeof eventSchemas
export type EventData<Name extends EventName> = z.infer<(typeof eventSchemas)[Name]>
export type Publish = <Name extends EventName>(name: Name, data: EventData<Name>) => void
