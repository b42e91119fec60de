import type { AuditLog } from '../store/audit-chain.ts'
import { createStopwatch, type Clock, type Random } from '../system/clock.ts'
import type { Db } from '../store/schema.ts'
import type { Timekeeper } from '../store/time.ts'
import type { DerivedKeys } from '../keys/derived-keys.ts'
import type { Log } from '../system/log.ts'
import { createProgress } from './progress.ts'
import type { Publish } from '../../shared/events.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import { openBatch, openBatchRows } from './batch-store.ts'
import { createHolder, dropLease, isLeaseFree, takeLease } from './lease.ts'
import { createLane, type Lane, type LaneParts } from './lane.ts'
import { issueWaitingCodes, recoverSending, settleMails, wipeDeadCodes, type Result } from './settle.ts'
import { isAnySending, nextDueAtMs, waitingTransports, type DueMailRow } from './outbox-store.ts'
import { claimMails, closeEndedBatches } from './claim.ts'

/** Sends what waits in the outbox, in one program at a time: whoever holds the lease. */
export interface OutboxSender {
  /** Goes on by itself from now on, also with mails that other programs put into the outbox. */
  start(): void
  /** Something was put into the outbox, resumed, or set anew. */
  poke(): void
  /** Opens a batch, as soon as that can be written. */
  openWhenPossible(batchId: number): void
  /** Sends what is due and ends when nothing is, without waiting for what is to be tried later. */
  runOnce(signal?: AbortSignal): Promise<RunEnd>
  /** Lets what is being handed over come to its end for a moment, and writes down what became of it. */
  stop(): Promise<void>
}

export type RunEnd = 'done' | 'held-by-another' | 'waiting' | 'stopped'

export interface OutboxSenderParts extends LaneParts {
  db: Db
  time: Timekeeper
  clock: Clock
  random: Random
  keys: DerivedKeys
  settings: SettingsService
  audit: AuditLog
  log: Log
  publish: Publish
  /** Rises when another program wrote to the database. */
  dataVersion(): number
}

/** The lease outlasts a busy machine's pauses; whoever holds it renews it long before. */
const leaseMs = 20_000
const renewMs = 4_000
const pollMs = 500
/** A commit takes as long as the disk takes, for one mail as for ten. */
const mostGathered = 16
const gatherMs = 6
/** How often is looked, while mails are sent, for mails by other transports and for batches that have come to their end. */
const lookMs = 1_000
/** How long those being handed over get when the program ends. */
const lastMomentMs = 8_000

