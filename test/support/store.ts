import { createSecretKey } from 'node:crypto'
import { createAuditLog } from '../../src/main/store/audit-chain.ts'
import type { OpenDatabase } from '../../src/main/store/sqlite/open.ts'
import { createStore, type Store } from '../../src/main/store/store.ts'
import { createTimekeeper } from '../../src/main/store/time.ts'
import type { Clock } from '../../src/main/system/clock.ts'

/** A store over an open database, whose log has a key of its own. */
export function createTestStore(database: OpenDatabase, clock: Clock): Store {
  const audit = createAuditLog(createSecretKey(Buffer.alloc(32, 7)))
  return createStore(database, { time: createTimekeeper(clock), audit })
}
