import path from 'node:path'
import { AppError } from '../shared/errors.ts'
import type { CallName } from '../shared/contract.ts'
import type { EventData, EventName, Publish } from '../shared/events.ts'
import { createAuditLog, type AuditLog } from './audit/audit-log.ts'
import { createLogService, type LogService } from './audit/log-service.ts'
import { createBackupService, type BackupService } from './backup/backup-service.ts'
import { enterFolder, enterFolderAlone } from './backup/exchange.ts'
import type { Lock } from './backup/folder-lock.ts'
import { createGate, type Gate } from './backup/gate.ts'
import { systemClock, systemRandom, type Clock, type Random } from './clock.ts'
import { attemptProvision } from './codes/attempts.ts'
import { createCodeService, type CodeService } from './codes/code-service.ts'
import { prepareDataFolder } from './data-folder.ts'
import { watchOtherProcesses } from './database/changes.ts'
import { openDatabase, type OpenDatabase } from './database/open.ts'
import { refusalOfDatabase } from './database/refusals.ts'
import type { Db } from './database/schema.ts'
import { createTimekeeper, type Timekeeper } from './database/timekeeper.ts'
import { devicePolicies, downloadSecurityStrings } from './devices/device-service.ts'
import { createGroup, createGroupService, firstGroupName, type GroupService } from './groups/group-service.ts'
import { createDispatch, type Dispatch } from './handlers/dispatch.ts'
import { createHandlers, eventsOf } from './handlers/handlers.ts'
import { openDataKey, type DataKey, type KeySources } from './keys/data-key.ts'
import type { Log } from './log.ts'
import type { PortalOptions } from './portal/portal.ts'
import { createSettingsService, type SettingsService } from './settings/settings-service.ts'
import { writeSetting } from './settings/settings-store.ts'
import { createImportService, type ImportService } from './users/import-service.ts'
import { createExportService, type ExportService } from './users/export-service.ts'
import { createUserActs, type UserActs } from './users/user-acts.ts'
import { createSheetOwner } from './sheets/sheet-owner.ts'
import { createSheetService, type SheetService } from './sheets/sheet-service.ts'
import { createUserService, type UserService } from './users/user-service.ts'
import { version } from './version.ts'

/** The services over one data folder. */
export interface Services {
  folder: string
  db: Db
  /** See `OpenDatabase`. */
  reads: Db
  clock: Clock
  time: Timekeeper
  random: Random
  dataKey: DataKey
  audit: AuditLog
  settings: SettingsService
  groups: GroupService
  users: UserService
  userActs: UserActs
  exports: ExportService
  log: LogService
  imports: ImportService
  codes: CodeService
  backups: BackupService
  sheets: SheetService
}

export type EventListener = <Name extends EventName>(name: Name, data: EventData<Name>) => void

/** One opened data folder, whichever way it is then used. */
export interface Console {
  folder: string
  dispatch: Dispatch
  /** Also told of what other processes change in the folder. Returns the function that ends the subscription. */
  subscribe(listener: EventListener): () => void
  /** All that a User Portal over this folder needs. */
  portal: Omit<PortalOptions, 'limits'>
  /** For the command line, which hands over files where the contract carries bytes. */
  backups: BackupService
  close(): Promise<void>
}

export interface ConsoleOptions {
  folder: string
  sources: KeySources
  log: Log
  clock?: Clock
  random?: Random
}

/** What is made anew when a backup takes the place of what the folder held. */
interface OpenFolder {
  database: OpenDatabase
  services: Services
  lock: Lock
}

