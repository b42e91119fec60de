import { AppError } from '../../shared/errors.ts'
import type { ServerTime, TimeSetRightReport } from '../../shared/time.ts'
import { chunkRows, type Act } from '../system/operation.ts'
import type { AuditLog } from '../store/audit-chain.ts'
import { withdrawCodes } from '../codes/revoke.ts'
import type { Db } from '../store/schema.ts'
import type { Timekeeper } from '../store/time.ts'
import { countUsersByCode } from '../users/user-store.ts'
import { bringToNow, countLiveLinks, endLinks, nextHolders, shiftLocks, shiftOutbox } from './time-store.ts'

export interface TimeParts {
  db: Db
  reads: Db
  time: Timekeeper
  audit: AuditLog
}

/** A time that runs ahead by less harms nobody. */
const harmlessMs = 1000

export async function readServerTime({ db, reads, time }: TimeParts): Promise<ServerTime> {
  const look = await time.look(db)
  const { live } = await countUsersByCode(reads, look.nowMs)
  return { ...look, liveCodes: live, liveLinks: await countLiveLinks(reads, look.nowMs) }
}

/**
 * Takes the clock at its word again, in one transaction. Codes and links that anybody holds end, since by the clock they would
 * live longer than they were given; whatever merely waits goes on waiting as long as it would have. Throws `time-is-right`.
 */
export async function setTimeRight({ db, time, audit }: TimeParts, act: Act): Promise<TimeSetRightReport> {
  return db.transaction().execute(async (transaction) => {
    const { aheadMs, nowMs } = await time.look(transaction)
    if (aheadMs < harmlessMs) {
      throw new AppError('time-is-right', 'The server’s time agrees with its clock. Nothing needs to be set right.')
    }
    const withdrawnCodes = await withdrawHeldCodes(transaction, audit, nowMs, act)
    const endedLinks = await countLiveLinks(transaction, nowMs)
    const shift = await time.setRight(transaction)
    await audit.append(transaction, shift.fromMs, { actor: act.actor, kind: 'time.stopped', detail: { ...shift } })
    await endLinks(transaction, shift)
    await shiftLocks(transaction, shift)
    const keptMails = await shiftOutbox(transaction, shift)
    await bringToNow(transaction, shift.toMs)
    const done = { withdrawnCodes, endedLinks, keptMails }
    await audit.append(transaction, shift.toMs, {
      actor: act.actor,
      kind: 'time.set-right',
      detail: { ...shift, ...done }
    })
    return { ...shift, ...done }
  })
}

async function withdrawHeldCodes(transaction: Db, audit: AuditLog, nowMs: number, act: Act): Promise<number> {
  let withdrawn = 0
  let afterUserId = 0
  for (;;) {
    const holders = await nextHolders(transaction, afterUserId, nowMs, chunkRows)
    const last = holders.at(-1)
    if (!last) return withdrawn
    afterUserId = last.id
    withdrawn += await withdrawCodes(transaction, audit, holders, nowMs, act)
    // Whatever needs no database, such as a page that is being sent, goes on meanwhile.
    await new Promise((resolve) => setImmediate(resolve))
  }
}
