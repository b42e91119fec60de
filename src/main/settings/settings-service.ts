import { isDeepStrictEqual } from 'node:util'
import { AppError } from '../../shared/errors.ts'
import {
  isSettingKey,
  settingDefaults,
  settingKeys,
  settingSchemas,
  urlHost,
  type SettingEntry,
  type SettingKey,
  type Settings
} from '../../shared/settings.ts'
import type { Act } from '../act.ts'
import type { AuditLog } from '../audit/audit-log.ts'
import type { Db } from '../database/schema.ts'
import type { Timekeeper } from '../database/timekeeper.ts'
import { deleteSetting, readSettings, writeSetting } from './settings-store.ts'

export interface SettingsService {
  /** All settings as they apply: what was set, else the default. Reads the database, so that other processes' changes show. */
  read(db?: Db): Promise<Settings>
  list(): Promise<SettingEntry[]>
  /**
   * Sets all of them or none; null puts a setting back to its default. Values are checked as typed.
   * Throws `setting-unknown` or `setting-invalid` with `details: { [key]: reason }`.
   */
  set(changes: Record<string, unknown>, act: Act): Promise<SettingEntry[]>
}

export function createSettingsService(db: Db, time: Timekeeper, audit: AuditLog): SettingsService {
  const read = async (from: Db = db) => withDefaults(await readSettings(from))
  const list = async (from: Db = db) => {
    const stored = await readSettings(from)
    const settings = withDefaults(stored)
    return settingKeys.map((key) => ({ key, value: settings[key], isDefault: !stored.has(key) }))
  }
  return {
    read,
    list: () => list(),
    async set(changes, act) {
      const checked = checkSettings(changes)
      return db.transaction().execute(async (transaction) => {
        const nowMs = await time.nowMs(transaction)
        const before = await read(transaction)
        for (const [key, value] of checked) {
          if (value === null) await deleteSetting(transaction, key)
          else await writeSetting(transaction, key, value, nowMs)
        }
        const after = await read(transaction)
        const changed = settingKeys.filter((key) => !isDeepStrictEqual(before[key], after[key]))
        if (changed.length > 0) {
          const detail = Object.fromEntries(changed.map((key) => [key, { before: before[key], after: after[key] }]))
          await audit.append(transaction, nowMs, { actor: act.actor, kind: 'settings.changed', detail })
        }
        return list(transaction)
      })
    }
  }
}

function checkSettings(changes: Record<string, unknown>): [SettingKey, unknown][] {
  const wrong: Record<string, string> = {}
  const checked: [SettingKey, unknown][] = []
  for (const [key, value] of Object.entries(changes)) {
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
    if (parsed.success) checked.push([key, parsed.data])
    else wrong[key] = parsed.error.issues[0]?.message ?? 'is not valid'
  }
  const reasons = Object.entries(wrong)
  if (reasons.length > 0) {
    throw new AppError('setting-invalid', `${reasons.map(([key, reason]) => `${key} ${reason}`).join('; ')}.`, wrong)
  }
  return checked
}

/** The four URLs follow `server.host`, `server.port` and `server.usesSsl` until one is set by hand. */
function withDefaults(stored: Map<string, unknown>): Settings {
  const known = { ...settingDefaults, ...Object.fromEntries(stored) } as Omit<Settings, never>
  const scheme = known['server.usesSsl'] ? 'https' : 'http'
  const portal = `${scheme}://${urlHost(known['server.host'])}:${known['server.port']}/userportal`
  return {
    ...known,
    'policy.selfReset.provisioningUrl': known['policy.selfReset.provisioningUrl'] ?? `${portal}/provision/`,
    'policy.selfReset.settingsUrl': known['policy.selfReset.settingsUrl'] ?? `${portal}/getsettings/`,
    'policy.selfReset.completeUrl': known['policy.selfReset.completeUrl'] ?? `${portal}/complete/`,
    'policy.selfReset.qrCodeUrl': known['policy.selfReset.qrCodeUrl'] ?? `${portal}/getQRCode?text=`
  }
}
