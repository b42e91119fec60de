import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { KeyObject } from 'node:crypto'
import { AppError } from '../../shared/errors.ts'
import {
  defaultTransportName,
  transportName,
  transportSteps,
  type Transport,
  type TransportChange,
  type TransportSettingKey,
  type TransportStep
} from '../../shared/transport.ts'
import type { Act } from '../system/operation.ts'
import type { AuditLog } from '../store/audit-chain.ts'
import type { Db } from '../store/schema.ts'
import type { Timekeeper } from '../store/time.ts'
import { listGroupRows } from '../groups/group-store.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import { readSettings } from '../settings/settings-store.ts'
import { envelopeAddress } from './message.ts'
import type { TokenSource } from './oauth-tokens.ts'
import { openSmtp, type SmtpSession, type SmtpTimeouts } from './smtp.ts'
import { SmtpFailure } from './smtp-outcomes.ts'
import { openTransport, overlay } from './transport-secrets.ts'
import {
  checkTransportSetting,
  deleteTransportSettings,
  fieldsOf,
  isSecretField,
  mailboxOf,
  missingOf,
  readTransports,
  requireComplete,
  type TransportConfig
} from './transport-settings.ts'

export interface TransportService {
  /** `from`: the caller's transaction, where it is in one. */
  list(from?: Db): Promise<Transport[]>
  /** Throws `transport-not-found`. */
  show(name: string): Promise<Transport>
  /** Changes one, or makes it. Throws `setting-invalid` with `details: { [field]: reason }`. */
  set(name: string, change: TransportChange, act: Act): Promise<Transport>
  remove(name: string, act: Act): Promise<void>
  /** With its secrets, and with a form's values over those kept. Throws as `set` does. */
  config(name: string, change?: TransportChange): Promise<TransportConfig>
  /** Goes through the steps one by one; after the first that fails the rest is skipped. Nothing is sent, but it is noted in the log. */
  check(name: string, change: TransportChange | undefined, act: Act): Promise<TransportStep[]>
}

export interface TransportServiceParts {
  db: Db
  time: Timekeeper
  audit: AuditLog
  sealing: KeyObject
  settings: SettingsService
  tokens: TokenSource
  /** For tests of servers that say nothing. */
  timeouts?: SmtpTimeouts | undefined
}

export function createTransportService(parts: TransportServiceParts): TransportService {
  const { db, time, audit, sealing, settings, tokens, timeouts } = parts
  const list = async (from: Db = db): Promise<Transport[]> => {
    const groups = await listGroupRows(from)
    const stored = await readSettings(from)
    return [...readTransports(stored)]
      .map(([name, own]) => {
        const fields = fieldsOf(own)
        // One that was entered for another server counts for nothing.
        const opened = openTransport(stored, sealing, name, own)
        const secrets = { password: opened.password !== null, clientSecret: opened.clientSecret !== null }
        return {
          name,
          ...fields,
          hasPassword: secrets.password,
          hasClientSecret: secrets.clientSecret,
          missing: missingOf(fields, secrets),
          groups: groups.filter(({ transport }) => transport === name).map((group) => group.name)
        }
      })
      .toSorted(
        (a, b) =>
          Number(b.name === defaultTransportName) - Number(a.name === defaultTransportName) ||
          (a.name < b.name ? -1 : 1)
      )
  }
  const show = async (name: string) => {
    const found = (await list()).find((one) => one.name === name)
    if (!found) throw new AppError('transport-not-found', `There is no transport “${name}”.`)
    return found
  }
  const config = async (given: string, change: TransportChange = {}) => {
    const name = requireName(given)
    const values = checkChange(name, change)
    const stored = await readSettings(db)
    // A form may be tried before it is saved for the first time.
    return overlay(openTransport(stored, sealing, name, readTransports(stored).get(name)), values)
  }
  return {
    list: (from) => list(from),
    show: (name) => show(requireName(name)),
    config,
    async set(given, change, act) {
      const name = requireName(given)
      const changes = Object.fromEntries(
        Object.entries(checkChange(name, change)).map(([field, value]) => [`transport.${name}.${field}`, value])
      )
      // One without any setting of its own would not be there.
      const isKnown = readTransports(await readSettings(db)).has(name)
      if (!isKnown && Object.keys(changes).length === 0) changes[`transport.${name}.html`] = true
      await settings.set(changes, act).catch((error: unknown) => {
        throw ofFields(error, name)
      })
      return show(name)
    },
    async remove(given, act) {
      const { name, groups } = await show(requireName(given))
      if (name === defaultTransportName) {
        throw new AppError(
          'invalid-input',
          'The default transport cannot be removed: groups that name no other use it.'
        )
      }
      if (groups.length > 0) {
        throw new AppError(
          'invalid-input',
          `The transport “${name}” is used by ${groups.join(', ')}. Give them another one first.`
        )
      }
      await db.transaction().execute(async (transaction) => {
        const nowMs = await time.nowMs(transaction)
        await deleteTransportSettings(transaction, name)
        await audit.append(transaction, nowMs, { actor: act.actor, kind: 'transport.removed', detail: { name } })
      })
    },
    async check(name, change, act) {
      const checked = await config(name, change)
      const steps = await checkTransport(checked, tokens, timeouts)
      const failed = steps.find(({ outcome }) => outcome === 'failed')
      await db.transaction().execute(async (transaction) => {
        const detail = { ...placeOf(checked), failed: failed?.step ?? null, response: failed?.message ?? '' }
        const nowMs = await time.nowMs(transaction)
        await audit.append(transaction, nowMs, { actor: act.actor, kind: 'transport.checked', detail })
      })
      return steps
    }
  }
}

