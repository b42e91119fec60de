import type { KeyObject } from 'node:crypto'
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
import type { Db } from '../database/schema.ts'
import { seal, unseal } from '../keys/seal.ts'
import { deleteSetting, readSettings, writeSetting } from '../settings/settings-store.ts'
import { checkEmail } from '../users/user-rules.ts'
import type { Mailbox } from './message.ts'

/** All that it takes to reach a mail server. Secrets are in the clear here: it never leaves the main process. */
export interface TransportConfig extends TransportFields {
  name: string
  password: string | null
  clientSecret: string | null
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

/** One transport with its secrets opened. Throws `transport-not-found`. */
export async function readTransportConfig(db: Db, sealing: KeyObject, name: string): Promise<TransportConfig> {
  const stored = readTransports(await readSettings(db)).get(name)
  if (!stored) throw new AppError('transport-not-found', `There is no transport “${name}”.`)
  const open = (field: TransportSecretField) => {
    const sealed = stored[field]
    if (typeof sealed !== 'string') return null
    const opened = unseal(sealing, Buffer.from(sealed, 'base64url'), secretPlace(name, field))
    if (!opened) throw new Error(`the ${field} of the transport ${name} cannot be unsealed`)
    return opened.toString('utf8')
  }
  return { ...fieldsOf(stored), name, password: open('password'), clientSecret: open('clientSecret') }
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

/** Writes a checked value within the caller's transaction, secrets sealed. */
export async function writeTransportSetting(
  transaction: Db,
  sealing: KeyObject,
  key: TransportSettingKey,
  value: unknown,
  nowMs: number
): Promise<void> {
  const found = readTransportKey(key)
  if (!found) return
  const { name, field } = found
  const kept = isSecretField(field)
    ? seal(sealing, Buffer.from(String(value)), secretPlace(name, field)).toString('base64url')
    : value
  await writeSetting(transaction, key, kept, nowMs)
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

function secretPlace(name: string, field: TransportSecretField): string {
  return `settings/transport/${name}/${field}`
}