export function createOutboxSender(parts: OutboxSenderParts): OutboxSender {
  const { db, time, log, publish, random } = parts
  const holder = createHolder(random)
  const elapsedMs = createStopwatch(parts.clock)
  const lanes = new Map<string, Lane>()
  const results: Result[] = []
  const unopened = new Set<number>()
  let inFlight = 0
  let isHolding = false
  let renewedAtMs = 0
  let isStarted = false
  let isStopping = false
  let isPoked = true
  let seenVersion = -1
  let dueAtMs: number | null = 0
  let wake: () => void = () => undefined
  let ended: Promise<void> = Promise.resolve()
  const progress = createProgress(db, publish)
  /** The lanes by which mails wait, as last looked. */
  let wanted: Lane[] = []
  let lookedAtMs = Number.NEGATIVE_INFINITY
  /** When it was last looked which batches have come to their end. */
  let lookedForEndAtMs = Number.NEGATIVE_INFINITY

  const laneOf = (name: string) => {
    const known = lanes.get(name)
    if (known) return known
    const lane = createLane(name, parts)
    lanes.set(name, lane)
    return lane
  }

  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  const refreshLanes = async () => {
    const nowMs = elapsedMs()
    if (inFlight === 0 || nowMs - lookedAtMs > lookMs) {
      lookedAtMs = nowMs
      wanted = (await waitingTransports(db)).map(laneOf)
    }
    for (const lane of wanted) await lane.refresh()
  }

  const launch = (lane: Lane, mail: DueMailRow) => {
    inFlight++
    void lane.send(mail).then(
      (outcome) => finish({ mail, ...outcome }),
      (error: unknown) => {
        log.error('A mail could not be handed over.', { error, mail: mail.id })
        finish({
          mail,
          lane,
          outcome: { kind: 'failed', response: 'The mail could not be composed; the program’s log has the details.' }
        })
      }
    )
  }
  const finish = (result: Result) => {
    inFlight--
    results.push(result)
    wake()
  }

  /** One short transaction: what became of the last ones is written, and the next ones are claimed. */
  const step = async (): Promise<{ claimed: number; isMine: boolean }> => {
    // Within a transaction the lanes could not read: the database has one connection.
    await refreshLanes()
    const done = results.splice(0)
    const launches: [Lane, DueMailRow][] = []
    let isMine = false
    try {
      await db.transaction().execute(async (transaction) => {
        launches.length = 0
        const nowMs = await time.nowMs(transaction)
        await settleMails(parts, transaction, done, nowMs)
        if (isStopping) return
        const lease = await takeLease(transaction, holder, nowMs, nowMs + leaseMs)
        isMine = lease.isMine
        renewedAtMs = elapsedMs()
        if (!isMine) return
        if (lease.isNew) {
          await recoverSending(parts, transaction, nowMs)
          await wipeDeadCodes(transaction, nowMs)
        }
        const open = (await openBatchRows(transaction)).filter(({ state, at_ms }) => state === 'open' && at_ms <= nowMs)
        for (const lane of wanted) {
          let room = lane.room()
          for (const batch of [null, ...open]) {
            if (room <= 0) break
            const claimed = await claimMails(parts, transaction, { batch, lane, nowMs, room }, progress.touch)
            room -= claimed.length
            launches.push(...claimed.map((mail): [Lane, DueMailRow] => [lane, mail]))
          }
        }
        // Both look through all that waits, which is too much for every step of a long batch.
        const isLookDue = inFlight === 0 || elapsedMs() - lookedForEndAtMs > lookMs
        if (launches.length === 0 && isLookDue) {
          lookedForEndAtMs = elapsedMs()
          await closeEndedBatches(transaction, nowMs)
          dueAtMs = await nextDueAtMs(transaction)
        }
      })
    } catch (error) {
      // What was not written now is written by the next step.
      results.unshift(...done)
      throw error
    }
    isHolding = isMine
    for (const { mail } of done) progress.touch(mail.batch_id)
    for (const [lane, mail] of launches) launch(lane, mail)
    return { claimed: launches.length, isMine }
  }

  /** Lets a few more come to their end, so that one commit speaks for several mails. */
  const gather = async () => {
    const enough = Math.min(mostGathered, Math.ceil((inFlight + results.length) / 2))
    const untilMs = performance.now() + gatherMs
    const isWorthIt = () => results.length > 0 && results.length < enough && inFlight > 0
    while (isWorthIt() && performance.now() < untilMs) {
      await sleep(Math.max(1, untilMs - performance.now()))
    }
  }

  /**
   * Reads alone: a program that has nothing to do must write nothing, or two that watch each other's writes would keep each other
   * (and every screen) busy for good.
   */
  const hasWork = async (): Promise<boolean> => {
    if (inFlight > 0 || results.length > 0 || isHolding) return true
    dueAtMs = await nextDueAtMs(db)
    if (!(await isLeaseFree(db, holder, await time.peekMs(db)))) return false
    if (await isAnySending(db)) return true
    if (dueAtMs === null || dueAtMs > (await time.peekMs(db))) return false
    return (await waitingTransports(db)).some((name) => (lanes.get(name)?.readyInMs() ?? 0) === 0)
  }

  /** True while there is something to do at once. */
  const turn = async (): Promise<boolean> => {
    await gather()
    for (const batchId of unopened) {
      await openBatch(db, batchId)
      unopened.delete(batchId)
    }
    if (!(await hasWork())) return false
    await issueWaitingCodes(parts, () => isStopping)
    const { claimed, isMine } = await step()
    if (inFlight > 0) await progress.tell()
    else await progress.tell(true)
    if (isMine && inFlight === 0 && results.length === 0 && claimed === 0) {
      await dropLease(db, holder)
      isHolding = false
      for (const lane of lanes.values()) lane.rest()
    }
    return inFlight > 0 || results.length > 0
  }

  const isDue = () =>
    dueAtMs !== null &&
    dueAtMs <= time.guessMs() &&
    (lanes.size === 0 || [...lanes.values()].some((lane) => lane.readyInMs() === 0))

  const loop = async () => {
    for (;;) {
      if (isStopping) return
      try {
        const version = parts.dataVersion()
        const isWanted =
          isPoked ||
          version !== seenVersion ||
          isDue() ||
          results.length > 0 ||
          unopened.size > 0 ||
          (isHolding && elapsedMs() - renewedAtMs > renewMs)
        if (isWanted) {
          isPoked = false
          await turn()
          seenVersion = parts.dataVersion()
        }
      } catch (error) {
        log.error('The outbox could not go on; it tries again.', { error })
        await sleep(2_000)
      }
      if (results.length === 0 && !isPoked && !isStopping) await sleep(waitMs())
    }
  }

  const waitMs = () => {
    const laneMs = Math.min(...[...lanes.values()].map((lane) => lane.readyInMs()), pollMs)
    return Math.max(5, inFlight > 0 ? Math.min(laneMs, renewMs) : laneMs)
  }

  const endFlights = async () => {
    for (const lane of lanes.values()) lane.leave()
    const untilMs = performance.now() + lastMomentMs
    const isFlying = () => inFlight > 0
    while (isFlying() && performance.now() < untilMs) await sleep(100)
    try {
      if (results.length > 0) await step()
      await progress.tell(true)
      if (isHolding && inFlight === 0) await dropLease(db, holder)
    } catch (error) {
      // A full disk keeps no program from ending. Whichever sends next takes those mails for unknown.
      log.error('What became of the last mails could not be written down.', { error, mails: results.length })
    }
    for (const lane of lanes.values()) lane.close()
    isHolding = false
  }

  return {
    start() {
      if (isStarted) return
      isStarted = true
      ended = loop()
    },
    poke() {
      isPoked = true
      for (const lane of lanes.values()) lane.renew()
      wake()
    },
    openWhenPossible: (batchId) => void unopened.add(batchId),
    async runOnce(signal) {
      for (const lane of lanes.values()) lane.renew()
      for (;;) {
        if (signal?.aborted) {
          isStopping = true
          await endFlights()
          return 'stopped'
        }
        const isBusy = await turn()
        if (!isBusy) {
          if (dueAtMs === null || dueAtMs > time.guessMs()) return dueAtMs === null ? 'done' : 'waiting'
          const isBlocked = [...lanes.values()].some((lane) => lane.heldUp())
          if (isBlocked) return 'waiting'
          if (!isHolding && !(await isLeaseFree(db, holder, await time.peekMs(db)))) return 'held-by-another'
        }
        if (results.length === 0) await sleep(waitMs())
      }
    },
    async stop() {
      isStopping = true
      wake()
      await ended
      await endFlights()
    }
  }
}
