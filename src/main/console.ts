import path from 'node:path'
import { AppError } from '../shared/errors.ts'
import { isCallName, shapeOf, type CallName } from '../shared/contract.ts'
import { changeOf, topics, type EventData, type EventName, type Publish, type Topic } from '../shared/events.ts'
import { createAuditLog } from './store/audit-chain.ts'
import { createLogCutter, cutOldEntries } from './audit/log-retention.ts'
import { createLogService } from './audit/log-service.ts'
import { createBackupService, type BackupService } from './backup/backup-service.ts'
import { enterFolder, enterFolderAlone } from './store/sqlite/exchange.ts'
import type { Lock } from './store/sqlite/folder-lock.ts'
import { createGate } from './backup/gate.ts'
import { systemClock, systemRandom, type Clock, type Random } from './system/clock.ts'
import { createCodeService } from './codes/code-service.ts'
import { createRefusalCounts, writeDueRefusals, type RefusalCounts } from './provisioning/refusal-counts.ts'
import { prepareDataFolder, requireServer } from './system/data-folder.ts'
import { watchOtherProcesses } from './store/sqlite/changes.ts'
import { createDiskReserve } from './store/disk-reserve.ts'
import { openDatabase, type OpenDatabase } from './store/sqlite/open.ts'
import { refusalOfDatabase } from './store/sqlite/refusals.ts'
import type { Db } from './store/schema.ts'
import { createStore } from './store/store.ts'
import { createStoreWatch, type StoreWatch } from './store/store-watch.ts'
import { createTimekeeper } from './store/time.ts'
import { createGroup, createGroupService, firstGroupName } from './groups/group-service.ts'
import { createDispatch, type Dispatch } from './handlers/dispatch.ts'
import { createHandlers } from './handlers/handlers.ts'
import { openDataKey, type DataKey } from './keys/data-key.ts'
import type { KeySources } from './keys/key-sources.ts'
import { createKeySlotService } from './keys/key-slot-service.ts'
import type { Log } from './system/log.ts'
import { createPortalParts, gatedPortal } from './portal/parts.ts'
import type { PortalParts } from './portal/portal-parts.ts'
import { createPortalRunner, type PortalRunner } from './portal/portal-runner.ts'
import { createFetchLog } from './portal/fetch-log.ts'
import { createReprovisionLinks } from './links/one-time-links.ts'
import { createMailService } from './mail/mail-service.ts'
import { createTokenSource } from './mail/oauth-tokens.ts'
import { createOutboxSender, type RunEnd } from './outbox/sender.ts'
import { createOutboxService } from './outbox/outbox-service.ts'
import { createShippedTemplates } from './mail/shipped-templates.ts'
import { createTemplateService } from './mail/template-service.ts'
import { createTransportService } from './mail/transport-service.ts'
import { bindOldSecrets, readTransportConfig } from './mail/transport-secrets.ts'
import { resourcesFolder } from './system/program-folder.ts'
import { createSettingsService } from './settings/settings-service.ts'
import { writeSetting } from './settings/settings-store.ts'
import { createImportService } from './users/csv/import-service.ts'
import { createExportService } from './users/export-service.ts'
import { createUserActs } from './users/user-acts.ts'
import { createSheetOwner } from './sheets/sheet-owner.ts'
import { createSheetService } from './sheets/sheet-service.ts'
import { createUserService } from './users/user-service.ts'
import type { Services } from './services.ts'
import { version } from './system/version.ts'

export type EventListener = <Name extends EventName>(name: Name, data: EventData<Name>) => void

/** One opened data folder, whichever way it is then used. */
export interface Console {
  folder: string
  dispatch: Dispatch
  /** Also told of what other processes change in the folder. Returns the function that ends the subscription. */
  subscribe(listener: EventListener): () => void
  /** All that a User Portal over this folder needs. */
  portal: PortalParts
  /** The User Portal of this program; whoever opened the folder decides whether it runs. */
  portalRunner: PortalRunner
  /** For the command line, which hands over files where the contract carries bytes. */
  backups: BackupService
  /** From now on this program sends what waits in the outbox, unless another one does, and keeps the time while nothing happens. */
  startSending(): void
  /** Sends what is due, and no more. */
  sendDue(signal?: AbortSignal): Promise<RunEnd>
  close(): Promise<void>
}

export interface ConsoleOptions {
  folder: string
  sources: KeySources
  log: Log
  clock?: Clock
  random?: Random
  /** Refuses a folder without a server instead of setting one up there. */
  mustExist?: boolean
}