/** Opens the folder, making it on first use. Throws AppErrors that say in one sentence why it cannot be used. */
export async function openConsole(options: ConsoleOptions): Promise<Console> {
  const { folder, log } = options
  const gate = createGate()
  const listeners = new Set<EventListener>()
  const publish: Publish = (name, data) => {
    for (const listener of listeners) {
      try {
        listener(name, data)
      } catch (error) {
        // What was done is done; a window that is just closing must not turn it into a failure.
        log.error('A listener of events failed.', { error })
      }
    }
  }
  const publishAll = (names: readonly Exclude<EventName, 'task-progress'>[]) => {
    for (const name of names) publish(name, {})
  }
  const publishEverything = () =>
    publishAll(['users-changed', 'groups-changed', 'settings-changed', 'log-changed', 'sheets-changed'])
  let isClosed = false

  const open = async () => {
    const opened = await openFolder(options, whileClosed)
    const { services } = opened
    if (listeners.size > 0) opened.database.readInThread()
    return {
      ...opened,
      dispatch: createDispatch(createHandlers(services, publish), log, (name: CallName) => publishAll(eventsOf(name))),
      portal: portalOver(services, log, () => publishAll(['users-changed', 'log-changed']))
    }
  }
  const closeFolder = async () => {
    await inside.services.sheets
      .close()
      .catch((error: unknown) => log.error('A sheet in hand was not withdrawn.', { error }))
    await inside.database.close()
    inside.lock.release()
  }
  const whileClosed = <T>(work: () => Promise<T>) =>
    gate.whileShut(async () => {
      await closeFolder()
      try {
        const alone = await enterFolderAlone(folder)
        try {
          return await work()
        } finally {
          alone.release()
        }
      } finally {
        if (!isClosed) inside = await open()
        publishEverything()
      }
    })
  let inside = await open()

  const watcher = watchOtherProcesses({ dataVersion: () => inside.database.dataVersion() }, publishEverything)
  return {
    folder,
    dispatch: (name, input, caller) => {
      const call = () => inside.dispatch(name, input, caller)
      return typeof name === 'string' && ungatedCalls.has(name) ? call() : gate.pass(call)
    },
    subscribe(listener) {
      listeners.add(listener)
      inside.database.readInThread()
      watcher.start()
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) watcher.stop()
      }
    },
    portal: gatedPortal(gate, () => inside.portal),
    backups: {
      createFile: (...given) => gate.pass(() => inside.services.backups.createFile(...given)),
      create: (...given) => gate.pass(() => inside.services.backups.create(...given)),
      inspect: (...given) => gate.pass(() => inside.services.backups.inspect(...given)),
      restore: (...given) => inside.services.backups.restore(...given)
    },
    async close() {
      isClosed = true
      watcher.stop()
      await closeFolder()
    }
  }
}

/** The one shuts the gate itself; the other does not touch the folder, and may be what those inside wait for. */
const ungatedCalls = new Set(['backup:restore', 'tasks:cancel'])

