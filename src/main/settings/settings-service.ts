import type { KeyObject } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { AppError } from '../../shared/errors.ts'
import {
  isStillAccepted,
  defaultUrls,
  isSettingKey,
  maxAddressBytes,
  settingDefaults,
  settingKeys,
  settingSchemas,
  type SettingEntry,
  type SettingKey,
  type Settings
} from '../../shared/settings.ts'
import {
  readTransportKey,
  transportFieldNames,
  transportSecretFields,
  type TransportSettingKey
} from '../../shared/transport.ts'
import type { Act } from '../system/operation.ts'
import type { AuditLog } from '../store/audit-chain.ts'
import type { Db } from '../store/schema.ts'
import type { Timekeeper } from '../store/time.ts'
import { requireAsExpected } from '../system/expected.ts'
import { checkTransportSetting, fieldsOf, isSecretField, readTransports } from '../mail/transport-settings.ts'
import { writeTransportSettings } from '../mail/transport-secrets.ts'
import { damagedSetting, deleteSetting, readSettings, writeSetting } from './settings-store.ts'

export interface SettingsService {
  /** All settings as they apply: what was set, else the default. Reads the database, so that other processes' changes show. */
  read(db?: Db): Promise<Settings>
  /** Throws `database-damaged` for a value in the database that no act can have written. */
  checkStored(): Promise<void>
  list(): Promise<SettingEntry[]>
  /**
   * Sets all of them or none; null puts a setting back to its default. Values are checked as typed.
   * Throws `setting-unknown` or `setting-invalid` with `details: { [key]: reason }`, and `changed-meanwhile` where one of
   * `expected` has another value by now.
   */
  set(changes: Record<string, unknown>, act: Act, expected?: Record<string, unknown>): Promise<SettingEntry[]>
}

export function createSettingsService(db: Db, time: Timekeeper, audit: AuditLog, sealing: KeyObject): SettingsService {
  const read = async (from: Db = db) => withDefaults(await readSettings(from))
  const list = async (from: Db = db) => {
    const stored = await readSettings(from)
    const settings = withDefaults(stored)
    const entries = settingKeys.map((key) => ({ key, value: settings[key], isDefault: !stored.has(key) }))
    return [...entries, ...listTransportSettings(stored)]
  }
  return {
    read,
    async checkStored() {
      for (const [key, value] of await readSettings(db)) {
        if (!isSettingKey(key)) continue
        const { error } = settingSchemas[key].safeParse(value)
        if (error && !isStillAccepted(error.issues))
          throw damagedSetting(key, error.issues[0]?.message ?? 'is not valid')
      }
    },
    list: () => list(),
    async set(changes, act, expected = {}) {
      const checked = checkSettings(changes)
      return db.transaction().execute(async (transaction) => {
        const nowMs = await time.nowMs(transaction)
        const before = new Map((await list(transaction)).map((entry) => [entry.key, entry]))
        const secrets = new Set<string>()
        const seen = Object.fromEntries(Object.entries(expected).filter(([key]) => isSettingKey(key)))
        requireAsExpected(seen, await read(transaction), (changed) => changed)
        const ofTransports: [TransportSettingKey, unknown][] = []
        for (const [key, value] of checked) {
          if (!isSettingKey(key)) ofTransports.push([key, value])
          else if (value === null) await deleteSetting(transaction, key)
          else await writeSetting(transaction, key, value, nowMs)
          if (isSecretKey(key)) secrets.add(key)
        }
        await writeTransportSettings(transaction, sealing, ofTransports, nowMs)
        const after = await list(transaction)
        const changed = after.filter(({ key, value, isDefault }) => {
          const entry = before.get(key)
          return secrets.has(key) || (entry ? !isDeepStrictEqual(entry.value, value) : !isDefault)
        })
        if (changed.length > 0) {
          const detail = Object.fromEntries(
            changed.map(({ key, value }) => [key, { before: before.get(key)?.value ?? null, after: value }])
          )
          await audit.append(transaction, nowMs, { actor: act.actor, kind: 'settings.changed', detail })
        }
        return after
      })
    }
  }
}

/** Of every transport that has any setting; a secret is only told to be there. */
function listTransportSettings(stored: Map<string, unknown>): SettingEntry[] {
  return [...readTransports(stored)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, own]) => {
      const fields = fieldsOf(own)
      return [
        ...transportFieldNames.map((field) => ({
          key: `transport.${name}.${field}` as TransportSettingKey,
          value: fields[field] as unknown,
          isDefault: own[field] === undefined
        })),
        ...transportSecretFields.map((field) => ({
          key: `transport.${name}.${field}` as TransportSettingKey,
          value: own[field] === undefined ? null : true,
          isDefault: own[field] === undefined
        }))
      ]
    })
}

function isSecretKey(key: string): boolean {
  const found = readTransportKey(key)
  return found !== null && isSecretField(found.field)
}

function checkSettings(changes: Record<string, unknown>): [SettingKey | TransportSettingKey, unknown][] {
  const wrong: Record<string, string> = {}
  const checked: [SettingKey | TransportSettingKey, unknown][] = []
  for (const [key, value] of Object.entries(changes)) {
    if (readTransportKey(key)) {
      const transportKey = key as TransportSettingKey
      if (value === null || (value === '' && isSecretKey(key))) {
        checked.push([transportKey, null])
        continue
      }
      const result = checkTransportSetting(transportKey, value)
      if ('value' in result) checked.push([transportKey, result.value])
      else wrong[key] = result.reason
      continue
    }
    if (!isSettingKey(key)) {
      throw new AppError('setting-unknown', `There is no setting “${key}”. “provision settings get” lists them all.`)
    }
    if (value === null && key === 'server.siteId') {
      wrong[key] = 'has no default: apps already know the server by it'
      continue
    }
    if (value === null) {
      checked.push([key, null])
      continue
    }
    const parsed = settingSchemas[key].safeParse(value)
    const reason = parsed.success ? lengthProblem(key, parsed.data) : parsed.error.issues[0]?.message
    if (parsed.success && reason === null) checked.push([key, parsed.data])
    else wrong[key] = reason ?? 'is not valid'
  }
  const reasons = Object.entries(wrong)
  if (reasons.length > 0) {
    throw new AppError('setting-invalid', `${reasons.map(([key, reason]) => `${key} ${reason}`).join('; ')}.`, wrong)
  }
  return checked
}

/**
 * A QR code counts bytes, of which letters such as ü take several. Not part of the schema, which also reads what an earlier version
 * has stored: codes with such a URL are refused when they are issued.
 */
function lengthProblem(key: SettingKey, value: unknown): string | null {
  if (!key.startsWith('policy.selfReset.') || !key.endsWith('Url') || typeof value !== 'string') return null
  const bytes = Buffer.byteLength(value)
  return bytes > maxAddressBytes
    ? `is ${bytes} bytes long in UTF-8 and may be ${maxAddressBytes}, or a QR code would not hold it`
    : null
}

/** The four URLs follow `server.host`, `server.port` and `server.usesSsl` until one is set by hand. */
function withDefaults(stored: Map<string, unknown>): Settings {
  const own = Object.fromEntries([...stored].filter(([key]) => isSettingKey(key)))
  const known = { ...settingDefaults, ...own } as Settings
  return { ...defaultUrls(known), ...known }
}
