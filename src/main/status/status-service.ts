import { scopeOfHost } from '../../shared/host-scope.ts'
import { publicAddress } from '../../shared/settings.ts'
import type { ServerStatus } from '../../shared/status.ts'
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
  for (const { app, code, users } of await countUsersByState(parts.db, nowMs)) {
    usersByApp[app] += users
    usersByCode[code] += users
    total += users
  }
  return {
    serverName: settings['server.name'],
    siteId: settings['server.siteId'],
    publicAddress: publicAddress(settings),
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