async function openFolder(
  { folder, sources, clock = systemClock, random = systemRandom }: ConsoleOptions,
  whileClosed: <T>(work: () => Promise<T>) => Promise<T>
): Promise<OpenFolder> {
  prepareDataFolder(folder)
  const lock = await enterFolder(folder)
  try {
    const dataKey = await openDataKey(folder, sources, clock)
    const database = await openDatabase(path.join(folder, 'console.db'))
    try {
      const services = createServices({ folder, database, dataKey, sources, clock, random, whileClosed })
      await prepareServer(services)
      await services.sheets.withdrawAbandoned()
      return { database, services, lock }
    } catch (error) {
      await database.close()
      throw refusalOfDatabase(error) ?? error
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

function createServices({
  folder,
  database: { db, reads },
  dataKey,
  sources,
  clock,
  random,
  whileClosed
}: {
  folder: string
  database: OpenDatabase
  dataKey: DataKey
  sources: KeySources
  clock: Clock
  random: Random
  whileClosed: <T>(work: () => Promise<T>) => Promise<T>
}): Services {
  const time = createTimekeeper(clock)
  const audit = createAuditLog(dataKey.keys.audit)
  const settings = createSettingsService(db, time, audit)
  return {
    folder,
    db,
    reads,
    clock,
    time,
    random,
    dataKey,
    audit,
    settings,
    groups: createGroupService({ db, reads, time, audit }),
    users: createUserService({ db, reads, time, audit }),
    userActs: createUserActs({ db, time, audit, random }),
    exports: createExportService(db, time, audit),
    log: createLogService({ db, reads, time, audit }),
    imports: createImportService(db, time, audit),
    codes: createCodeService({ db, time, random, keys: dataKey.keys, settings, audit }),
    sheets: createSheetService({
      db,
      time,
      random,
      keys: dataKey.keys,
      settings,
      audit,
      owner: createSheetOwner(folder, systemRandom)
    }),
    backups: createBackupService({ folder, db, clock, time, audit, dataKey, sources, whileClosed })
  }
}

/** What a new folder holds, so that its first start works without a question; and the check that key and database fit. */
async function prepareServer({ db, clock, random, dataKey, audit }: Services): Promise<void> {
  const keyCheck = dataKey.keys.check
  const check = async (from: Db) => {
    const state = await from.selectFrom('server_state').select('key_check').executeTakeFirst()
    if (state && state.key_check !== keyCheck) {
      throw new AppError(
        'key-mismatch',
        'The key in this data folder belongs to another database; put the right one back from a backup.'
      )
    }
    return state !== undefined
  }
  if (await check(db)) return
  await db.transaction().execute(async (transaction) => {
    // Another program may have made it while this one waited for the lock.
    if (await check(transaction)) return
    const nowMs = clock.nowMs()
    await transaction.insertInto('server_state').values({ id: 1, high_water_ms: nowMs, key_check: keyCheck }).execute()
    await writeSetting(transaction, 'server.siteId', 100_000_000 + random.int(900_000_000), nowMs)
    const act = { actor: 'first start' }
    await audit.append(transaction, nowMs, { actor: act.actor, kind: 'folder.created', detail: { version } })
    await createGroup(transaction, audit, nowMs, { name: firstGroupName }, act)
  })
}

function portalOver(services: Services, log: Log, onAttempt: () => void): Console['portal'] {
  const { db, time, audit, random, settings } = services
  const { keys } = services.dataKey
  const parts = { db, time, settings, audit, keys, random }
  return {
    version,
    log,
    async readServer() {
      const known = await settings.read()
      return {
        siteId: known['server.siteId'],
        host: known['server.host'],
        port: known['server.port'],
        usesSsl: known['server.usesSsl'],
        connectionType: known['server.connectionType']
      }
    },
    async checkHealth() {
      await db.selectFrom('server_state').select('id').executeTakeFirstOrThrow()
    },
    provisioning: {
      async provision(attempt) {
        const outcome = await attemptProvision(parts, attempt)
        onAttempt()
        if ('id' in outcome) return { id: outcome.id }
        const isNameWrong = outcome.refusal === 'unknown-user' || outcome.refusal === 'user-disabled'
        const isHidden = isNameWrong && (await settings.read())['policy.hideUnknownUsers']
        return { error: isNameWrong && !isHidden ? 'invalid-username' : 'invalid-provision-code' }
      },
      async downloadSecurityStrings(request) {
        const securityStrings = await downloadSecurityStrings(parts, request)
        if (!securityStrings) return { error: 'downloading-security-strings' }
        onAttempt()
        return { securityStrings, policies: devicePolicies(await settings.read()) }
      }
    }
  }
}

/** The portal of whatever the folder holds at the moment. */
function gatedPortal(gate: Gate, inside: () => Console['portal']): Console['portal'] {
  const { version: shown, log } = inside()
  return {
    version: shown,
    log,
    readServer: () => gate.pass(() => inside().readServer()),
    checkHealth: () => gate.pass(() => inside().checkHealth()),
    provisioning: {
      provision: (attempt) => gate.pass(() => inside().provisioning.provision(attempt)),
      downloadSecurityStrings: (request) => gate.pass(() => inside().provisioning.downloadSecurityStrings(request))
    }
  }
}