/** What is made anew when a backup takes the place of what the folder held. */
interface OpenFolder {
  database: OpenDatabase
  services: Services
  lock: Lock
}

/** Opens the folder, making it on first use. Throws AppErrors that say in one sentence why it cannot be used. */
export async function openConsole(options: ConsoleOptions): Promise<Console> {
  const { folder } = options
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
  const storeWatch = createStoreWatch(folder, options.log, () => publish('portal-changed', {}))
  const log = storeWatch.quiet(options.log)
  const tell = (changed: readonly Topic[]) => {
    for (const topic of changed) publish(changeOf(topic), {})
  }
  const tellEffect = (name: CallName) => {
    const { effect } = shapeOf(name)
    if (effect !== 'none') tell(effect)
  }
  let isClosed = false
  let isSending = false

  const open = async () => {
    const opened = await openFolder({ ...options, log }, storeWatch, publish, whileClosed)
    const { services } = opened
    if (isSending) services.sender.start()
    if (listeners.size > 0) opened.database.readInThread()
    return {
      ...opened,
      dispatch: createDispatch(createHandlers(services, publish, portalRunner), log, tellEffect),
      portal: createPortalParts(services, log, () => tell(['users', 'log']))
    }
  }
  const closeFolder = async () => {
    await inside.services.sender.stop()
    await inside.services.sheets
      .close()
      .catch((error: unknown) => log.error('A sheet in hand was not withdrawn.', { error }))
    await inside.services.refusals.close()
    await inside.database.close()
    inside.lock.release()
  }
  const whileClosed = <T>(work: () => Promise<T>) =>
    gate.whileShut(async () => {
      let isDone = false
      await closeFolder()
      try {
        const alone = await enterFolderAlone(folder)
        try {
          const value = await work()
          isDone = true
          return value
        } finally {
          alone.release()
        }
      } finally {
        if (!isClosed) inside = await open()
        // Whoever called tells of what was done; closing the folder has withdrawn sheets that were in hand all the same.
        if (!isDone) tell(storedTopics)
      }
    })
  const fetchLog = createFetchLog({ write: (fetches) => gate.pass(() => inside.portal.writeFetches(fetches)), log })
  const portal = gatedPortal(gate, () => inside.portal, fetchLog)
  const portalRunner = createPortalRunner({
    folder,
    clock: options.clock ?? systemClock,
    log,
    portal,
    onChange: () => publish('portal-changed', {})
  })
  let inside = await open()
  listeners.add((name) => {
    if (name === 'settings-changed') void portalRunner.refresh()
  })

  // A program that only waits still knows that time has gone by.
  let timeMarks: NodeJS.Timeout | undefined
  const rememberTime = () =>
    gate
      .pass(() => inside.services.time.remember(inside.database.db))
      .catch((error: unknown) => log.warn('The time could not be remembered.', { error }))

  const logCutter = createLogCutter({
    async cut(signal) {
      const rows = await gate.pass(() => cutOldEntries(inside.services, { actor: 'policy', signal }))
      if (rows > 0) publish('log-changed', {})
    },
    log
  })

  const watcher = watchOtherProcesses({ dataVersion: () => inside.database.dataVersion() }, () => tell(storedTopics))
  return {
    folder,
    dispatch: (name, input, caller) => {
      const call = () => inside.dispatch(name, input, caller)
      return isCallName(name) && shapeOf(name).waitsForRestore === false ? call() : gate.pass(call)
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
    portal,
    portalRunner,
    backups: {
      createFile: (...given) => gate.pass(() => inside.services.backups.createFile(...given)),
      create: (...given) => gate.pass(() => inside.services.backups.create(...given)),
      inspect: (...given) => gate.pass(() => inside.services.backups.inspect(...given)),
      async restore(...given) {
        const report = await inside.services.backups.restore(...given)
        tellEffect('backup:restore')
        return report
      }
    },
    startSending() {
      isSending = true
      inside.services.sender.start()
      timeMarks ??= setInterval(() => void rememberTime(), timeMarkMs).unref()
      void rememberTime()
      logCutter.start()
    },
    sendDue: (signal) => inside.services.sender.runOnce(signal),
    async close() {
      isClosed = true
      if (timeMarks) {
        clearInterval(timeMarks)
        timeMarks = undefined
        await rememberTime()
      }
      await logCutter.stop()
      watcher.stop()
      await portalRunner.stop()
      await fetchLog.close()
      await closeFolder()
    }
  }
}

/** So far at most does a clock set back take back a code that nobody has asked for since it ended. */
const timeMarkMs = 60_000

/** What the folder holds; a portal is a program's own. */
const storedTopics = topics.filter((topic) => topic !== 'portal')

async function openFolder(
  { folder, sources, log, clock = systemClock, random = systemRandom, mustExist = false }: ConsoleOptions,
  storeWatch: StoreWatch,
  publish: Publish,
  whileClosed: <T>(work: () => Promise<T>) => Promise<T>
): Promise<OpenFolder> {
  if (mustExist) requireServer(folder)
  prepareDataFolder(folder)
  const lock = await enterFolder(folder)
  try {
    const dataKey = await openDataKey(folder, sources, clock)
    const database = await openDatabase(path.join(folder, 'console.db'))
    try {
      const services = createServices({
        folder,
        storeWatch,
        database,
        dataKey,
        sources,
        clock,
        random,
        log,
        publish,
        whileClosed
      })
      await prepareServer(services)
      await settleTime(services, log)
      await services.settings.checkStored()
      await bindOldSecrets({ ...services, sealing: dataKey.keys.sealing })
      await services.sheets.withdrawAbandoned()
      return { database, services, lock }
    } catch (error) {
      await database.close()
      throw refusalOfDatabase(error, path.join(folder, 'console.db')) ?? error
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

/** From here on every program tells the same time, also one that only reads; on a full disk this one alone does. */
async function settleTime({ db, time }: Services, log: Log): Promise<void> {
  try {
    await time.settle(db)
  } catch (error) {
    log.warn('The time could not be remembered.', { error })
  }
}

function createServices({
  folder,
  storeWatch,
  database,
  dataKey,
  sources,
  clock,
  random,
  log,
  publish,
  whileClosed
}: {
  folder: string
  storeWatch: StoreWatch
  database: OpenDatabase
  dataKey: DataKey
  sources: KeySources
  clock: Clock
  random: Random
  log: Log
  publish: Publish
  whileClosed: <T>(work: () => Promise<T>) => Promise<T>
}): Services {
  const { db, reads, dataVersion } = database
  const time = createTimekeeper(clock)
  const audit = createAuditLog(dataKey.keys.audit)
  const { keys } = dataKey
  const reserve = createDiskReserve(folder)
  const store = createStore(database, { time, audit })
  const refusals: RefusalCounts = createRefusalCounts({
    async flush(isAll) {
      const isWritten = await writeDueRefusals({ store, reserve }, refusals, isAll)
      if (isWritten) publish('log-changed', {})
    },
    log
  })
  const settings = createSettingsService(db, time, audit, keys.sealing)
  const tokens = createTokenSource(clock)
  const transports = createTransportService({ db, time, audit, sealing: keys.sealing, settings, tokens })
  const shipped = createShippedTemplates(path.join(resourcesFolder, 'mail'))
  const templates = createTemplateService(db, time, audit, shipped, transports)
  const steps = { db, time, random, keys, settings, audit }
  const sender = createOutboxSender({
    ...steps,
    clock,
    log,
    publish,
    tokens,
    readConfig: (name) => readTransportConfig(db, keys.sealing, name),
    dataVersion
  })
  return {
    folder,
    store,
    storeWatch,
    db,
    reads,
    clock,
    time,
    random,
    dataKey,
    audit,
    refusals,
    reserve,
    settings,
    groups: createGroupService({ db, reads, time, audit }),
    users: createUserService({ db, reads, time, audit }),
    userActs: createUserActs({ db, time, audit, random }),
    exports: createExportService(db, time, audit),
    log: createLogService({ db, reads, time, audit }),
    imports: createImportService(db, time, audit),
    codes: createCodeService({ db, clock, time, random, keys: dataKey.keys, settings, audit }),
    keySlots: createKeySlotService({ db, time, audit, dataKey }),
    sheets: createSheetService({
      db,
      time,
      random,
      keys: dataKey.keys,
      settings,
      audit,
      owner: createSheetOwner(folder, systemRandom)
    }),
    links: createReprovisionLinks({ store, random, keys: dataKey.keys, settings, audit }),
    backups: createBackupService({ folder, db, clock, time, audit, dataKey, sources, whileClosed }),
    transports,
    templates,
    mail: createMailService({
      db,
      time,
      random,
      audit,
      signing: keys.signing,
      sealing: keys.sealing,
      settings,
      templates,
      transports,
      tokens
    }),
    outbox: createOutboxService({
      ...steps,
      templates,
      transports,
      poke: () => sender.poke(),
      openWhenPossible: (batchId) => sender.openWhenPossible(batchId)
    }),
    sender
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
