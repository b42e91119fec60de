import { existsSync, readFileSync } from 'node:fs'
import { release } from 'node:os'
import path from 'node:path'
import type { AuditEntry } from '../../shared/audit.ts'
import type { SupportBundle } from '../../shared/diagnostics.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import { readStatus, type StatusParts } from '../status/status-service.ts'
import type { AuditLog } from '../audit/audit-log.ts'
import type { GroupService } from '../groups/group-service.ts'
import { newestVersion } from '../database/migrations.ts'
import { readSqliteVersion } from '../database/open.ts'
import { version } from '../version.ts'

/** So many entries show a day of a busy server, and are still read by a person. */
const mostEntries = 500
const mostLogLines = 300

/** Members of an entry's detail that name nobody. */
const namelessMembers = new Set([
  'channel',
  'codes',
  'created',
  'endedAtMs',
  'expiresAtMs',
  'generation',
  'kind',
  'lockedUntilMs',
  'reason',
  'refusal',
  'rows',
  'slot',
  'version'
])

export interface BundleParts extends StatusParts {
  audit: AuditLog
  settings: SettingsService
  groups: GroupService
}

/**
 * What somebody who helps needs to know, as one JSON text: versions, settings without secrets, how many users are in which state, and
 * the latest of the log. It never holds codes, keys, passwords or mail addresses; with pseudonyms it names no user either.
 */
export async function createSupportBundle(
  parts: BundleParts,
  { pseudonyms }: { pseudonyms: boolean }
): Promise<SupportBundle> {
  const { db, audit, settings, clock } = parts
  const status = await readStatus(parts)
  const hide = pseudonyms ? createPseudonyms() : null
  const entries = await audit.list(db, { limit: mostEntries })
  const content = {
    made: new Date(clock.nowMs()).toISOString(),
    pseudonyms,
    versions: {
      program: version,
      schema: newestVersion,
      node: process.versions.node,
      electron: process.versions['electron'] ?? null,
      sqlite: await readSqliteVersion(db),
      system: `${process.platform} ${release()} ${process.arch}`
    },
    settings: Object.fromEntries(
      (await settings.list())
        .filter(({ key }) => !isSecret(key))
        .map(({ key, value, isDefault }) => [key, { value, isDefault }])
    ),
    groups: (await parts.groups.list()).map((group) => ({
      ...group,
      name: hide ? hide('group', group.name) : group.name
    })),
    users: { total: status.users, byApp: status.usersByApp, byCode: status.usersByCode },
    clockBehindMs: status.clockBehindMs,
    keyOpenedBy: status.keyOpenedBy,
    log: entries.map((entry) => describe(entry, hide)),
    programLog: readProgramLog(parts.folder, hide !== null)
  }
  const day = content.made.slice(0, 10)
  return { fileName: `provision-support-${day}.json`, content: `${JSON.stringify(content, null, 2)}\n` }
}

function isSecret(key: string): boolean {
  return /password|secret|token|passphrase/i.test(key)
}

type Hide = (kind: 'user' | 'account' | 'address' | 'group', name: string) => string

/** The same name is the same number within one bundle, and another in the next. */
function createPseudonyms(): Hide {
  const known = new Map<string, Map<string, string>>()
  return (kind, name) => {
    const names = known.get(kind) ?? new Map<string, string>()
    known.set(kind, names)
    const given = names.get(name) ?? `${kind}-${names.size + 1}`
    names.set(name, given)
    return given
  }
}

function describe(entry: AuditEntry, hide: Hide | null): Record<string, unknown> {
  const { id, atMs, actor, kind, username, detail } = entry
  const at = new Date(atMs).toISOString()
  if (!hide) return { id, at, actor, kind, username, detail: withoutAddresses(detail) }
  // What the actor came by (window, browser, command line) tells a lot and names nobody.
  const [, account = actor, way = ''] = /^(.*?)( \([a-z ]+\))?$/s.exec(actor) ?? []
  return {
    id,
    at,
    actor: account === 'portal' || account === '' ? account : `${hide('account', account)}${way}`,
    kind,
    username: username === '' ? '' : hide('user', username),
    detail: namelessDetail(kind, detail, hide)
  }
}

function namelessDetail(
  kind: AuditEntry['kind'],
  detail: Record<string, unknown>,
  hide: Hide
): Record<string, unknown> {
  // The settings of a server are in the bundle anyway.
  if (kind === 'settings.changed') return Object.fromEntries(Object.entries(detail).filter(([key]) => !isSecret(key)))
  const kept: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(detail)) {
    if (key === 'address' && typeof value === 'string') kept[key] = hide('address', value)
    else if (key === 'users' && Array.isArray(value)) kept[key] = value.length
    else if (namelessMembers.has(key) || typeof value === 'number' || typeof value === 'boolean') kept[key] = value
  }
  return kept
}

/** Mail addresses are of no use to whoever helps. */
function withoutAddresses(detail: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(detail, (key, value: unknown) => (key === 'email' || key === 'phone' || isSecret(key) ? '…' : value))
  ) as Record<string, unknown>
}

/** The end of the program's own log. With pseudonyms only times, levels and messages: what follows them may name people. */
function readProgramLog(folder: string, isNameless: boolean): string[] {
  const file = path.join(folder, 'logs', 'provision.log')
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean).slice(-mostLogLines)
  return isNameless ? lines.filter((line) => /^\d{4}-/.test(line)).map((line) => line.replace(/ \{.*$/s, '')) : lines
}
