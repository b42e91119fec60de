import { z } from 'zod'

/** Everything that can be expected to go wrong. A caller may act on a code; the message is for people. */
export const errorCodes = [
  'invalid-input',
  'unknown-call',
  'forbidden',
  'cancelled',
  'partial',
  'nothing-done',
  'user-not-found',
  'user-exists',
  'user-disabled',
  'group-not-found',
  'group-exists',
  'group-not-empty',
  'code-not-found',
  'import-rejected',
  'import-unreadable',
  'setting-unknown',
  'setting-invalid',
  'changed-meanwhile',
  'transport-not-found',
  'transport-incomplete',
  'transport-refused',
  'template-invalid',
  'batch-not-found',
  'message-not-found',
  'mail-unable',
  'own-address-unknown',
  'data-folder-unusable',
  'schema-newer',
  'log-broken',
  'undo-gone',
  'key-missing',
  'key-locked',
  'key-mismatch',
  'key-slot-not-found',
  'key-slot-last',
  'key-slot-exists',
  'file-unreadable',
  'file-unwritable',
  'not-printed',
  'picture-unreadable',
  'qr-not-found',
  'qr-too-small',
  'qr-unreadable',
  'text-too-long',
  'stock-unknown',
  'stock-invalid',
  'letter-too-long',
  'sheet-not-found',
  'sheet-too-long',
  'port-taken',
  'address-unusable',
  'tls-unavailable',
  'portal-off',
  'time-is-right',
  'disk-full',
  'database-damaged',
  'database-busy',
  'internal'
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** A refusal that a service expects and a person can act on. Anything else that is thrown becomes `internal`. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly details: unknown

  /** A `cause` is for the technical log, never for a caller. */
  constructor(code: ErrorCode, message: string, details?: unknown, options?: ErrorOptions) {
    super(message, options)
    this.name = 'AppError'
    this.code = code
    this.details = details
  }
}

/** An error as plain data: what is left of an `AppError` once it has crossed a process boundary. */
export const errorData = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  details: z.unknown().optional()
})
export type ErrorData = z.infer<typeof errorData>

export type Result<T> = { ok: true; value: T } | { ok: false; error: ErrorData }

export function assertNever(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`)
}
