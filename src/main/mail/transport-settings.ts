import addressparser from 'nodemailer/lib/addressparser'
import { AppError } from '../../shared/errors.ts'
import {
  defaultTransportName,
  readTransportKey,
  transportDefaults,
  transportFieldNames,
  transportFields,
  transportSecret,
  transportSecretFields,
  type TransportField,
  type TransportFields,
  type TransportSecretField,
  type TransportSettingKey
} from '../../shared/transport.ts'
import type { Db } from '../store/schema.ts'
import { deleteSetting } from '../settings/settings-store.ts'
import { checkEmail } from '../users/user-rules.ts'
import type { Mailbox } from './message.ts'

/** All that it takes to reach a mail server. Secrets are in the clear here: it never leaves the main process. */
export interface TransportConfig extends TransportFields {
  name: string
  password: string | null
  clientSecret: string | null
  /** What phones know this server by; a mail server hears it too, unless the transport names another name. */
  publicHost: string
}

/**
 * The stored settings of every transport, by name; the default one is always among them. Secrets are left sealed: what is kept
 * for them is only that there is one.
 */
export function readTransports(stored: ReadonlyMap<string, unknown>): Map<string, Partial<Record<string, unknown>>> {
  const transports = new Map<string, Partial<Record<string, unknown>>>([[defaultTransportName, {}]])
  for (const [key, value] of stored) {
    const found = readTransportKey(key)
    if (!found) continue
    transports.set(found.name, { ...transports.get(found.name), [found.field]: value })
  }
  return transports
}

export function fieldsOf(stored: Partial<Record<string, unknown>>): TransportFields {
  const fields = Object.fromEntries(
    transportFieldNames.map((field) => [field, stored[field] ?? transportDefaults[field]])
  )
  return fields as unknown as TransportFields
}

/** Names of the fields without which it cannot send. */
export function missingOf(
  fields: TransportFields,
  secrets: { password: boolean; clientSecret: boolean }
): (TransportField | TransportSecretField)[] {
  const missing: (TransportField | TransportSecretField)[] = []
  if (fields.host === '') missing.push('host')
  if (fields.sender === '') missing.push('sender')
  if (fields.authentication !== 'none' && fields.username === '') missing.push('username')
  if (fields.authentication === 'password' && !secrets.password) missing.push('password')
  if (fields.authentication === 'oauth2') {
    if (fields.tenant === '' && fields.tokenUrl === '') missing.push('tenant')
    if (fields.clientId === '') missing.push('clientId')
    if (!secrets.clientSecret) missing.push('clientSecret')
  }
  return missing
}

/** Throws `transport-incomplete` with the fields that are missing. */
export function requireComplete(config: TransportConfig): void {
  const missing = missingOf(config, { password: config.password !== null, clientSecret: config.clientSecret !== null })
  if (missing.length === 0) return
  throw new AppError(
    'transport-incomplete',
    `The transport “${config.name}” cannot send yet: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not set.`,
    { missing }
  )
}

/** A value of a transport's setting as it is to be kept, or why it cannot be. */
export function checkTransportSetting(
  key: TransportSettingKey,
  value: unknown
): { value: unknown } | { reason: string } {
  const found = readTransportKey(key)
  if (!found) return { reason: 'is no setting of a transport' }
  const { field } = found
  const schema = isSecretField(field) ? transportSecret : transportFields[field]
  const parsed = schema.safeParse(value)
  if (!parsed.success) return { reason: parsed.error.issues[0]?.message ?? 'is not valid' }
  if ((field === 'sender' || field === 'replyTo') && parsed.data !== '') {
    const checked = checkMailbox(String(parsed.data))
    if ('reason' in checked) return checked
  }
  return { value: parsed.data }
}

/** For taking a whole transport away. */
export async function deleteTransportSettings(transaction: Db, name: string): Promise<void> {
  for (const field of [...transportFieldNames, ...transportSecretFields]) {
    await deleteSetting(transaction, `transport.${name}.${field}`)
  }
}

export function isSecretField(field: TransportField | TransportSecretField): field is TransportSecretField {
  return transportSecretFields.some((secret) => secret === field)
}

/** `Help Desk <help@example.com>` or the address alone. */
export function checkMailbox(text: string): { value: Mailbox } | { reason: string } {
  const [parsed, ...rest] = addressparser(text)
  if (!parsed || rest.length > 0 || parsed.group !== undefined || !parsed.address) {
    return { reason: 'must be one address such as help@example.com or Help Desk <help@example.com>' }
  }
  const checked = checkEmail(parsed.address)
  if ('reason' in checked) return checked
  return { value: { name: parsed.name, address: checked.value } }
}

/** One that was checked when it was set. */
export function mailboxOf(text: string): Mailbox {
  const checked = checkMailbox(text)
  return 'value' in checked ? checked.value : { name: '', address: text }
}