/** Which server was asked, as the log keeps it. */
export function placeOf({ name, host, port }: TransportConfig): { transport: string; host: string; port: number } {
  return { transport: name, host, port }
}

function requireName(text: string): string {
  const name = transportName.safeParse(text)
  if (name.success) return name.data
  throw new AppError('invalid-input', `The name of a transport ${name.error.issues[0]?.message ?? 'is not valid'}.`)
}

/** A refusal that names settings, as one that names the form's fields. */
function ofFields(error: unknown, name: string): unknown {
  if (!(error instanceof AppError) || error.code !== 'setting-invalid') return error
  const reasons = Object.entries(error.details as Record<string, string>).map(
    ([key, reason]) => [key.replace(`transport.${name}.`, ''), reason] as const
  )
  const message = `${reasons.map(([field, reason]) => `${field} ${reason}`).join('; ')}.`
  return new AppError('setting-invalid', message, Object.fromEntries(reasons))
}

/** Throws `setting-invalid` naming each field that is wrong. */
function checkChange(name: string, change: TransportChange): Partial<TransportConfig> {
  const wrong: Record<string, string> = {}
  const values: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(change)) {
    if (value === undefined) continue
    const isSecret = isSecretField(field as 'password')
    if (isSecret && (value === null || value === '')) {
      values[field] = null
      continue
    }
    const checked = checkTransportSetting(`transport.${name}.${field}` as TransportSettingKey, value)
    if ('value' in checked) values[field] = checked.value
    else wrong[field] = checked.reason
  }
  const reasons = Object.entries(wrong)
  if (reasons.length > 0) {
    throw new AppError(
      'setting-invalid',
      `${reasons.map(([field, reason]) => `${field} ${reason}`).join('; ')}.`,
      wrong
    )
  }
  return values
}

async function checkTransport(
  config: TransportConfig,
  tokens: TokenSource,
  timeouts: SmtpTimeouts | undefined
): Promise<TransportStep[]> {
  requireComplete(config)
  const done: TransportStep[] = []
  let startedAtMs = performance.now()
  const finish = (step: TransportStep['step'], outcome: TransportStep['outcome'], message: string) => {
    done.push({ step, outcome, message, elapsedMs: Math.round(performance.now() - startedAtMs) })
    startedAtMs = performance.now()
  }
  let session: SmtpSession | undefined
  try {
    finish('dns', 'passed', await resolveHost(config.host))
    session = await openSmtp(config, tokens, timeouts, (step, words) => finish(step, 'passed', words))
    const from = envelopeAddress(mailboxOf(config.sender).address).address
    const reply = await session.checkSender(from)
    finish('sender', 'passed', `The server takes mail from ${from}: ${reply}`)
  } catch (error) {
    if (!(error instanceof SmtpFailure)) throw error
    // With TLS from the first byte on, the connection stood before the handshake failed.
    if (error.step === 'tls')
      finish('connect', 'passed', `The server at ${config.host}, port ${config.port}, answered.`)
    finish(error.step, 'failed', error.message)
  } finally {
    session?.close()
  }
  const known = new Map(done.map((one) => [one.step, one]))
  return transportSteps.map(
    (step) =>
      known.get(step) ?? { step, outcome: 'skipped', message: 'Not tried, since an earlier step failed.', elapsedMs: 0 }
  )
}

async function resolveHost(host: string): Promise<string> {
  const bare = host.replace(/^\[|\]$/g, '')
  if (isIP(bare)) return `${bare} is an address; there is no name to resolve.`
  try {
    const addresses = await lookup(bare, { all: true })
    return `${bare} is ${addresses.map(({ address }) => address).join(', ')}.`
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const reason = code === 'ENOTFOUND' ? 'there is no such name' : `the name service answered ${code ?? 'nothing'}`
    throw new SmtpFailure('dns', `The name ${bare} cannot be resolved: ${reason}.`, true)
  }
}
