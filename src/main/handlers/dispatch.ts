import type { CallShape, Role } from '../../shared/calls/call.ts'
import type { CallName, CallOutput, Contract, ParsedInput } from '../../shared/contract.ts'
import { isCallName, shapeOf } from '../../shared/contract.ts'
import { AppError, type ErrorData, type Result } from '../../shared/errors.ts'
import type { Act } from '../system/operation.ts'
import { refusalOfDatabase } from '../store/sqlite/refusals.ts'
import type { Log } from '../system/log.ts'

/** One function for each call of the contract: a missing or mistyped one does not compile. */
export type Handlers = {
  [Name in CallName]: (input: ParsedInput<Name>, act: Act) => Promise<CallOutput<Name>> | CallOutput<Name>
}

/** The part of them that one domain answers, for a file of its own. */
export type HandlersOf<Noun extends string> = Pick<Handlers, Extract<CallName, `${Noun}:${string}`>>

/** Who calls: set by the way in (window, browser, command line), never by the caller. */
export interface Caller extends Act {
  role: Role
}

export type Dispatch = (name: unknown, input: unknown, caller: Caller) => Promise<Result<unknown>>

/**
 * The one place where a call from outside becomes a handler's: checks its name, the caller's role and the input, runs it,
 * and wraps the answer as plain data. It never throws.
 */
export function createDispatch(handlers: Handlers, log: Log, onDone: (name: CallName) => void): Dispatch {
  return async (name, input, caller) => {
    try {
      if (!isCallName(name)) throw new AppError('unknown-call', 'There is no such call.')
      const { roles, input: schema } = shapeOf(name)
      if (!mayCall(caller.role, roles)) {
        throw new AppError('forbidden', 'This needs the rights of an administrator.')
      }
      const parsed = schema.safeParse(input)
      if (!parsed.success) {
        const fields = Object.fromEntries(
          parsed.error.issues.map((issue) => [issue.path.map(String).join('.'), issue.message])
        )
        throw new AppError('invalid-input', `The call ${name} was not given what it needs.`, fields)
      }
      // The table pairs each name with its own handler; TypeScript cannot follow the pair through a union of names.
      const handler = handlers[name] as (input: ParsedInput<keyof Contract>, act: Act) => unknown
      const value = await handler(parsed.data as ParsedInput<CallName>, caller)
      onDone(name)
      return { ok: true, value }
    } catch (error) {
      return { ok: false, error: toErrorData(error, log, isCallName(name) ? name : 'an unknown call') }
    }
  }
}

function mayCall(role: Role, roles: CallShape['roles']): boolean {
  return role === 'administrator' || roles.includes(role)
}

/** An expected refusal as plain data, its cause for the log alone; anything else is logged, and tells the caller nothing of the inside. */
export function toErrorData(error: unknown, log: Log, where: string): ErrorData {
  const refusal = refusalOfDatabase(error)
  if (refusal) {
    const { code, message, details, cause } = refusal
    // The log lies in the data folder.
    if (cause !== undefined && code !== 'data-folder-unusable')
      log.warn(`Refused in ${where}: ${message}`, { error: cause })
    return details === undefined ? { code, message } : { code, message, details }
  }
  log.error(`Unexpected failure in ${where}.`, { error })
  return { code: 'internal', message: 'Something went wrong inside the program; its log has the details.' }
}
