import { assertNever, type ErrorCode, type ErrorData } from '../../shared/errors.ts'
import { CallError, ConnectionError } from '../bridge.ts'
import { t } from './index.ts'

/** What a person is told of a failure: a sentence, and what the console adds to it. */
export interface Problem {
  sentence: string
  detail: string | null
}

export function describeProblem(error: unknown): Problem {
  if (error instanceof CallError) return describeRefusal(error.data)
  if (error instanceof ConnectionError) {
    return { sentence: t(error.isSessionEnded ? 'session.ended' : 'problem.connectionLost'), detail: null }
  }
  return { sentence: t('problem.unexpected'), detail: error instanceof Error ? error.message : null }
}

export function describeRefusal({ code, message }: ErrorData): Problem {
  return { sentence: t(`errors.${code}`), detail: saysMore(code) ? message : null }
}

/** One text for a toast. */
export function problemText(error: unknown): string {
  const { sentence, detail } = describeProblem(error)
  return detail === null ? sentence : `${sentence} ${detail}`
}

/** A reason that the console gives, be it a sentence or a clause, as part of a sentence. */
export function asClause(reason: string): string {
  return reason.replace(/\.$/, '')
}

/** Whether the console's own sentence names something (a value, a file, a limit) that the catalogue's cannot. */
function saysMore(code: ErrorCode): boolean {
  switch (code) {
    case 'invalid-input':
    case 'partial':
    case 'nothing-done':
    case 'user-not-found':
    case 'user-exists':
    case 'group-not-found':
    case 'group-exists':
    case 'group-not-empty':
    case 'import-unreadable':
    case 'setting-unknown':
    case 'setting-invalid':
    case 'transport-not-found':
    case 'transport-incomplete':
    case 'transport-refused':
    case 'template-invalid':
    case 'mail-unable':
    case 'data-folder-unusable':
    case 'log-broken':
    case 'undo-gone':
    case 'key-missing':
    case 'key-locked':
    case 'key-mismatch':
    case 'key-slot-exists':
    case 'file-unreadable':
    case 'file-unwritable':
    case 'not-printed':
    case 'picture-unreadable':
    case 'qr-too-small':
    case 'qr-unreadable':
    case 'text-too-long':
    case 'stock-unknown':
    case 'stock-invalid':
    case 'letter-too-long':
    case 'sheet-too-long':
    case 'port-taken':
    case 'address-unusable':
    case 'tls-unavailable':
    case 'portal-off':
    case 'disk-full':
      return true
    case 'sheet-not-found':
    case 'unknown-call':
    case 'forbidden':
    case 'cancelled':
    case 'user-disabled':
    case 'code-not-found':
    case 'batch-not-found':
    case 'message-not-found':
    case 'import-rejected':
    case 'changed-meanwhile':
    case 'schema-newer':
    case 'key-slot-not-found':
    case 'key-slot-last':
    case 'qr-not-found':
    case 'time-is-right':
    case 'database-damaged':
    case 'database-busy':
    case 'own-address-unknown':
    case 'internal':
      return false
    default:
      return assertNever(code)
  }
}
