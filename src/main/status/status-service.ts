import { BlockList, isIP } from 'node:net'
import type { ServerStatus } from '../../shared/status.ts'
import { urlHost } from '../../shared/settings.ts'
import type { AppState, CodeState } from '../../shared/user.ts'
import type { Clock } from '../clock.ts'
import type { Db } from '../database/schema.ts'
import type { Timekeeper } from '../database/timekeeper.ts'
import type { GroupService } from '../groups/group-service.ts'
import type { DataKey } from '../keys/data-key.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import { countUsersByState } from '../users/user-store.ts'

export interface StatusParts {
  folder: string
  db: Db
  reads: Db
  clock: Clock
  time: Timekeeper
  dataKey: DataKey
  settings: SettingsService
  groups: GroupService
}

export async function readStatus(parts: StatusParts): Promise<ServerStatus> {
  const settings = await parts.settings.read()
  const nowMs = await parts.time.peekMs(parts.db)
  const usersByApp: Record<AppState, number> = { none: 0, 'set-up': 0, provisioned: 0 }
  const usersByCode: Record<CodeState, number> = {
    none: 0,
    live: 0,
    used: 0,
    failed: 0,
    expired: 0,
    superseded: 0,
    withdrawn: 0
  }
  let total = 0
  for (const { app, code, users } of await countUsersByState(parts.reads, nowMs)) {
    usersByApp[app] += users
    usersByCode[code] += users
    total += users
  }
  const scheme = settings['server.usesSsl'] ? 'https' : 'http'
  return {
    serverName: settings['server.name'],
    siteId: settings['server.siteId'],
    publicAddress: `${scheme}://${urlHost(settings['server.host'])}:${settings['server.port']}`,
    publicAddressScope: scopeOfHost(settings['server.host']),
    groups: (await parts.groups.list()).length,
    users: total,
    usersByApp,
    usersByCode,
    keyOpenedBy: parts.dataKey.slots().find(({ inUse }) => inUse)?.kind ?? 'file',
    clockBehindMs: Math.max(0, nowMs - parts.clock.nowMs()),
    dataFolder: parts.folder
  }
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** RFC 1918, RFC 6598 (carrier-grade NAT), RFC 3927 and RFC 4291 (link-local), RFC 4193 (unique local). */
const privateNetworks = new BlockList()
privateNetworks.addSubnet('10.0.0.0', 8, 'ipv4')
privateNetworks.addSubnet('172.16.0.0', 12, 'ipv4')
privateNetworks.addSubnet('192.168.0.0', 16, 'ipv4')
privateNetworks.addSubnet('100.64.0.0', 10, 'ipv4')
privateNetworks.addSubnet('169.254.0.0', 16, 'ipv4')
privateNetworks.addSubnet('fe80::', 10, 'ipv6')
privateNetworks.addSubnet('fc00::', 7, 'ipv6')

/** From where an address can be reached. A name is taken as it is: what it means to a phone cannot be asked from here. */
export function scopeOfHost(host: string): ServerStatus['publicAddressScope'] {
  const bare = host.replace(/^\[|\]$/g, '')
  if (bare === 'localhost' || bare.endsWith('.localhost')) return 'loopback'
  const family = isIP(bare)
  if (family === 0) return 'name'
  const kind = family === 6 ? 'ipv6' : 'ipv4'
  if (loopback.check(bare, kind)) return 'loopback'
  return privateNetworks.check(bare, kind) ? 'private' : 'public'
}
