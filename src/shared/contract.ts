import type { z } from 'zod'
import './issue-words.ts'
import { backupCalls } from './calls/backup.ts'
import { codesCalls } from './calls/codes.ts'
import { diagnosticsCalls } from './calls/diagnostics.ts'
import { groupsCalls } from './calls/groups.ts'
import { keyCalls } from './calls/key.ts'
import { linksCalls } from './calls/links.ts'
import { logCalls } from './calls/log.ts'
import { mailCalls } from './calls/mail.ts'
import { outboxCalls } from './calls/outbox.ts'
import { portalCalls } from './calls/portal.ts'
import { qrCalls } from './calls/qr.ts'
import { settingsCalls } from './calls/settings.ts'
import { sheetsCalls } from './calls/sheets.ts'
import { statusCalls } from './calls/status.ts'
import { tasksCalls } from './calls/tasks.ts'
import { templatesCalls } from './calls/templates.ts'
import { timeCalls } from './calls/time.ts'
import { transportsCalls } from './calls/transports.ts'
import { usersCalls } from './calls/users.ts'
import { versionCalls } from './calls/version.ts'
import type { CallShape } from './calls/call.ts'

/** Every call there is, by `noun:verb`. All that is said of one is said in its entry. */
export const contract = {
  ...versionCalls,
  ...statusCalls,
  ...timeCalls,
  ...tasksCalls,
  ...settingsCalls,
  ...groupsCalls,
  ...usersCalls,
  ...codesCalls,
  ...qrCalls,
  ...diagnosticsCalls,
  ...transportsCalls,
  ...templatesCalls,
  ...mailCalls,
  ...outboxCalls,
  ...logCalls,
  ...backupCalls,
  ...portalCalls,
  ...linksCalls,
  ...sheetsCalls,
  ...keyCalls
} satisfies Record<`${string}:${string}`, CallShape>

export type Contract = typeof contract
export type CallName = keyof Contract
/** What a caller sends: members with a default may be left out. */
export type CallInput<Name extends CallName> = z.input<Contract[Name]['input']>
/** What a handler receives. */
export type ParsedInput<Name extends CallName> = z.output<Contract[Name]['input']>
export type CallOutput<Name extends CallName> = z.output<Contract[Name]['output']>

/** What the entry of a call says, whichever call it is. */
export function shapeOf(name: CallName): CallShape {
  return contract[name]
}

export function isCallName(name: unknown): name is CallName {
  return typeof name === 'string' && Object.hasOwn(contract, name)
}
