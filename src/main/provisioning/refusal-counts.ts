import type { AttemptRefusal, AuditEntry } from '../../shared/audit.ts'
import type { NewAuditEntry } from '../store/audit-chain.ts'
import type { DiskReserve } from '../store/disk-reserve.ts'
import type { Store } from '../store/store.ts'
import type { Log } from '../system/log.ts'

/** An attempt that was refused and has no entry of the log of its own. */
export interface CountedRefusal {
  refusal: AttemptRefusal
  address: string
  /** The user it was for; null where no user has the name. */
  user: { id: number; username: string } | null
  /** The name as it was tried. */
  username: string
  atMs: number
  detail: Record<string, unknown>
}

/** Refusals of one kind from one address for one name within a minute. */
interface Count {
  minute: number
  count: number
  firstAtMs: number
  lastAtMs: number
  /** Null for all those for which there is no room. */
  of: CountedRefusal | null
  refusal: AttemptRefusal
}

/**
 * Counts refused attempts in memory, so that whoever sends them can neither fill the disk nor hide in the log: of each minute the
 * log gets one entry for each address and name.
 */
export interface RefusalCounts {
  note(refused: CountedRefusal): void
  /** Whether one like it has an entry of this minute already, written or counted. */
  isRepeated(refused: CountedRefusal): boolean
  /** Remembers that one like it has an entry of its own. */
  remember(refused: CountedRefusal): void
  /**
   * Entries of minutes that are over; of all where asked. Nobody else is given them until they are settled, or given back because
   * they could not be written.
   */
  due(nowMs: number, isAll?: boolean): DueRefusals
  giveBack(due: DueRefusals): void
  /** They are written now. */
  settle(due: DueRefusals): void
  /** As entries of the log: what has been counted for the user and is not in it yet. */
  waitingFor(user: { id: number; username: string }): AuditEntry[]
  /** Ends the timer and writes what is still counted. */
  close(): Promise<void>
}

export interface DueRefusals {
  entries: NewAuditEntry[]
  counts: Count[]
}

const minuteMs = 60_000
/** So many entries are counted apart at a time; what comes beyond goes into one for all others of its kind. */
const maxCounted = 250
const maxRemembered = 5_000
/** Entries made of counts have ids of their own, apart from those made of codes and mails. */
const idsFrom = -(2 ** 50)

/** `flush` is called when a minute is over in which something was counted, and in the end for all that is left. */
export function createRefusalCounts({
  flush,
  log
}: {
  flush: (isAll: boolean) => Promise<void>
  log: Log
}): RefusalCounts {
  const counts = new Map<string, Count>()
  const written = new Set<string>()
  const inHand = new Set<Count>()
  let timer: NodeJS.Timeout | undefined
  let flushing = Promise.resolve()
  const keyOf = ({ refusal, address, user, username, atMs }: CountedRefusal) =>
    JSON.stringify([Math.floor(atMs / minuteMs), refusal, address, user?.id ?? null, user ? '' : username])

  const flushAndGoOn = async (isAll: boolean) => {
    try {
      await flush(isAll)
    } catch (error) {
      log.warn('Refused attempts could not be written into the log.', { error })
    }
    if (counts.size > 0 && !isAll) schedule()
  }
  const schedule = () => {
    timer ??= setTimeout(() => {
      timer = undefined
      flushing = flushAndGoOn(false)
    }, minuteMs).unref()
  }
  return {
    note(refused) {
      const { refusal, atMs } = refused
      const key = keyOf(refused)
      const known = counts.get(key)
      const othersKey = `others ${refusal}`
      const at = known ?? (counts.size < maxCounted ? undefined : counts.get(othersKey))
      if (at) {
        at.count += 1
        at.lastAtMs = atMs
      } else {
        const isApart = counts.size < maxCounted
        counts.set(isApart ? key : othersKey, {
          minute: Math.floor(atMs / minuteMs),
          count: 1,
          firstAtMs: atMs,
          lastAtMs: atMs,
          of: isApart ? refused : null,
          refusal
        })
      }
      schedule()
    },
    isRepeated: (refused) => written.has(keyOf(refused)) || counts.has(keyOf(refused)),
    remember(refused) {
      // Those of earlier minutes are never asked for again.
      if (written.size >= maxRemembered) written.clear()
      written.add(keyOf(refused))
    },
    due(nowMs, isAll = false) {
      const minute = Math.floor(nowMs / minuteMs)
      const ended = [...counts.values()].filter((count) => !inHand.has(count) && (isAll || count.minute < minute))
      for (const count of ended) inHand.add(count)
      return { counts: ended, entries: ended.map(entryOf) }
    },
    giveBack(due) {
      for (const count of due.counts) inHand.delete(count)
    },
    settle(due) {
      const settled = new Set(due.counts)
      for (const [key, count] of counts) if (settled.has(count)) counts.delete(key)
      for (const count of due.counts) inHand.delete(count)
    },
    waitingFor(user) {
      return [...counts.values()]
        .filter(({ of }) => of?.user?.id === user.id)
        .map((count, index) => ({
          id: idsFrom - index,
          atMs: count.lastAtMs,
          actor: 'portal',
          kind: 'attempt.refused',
          username: user.username,
          detail: detailOf(count)
        }))
    },
    async close() {
      clearTimeout(timer)
      await flushing
      clearTimeout(timer)
      if (counts.size > 0) await flushAndGoOn(true)
    }
  }
}

/**
 * Writes what is due, or all of it in the end. A disk that is nearly full gets none of it until there is room again, or the
 * program ends. Returns whether anything was written.
 */
export async function writeDueRefusals(
  { store, reserve }: { store: Store; reserve: DiskReserve },
  refusals: Pick<RefusalCounts, 'due' | 'settle' | 'giveBack'>,
  isAll: boolean
): Promise<boolean> {
  if (!isAll && (await reserve.isLow())) return false
  let due: DueRefusals = { entries: [], counts: [] }
  try {
    await store.write({ actor: 'portal' }, async (write) => {
      due = refusals.due(write.nowMs, isAll)
      if (due.entries.length > 0) await write.record(...due.entries)
    })
  } catch (error) {
    refusals.giveBack(due)
    throw error
  }
  refusals.settle(due)
  return due.entries.length > 0
}

function entryOf(count: Count): NewAuditEntry {
  return {
    actor: 'portal',
    kind: 'attempt.refused',
    user: count.of?.user ?? undefined,
    username: count.of?.username ?? '',
    detail: detailOf(count)
  }
}

function detailOf({ of, refusal, count, firstAtMs, lastAtMs }: Count): Record<string, unknown> {
  return {
    refusal,
    ...(of ? { address: of.address, ...of.detail } : { others: true }),
    count,
    firstAtMs,
    lastAtMs
  }
}
