import { existsSync, readFileSync } from 'node:fs'
import { release } from 'node:os'
import path from 'node:path'
import type { AuditEntry } from '../../shared/audit.ts'
import type { SupportBundle } from '../../shared/diagnostics.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import { readStatus, type StatusParts } from '../status/status-service.ts'
import type { AuditLog } from '../store/audit-chain.ts'
import type { GroupService } from '../groups/group-service.ts'
import { newestVersion } from '../store/migrations.ts'
import { readSqliteVersion } from '../store/sqlite/open.ts'
import { version } from '../system/version.ts'
import { mapTexts, replyCode, withoutMailboxes, withoutPaths, withoutPeople } from './masking.ts'

/** So many entries show a day of a busy server, and are still read by a person. */
const mostEntries = 500
const mostLogLines = 300

/** Members of an entry's detail whose texts are this program's own words, and name nobody. Numbers never do. */
const namelessMembers = new Set(['as', 'channel', 'format', 'kind', 'mail', 'part', 'refusal', 'variant', 'version'])

/** Reasons that are such words; others are a mail server's, or somebody's. */
const ownReasons = new Set(['user-removed', 'user-disabled', 'no-mobile-client-right', 'restored'])

/** Parts of this program that act by themselves. */
const programActors = new Set(['', 'portal', 'outbox', 'first start', 'next start', 'end of the program'])

/** Settings that may hold the name of a person. */
const personalSetting = /\.(sender|replyTo|username)$/

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
        .map(({ key, value, isDefault }) => [key, { value: maskSetting(key, value, hide), isDefault }])
    ),
    groups: (await parts.groups.list()).map((group) => ({
      ...group,
      name: hide ? hide('group', group.name) : group.name
    })),
    users: { total: status.users, byApp: status.usersByApp, byCode: status.usersByCode },
    clockBehindMs: status.clockBehindMs,
    clockBehindSinceMs: status.clockBehindSinceMs,
    keyOpenedBy: status.keyOpenedBy,
    log: entries.map((entry) => describe(entry, hide)),
    programLog: readProgramLog(parts.folder, hide !== null)
  }
  const day = content.made.slice(0, 10)
  return { fileName: `provision-support-${day}.json`, content: `${JSON.stringify(content, null, 2)}\n` }
}

function nameless(text: string): string {
  return withoutPaths(withoutMailboxes(text))
}

function isSecret(key: string): boolean {
  return /password|secret|token|passphrase/i.test(key)
}

function maskSetting(key: string, value: unknown, hide: Hide | null): unknown {
  // Whether a file is named is of use, and its path names folders of people and customers.
  if (key.endsWith('File') && typeof value === 'string') return value === '' ? '' : '(path)'
  if (!hide) return mapTexts(value, nameless)
  if (personalSetting.test(key) && typeof value === 'string') return value === '' ? '' : hide('mailbox', value)
  return mapTexts(value, withoutPeople)
}

type Hide = (kind: 'user' | 'account' | 'address' | 'group' | 'mailbox', name: string) => string

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
    actor: programActors.has(account) ? account : `${hide('account', account)}${way}`,
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
  if (kind === 'settings.changed') {
    const shown = Object.entries(detail).filter(([key]) => !isSecret(key))
    return Object.fromEntries(shown.map(([key, value]) => [key, maskChange(key, value, hide)]))
  }
  const kept: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(detail)) {
    if (key === 'address' && typeof value === 'string') kept[key] = hide('address', value)
    else if (key === 'users' && Array.isArray(value)) kept[key] = value.length
    else if (key === 'response' && typeof value === 'string') kept[key] = replyCode(value)
    else if (key === 'reason' && typeof value === 'string') kept[key] = ownReasons.has(value) ? value : replyCode(value)
    else if (namelessMembers.has(key) || typeof value === 'number' || typeof value === 'boolean') kept[key] = value
  }
  return kept
}

/** What a setting was and became. */
function maskChange(key: string, change: unknown, hide: Hide): unknown {
  if (typeof change !== 'object' || change === null) return maskSetting(key, change, hide)
  return Object.fromEntries(Object.entries(change).map(([when, value]) => [when, maskSetting(key, value, hide)]))
}

/** Mail addresses are of no use to whoever helps, and what is chained to the log's rows neither. */
function withoutAddresses(detail: Record<string, unknown>): Record<string, unknown> {
  const isHidden = (key: string) => ['email', 'phone', 'mac'].includes(key) || isSecret(key)
  const shown = JSON.stringify(detail, (key, value: unknown) =>
    isHidden(key) ? '…' : /file$/i.test(key) && value !== null ? '(path)' : value
  )
  return mapTexts(JSON.parse(shown), nameless) as Record<string, unknown>
}

/**
 * The end of the program's own log. With pseudonyms only times, levels and messages: what follows them may name people.
 */
function readProgramLog(folder: string, isNameless: boolean): string[] {
  const file = path.join(folder, 'logs', 'provision.log')
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean).slice(-mostLogLines)
  if (!isNameless) return lines.map(nameless)
  const messages = lines.filter((line) => /^\d{4}-\d\d-\d\d /.test(line))
  return messages.map((line) => withoutPeople(line.replace(/ \{.*$/s, '')))
}
