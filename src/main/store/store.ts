import type { Topic } from '../../shared/events.ts'
import type { Act } from '../system/operation.ts'
import { watchOtherProcesses } from './sqlite/changes.ts'
import type { OpenDatabase } from './sqlite/open.ts'
import { beginWrite, withSavepoint, type Reads, type Write, type WriteParts } from './write.ts'

/** The one door to the data: whoever writes does so inside `write`, which hands over the time and records who acts. */
export interface Store {
  /** On the connection that writes: it sees what was just written. */
  readonly read: Reads
  /** For long lists: while somebody watches they are read in a thread of their own, so that no answer blocks this one. */
  readonly lists: Reads
  /** The time as a `Write` would have it; remembered nowhere. */
  nowMs(): Promise<number>
  /**
   * One transaction: all that the work wrote is committed before the result is handed over, or nothing is. The work has no
   * effect outside the database, so that it may be undone.
   */
  write<T>(operation: Act, work: (write: Write) => Promise<T>): Promise<T>
  /**
   * As `write`, for short work of which much arrives at once: what has come by the time that the connection is free shares one
   * transaction, a savepoint each, so that many wait for one commit. Each is answered after it, or fails with it.
   */
  writeTogether<T>(operation: Act, work: (write: Write) => Promise<T>): Promise<T>
  /** Told which topics a committed transaction of this program has changed; null when another program has written. */
  watch(listener: (topics: ReadonlySet<Topic> | null) => void): () => void
}

interface Waiting {
  operation: Act
  work: (write: Write) => Promise<unknown>
  resolve: (result: never) => void
  reject: (error: unknown) => void
}

/** So many share a commit: more would keep the first of them waiting for long. */
const maxTogether = 64

export function createStore(database: OpenDatabase, parts: WriteParts): Store {
  const { db } = database
  const listeners = new Set<(topics: ReadonlySet<Topic> | null) => void>()
  const tell = (topics: ReadonlySet<Topic> | null) => {
    if (topics?.size === 0) return
    for (const listener of listeners) listener(topics)
  }
  const others = watchOtherProcesses(database, () => tell(null))
  const waiting: Waiting[] = []
  let isRunning = false

  const runWaiting = async () => {
    const batch: Waiting[] = []
    const outcomes: ({ result: unknown } | { error: unknown })[] = []
    const topics = new Set<Topic>()
    try {
      await db.transaction().execute(async (transaction) => {
        // Taken once the connection is free: what came while another transaction ran goes along.
        batch.push(...waiting.splice(0, maxTogether))
        for (const { operation, work } of batch) {
          const own = new Set<Topic>()
          try {
            const write = async () => work(await beginWrite(transaction, operation, parts, own))
            // One that comes alone is undone with its transaction.
            const result = await (batch.length === 1 ? write() : withSavepoint(transaction, write))
            outcomes.push({ result })
            for (const topic of own) topics.add(topic)
          } catch (error) {
            if (batch.length === 1 || !database.isInTransaction()) throw error
            outcomes.push({ error })
          }
        }
      })
    } catch (error) {
      // None was taken where not even the transaction began.
      for (const { reject } of batch.length > 0 ? batch : waiting.splice(0)) reject(error)
      return
    }
    for (const [index, { resolve, reject }] of batch.entries()) {
      const outcome = outcomes[index]
      if (outcome && 'result' in outcome) resolve(outcome.result as never)
      else reject(outcome?.error)
    }
    tell(topics)
  }
  const runAll = async () => {
    if (isRunning) return
    isRunning = true
    try {
      while (waiting.length > 0) await runWaiting()
    } finally {
      isRunning = false
    }
  }

  return {
    read: db as unknown as Reads,
    lists: database.reads as unknown as Reads,
    nowMs: () => parts.time.peekMs(db),
    async write(operation, work) {
      const topics = new Set<Topic>()
      const result = await db
        .transaction()
        .execute(async (transaction) => work(await beginWrite(transaction, operation, parts, topics)))
      tell(topics)
      return result
    },
    writeTogether: (operation, work) =>
      new Promise((resolve, reject) => {
        waiting.push({ operation, work, resolve, reject })
        void runAll()
      }),
    watch(listener) {
      listeners.add(listener)
      database.readInThread()
      others.start()
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) others.stop()
      }
    }
  }
}
