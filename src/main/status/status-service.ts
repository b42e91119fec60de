import { scopeOfHost } from '../../shared/host-scope.ts'
import { publicAddress } from '../../shared/settings.ts'
import type { ServerStatus } from '../../shared/status.ts'
import type { Clock } from '../system/clock.ts'
import type { Db } from '../store/schema.ts'
import type { Timekeeper } from '../store/time.ts'
import { listGroupRows } from '../groups/group-store.ts'
import type { DataKey } from '../keys/data-key.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import { countUsersByApp, countUsersByCode } from '../users/user-store.ts'

export interface StatusParts {
  folder: string
  db: Db
  reads: Db
  clock: Clock
  time: Timekeeper
  dataKey: DataKey
  settings: SettingsService
}

export async function readStatus(parts: StatusParts): Promise<ServerStatus> {
  const settings = await parts.settings.read()
  const { nowMs, aheadMs, sinceMs } = await parts.time.look(parts.db)
  const [usersByApp, usersByCode] = [await countUsersByApp(parts.reads), await countUsersByCode(parts.reads, nowMs)]
  return {
    serverName: settings['server.name'],
    siteId: settings['server.siteId'],
    publicAddress: publicAddress(settings),
    publicAddressScope: scopeOfHost(settings['server.host']),
    groups: (await listGroupRows(parts.db)).length,
    users: Object.values(usersByApp).reduce((sum, users) => sum + users, 0),
    usersByApp,
    usersByCode,
    keyOpenedBy: parts.dataKey.slots().find(({ inUse }) => inUse)?.kind ?? 'file',
    clockBehindMs: Math.max(0, aheadMs),
    clockBehindSinceMs: sinceMs,
    dataFolder: parts.folder
  }
}
