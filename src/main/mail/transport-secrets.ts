import type { KeyObject } from 'node:crypto'
import { AppError } from '../../shared/errors.ts'
import { settingDefaults } from '../../shared/settings.ts'
import {
  readTransportKey,
  secretTargetFields,
  transportSecretFields,
  type TransportFields,
  type TransportSecretField,
  type TransportSettingKey
} from '../../shared/transport.ts'
import type { AuditLog } from '../store/audit-chain.ts'
import type { Db } from '../store/schema.ts'
import type { Timekeeper } from '../store/time.ts'
import { seal, unseal } from '../keys/seal.ts'
import { deleteSetting, readSettings, writeSetting } from '../settings/settings-store.ts'
import { fieldsOf, isSecretField, readTransports, type TransportConfig } from './transport-settings.ts'

/** Tells a value that is bound to its target from one that an earlier version sealed for its name alone. */
const boundPrefix = '2.'

/**
 * To whom a secret is shown, and how: part of what it is sealed with, so that it opens for no other server, not even for somebody
 * who can write to the database.
 */
function targetOf(fields: TransportFields, secret: TransportSecretField): string {
  const exact = { ...fields, host: fields.host.toLowerCase() }
  return JSON.stringify(secretTargetFields[secret].map((field) => exact[field]))
}

/** A password signs in by password alone, a client secret fetches tokens alone. */
function isSecretUsed(fields: TransportFields, secret: TransportSecretField): boolean {
  return fields.authentication === (secret === 'password' ? 'password' : 'oauth2')
}

function hasSameTarget(one: TransportFields, other: TransportFields, secret: TransportSecretField): boolean {
  return targetOf(one, secret) === targetOf(other, secret)
}

/** Why a change is refused that leaves a kept secret as it is. */
function wantedAgain({ host, port }: TransportFields): string {
  const server = host === '' ? 'no mail server' : `${host}, port ${port},`
  return `has to be entered again: it was entered for ${server} with other settings, and is sent nowhere else`
}

function sealedPlace(name: string, secret: TransportSecretField, fields: TransportFields): string {
  return `settings/transport/${name}/${secret}/${targetOf(fields, secret)}`
}

function sealSecret(
  sealing: KeyObject,
  name: string,
  secret: TransportSecretField,
  fields: TransportFields,
  text: string
): string {
  return boundPrefix + seal(sealing, Buffer.from(text), sealedPlace(name, secret, fields)).toString('base64url')
}

/** Null where there is none, or where it was entered for another target than the transport has now. */
function openSecret(
  sealing: KeyObject,
  name: string,
  secret: TransportSecretField,
  fields: TransportFields,
  sealed: unknown
): string | null {
  if (typeof sealed !== 'string' || !sealed.startsWith(boundPrefix)) return null
  const bytes = Buffer.from(sealed.slice(boundPrefix.length), 'base64url')
  return unseal(sealing, bytes, sealedPlace(name, secret, fields))?.toString('utf8') ?? null
}

/** One transport with its secrets opened. Throws `transport-not-found`. */
export async function readTransportConfig(db: Db, sealing: KeyObject, name: string): Promise<TransportConfig> {
  const settings = await readSettings(db)
  const stored = readTransports(settings).get(name)
  if (!stored) throw new AppError('transport-not-found', `There is no transport “${name}”.`)
  return openTransport(settings, sealing, name, stored)
}

/** Of a transport that is not there yet, only what every one begins with. */
export function openTransport(
  settings: ReadonlyMap<string, unknown>,
  sealing: KeyObject,
  name: string,
  stored: Partial<Record<string, unknown>> = {}
): TransportConfig {
  const fields = fieldsOf(stored)
  const publicHost = settings.get('server.host')
  return {
    ...fields,
    name,
    password: openSecret(sealing, name, 'password', fields, stored['password']),
    clientSecret: openSecret(sealing, name, 'clientSecret', fields, stored['clientSecret']),
    publicHost: typeof publicHost === 'string' ? publicHost : settingDefaults['server.host']
  }
}

/**
 * What a form holds over what is kept. Throws `setting-invalid` where that would show a kept secret to another server than the
 * one it was entered for.
 */
export function overlay(kept: TransportConfig, values: Partial<TransportConfig>): TransportConfig {
  const config = { ...kept, ...values }
  const wrong: Record<string, string> = {}
  for (const secret of transportSecretFields) {
    if (Object.hasOwn(values, secret) || kept[secret] === null || hasSameTarget(kept, config, secret)) continue
    config[secret] = null
    if (isSecretUsed(config, secret)) wrong[secret] = wantedAgain(kept)
  }
  refuse(wrong)
  return config
}

function refuse(wrong: Record<string, string>): void {
  const reasons = Object.entries(wrong).map(([key, reason]) => `${key} ${reason}`)
  if (reasons.length > 0) throw new AppError('setting-invalid', `${reasons.join('; ')}.`, wrong)
}

/**
 * Writes checked values within the caller's transaction; null puts back a default or takes a secret away. A kept secret whose
 * target changes goes away where it is not in use; throws `setting-invalid` where it is.
 */
export async function writeTransportSettings(
  transaction: Db,
  sealing: KeyObject,
  changes: readonly (readonly [TransportSettingKey, unknown])[],
  nowMs: number
): Promise<void> {
  const before = readTransports(await readSettings(transaction))
  const secrets: { key: TransportSettingKey; name: string; field: TransportSecretField; value: unknown }[] = []
  const names = new Set<string>()
  for (const [key, value] of changes) {
    const found = readTransportKey(key)
    if (!found) continue
    const { name, field } = found
    names.add(name)
    if (isSecretField(field)) secrets.push({ key, name, field, value })
    else if (value === null) await deleteSetting(transaction, key)
    else await writeSetting(transaction, key, value, nowMs)
  }
  const after = readTransports(await readSettings(transaction))
  const fieldsAfter = (name: string) => fieldsOf(after.get(name) ?? {})
  for (const { key, name, field, value } of secrets) {
    if (typeof value !== 'string') await deleteSetting(transaction, key)
    else await writeSetting(transaction, key, sealSecret(sealing, name, field, fieldsAfter(name), value), nowMs)
  }
  const given = new Set<string>(secrets.map(({ key }) => key))
  const wrong: Record<string, string> = {}
  for (const name of names) {
    const stored = before.get(name) ?? {}
    const [old, fresh] = [fieldsOf(stored), fieldsAfter(name)]
    for (const secret of transportSecretFields) {
      const key: TransportSettingKey = `transport.${name}.${secret}`
      const isLost =
        !given.has(key) &&
        openSecret(sealing, name, secret, old, stored[secret]) !== null &&
        openSecret(sealing, name, secret, fresh, stored[secret]) === null
      if (!isLost) continue
      if (isSecretUsed(fresh, secret)) wrong[key] = wantedAgain(old)
      else await deleteSetting(transaction, key)
    }
  }
  refuse(wrong)
}

/**
 * Binds what an earlier version sealed for the transport's name alone to the target it has now. Once in the life of a folder, as
 * its log attests: an old value that somebody puts back later opens no more.
 */
export async function bindOldSecrets(parts: {
  db: Db
  time: Timekeeper
  audit: AuditLog
  sealing: KeyObject
}): Promise<void> {
  const { db, time, audit, sealing } = parts
  if ((await oldSecrets(db)).length === 0 || (await wereBound(db))) return
  await db.transaction().execute(async (transaction) => {
    if (await wereBound(transaction)) return
    const nowMs = await time.nowMs(transaction)
    const bound: string[] = []
    for (const { name, secret, fields, sealed } of await oldSecrets(transaction)) {
      const place = `settings/transport/${name}/${secret}`
      const text = unseal(sealing, Buffer.from(sealed, 'base64url'), place)?.toString('utf8')
      if (text === undefined) continue
      const key = `transport.${name}.${secret}`
      await writeSetting(transaction, key, sealSecret(sealing, name, secret, fields, text), nowMs)
      bound.push(key)
    }
    await audit.append(transaction, nowMs, { actor: 'update', kind: boundKind, detail: { secrets: bound } })
  })
}

const boundKind = 'transport.secrets-bound'

async function oldSecrets(db: Db) {
  return [...readTransports(await readSettings(db))].flatMap(([name, stored]) =>
    transportSecretFields.flatMap((secret) => {
      const sealed = stored[secret]
      const isOld = typeof sealed === 'string' && !sealed.startsWith(boundPrefix)
      return isOld ? [{ name, secret, fields: fieldsOf(stored), sealed }] : []
    })
  )
}

async function wereBound(db: Db): Promise<boolean> {
  const entry = await db.selectFrom('audit').select('id').where('kind', '=', boundKind).limit(1).executeTakeFirst()
  return entry !== undefined
}
