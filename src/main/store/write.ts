import { sql, type Kysely, type Transaction } from 'kysely'
import type { Topic } from '../../shared/events.ts'
import type { Act } from '../system/operation.ts'
import type { AuditLog, NewAuditEntry } from './audit-chain.ts'
import type { Tables } from './schema.ts'
import type { Timekeeper } from './time.ts'

declare const reading: unique symbol
declare const writing: unique symbol

type Selecting = 'selectFrom' | 'selectNoFrom' | 'with' | 'withRecursive' | 'fn' | 'case' | 'dynamic'
type Running = 'executeQuery' | 'getExecutor'

/** What a function takes that only selects: the database, or a transaction under way. */
export interface Reads extends Pick<Kysely<Tables>, Selecting | Running> {
  readonly [reading]: true
}

/** An entry of the log; the actor is the operation's unless the entry names another. */
export type Recorded = Omit<NewAuditEntry, 'actor'> & { actor?: string }

/**
 * A transaction under way, which only a `Store` makes: a function that must run inside one takes this. Its work has no effect
 * outside the database, since the engine may undo it or run it again.
 */
export interface Write extends Transaction<Tables> {
  readonly [reading]: true
  readonly [writing]: true
  /** Taken once, as the transaction begins. */
  readonly nowMs: number
  readonly operation: Act
  /** Writes entries of the log, in their order: both they and what they tell of are committed, or neither. */
  record(...entries: Recorded[]): Promise<void>
  /** Listeners, also in other programs, are told once the transaction is committed. */
  changed(...topics: Topic[]): void
  /** An error of the work takes back what the work wrote, and no more, so that the caller can catch it and go on. */
  savepoint<T>(work: () => Promise<T>): Promise<T>
  /** Keeps what the work wrote where it says so by true, and takes it back where it says false: both take the same time. */
  attempt(work: () => Promise<boolean>): Promise<boolean>
}

export interface WriteParts {
  time: Timekeeper
  audit: AuditLog
}

/** Makes a transaction a `Write`, reading the time in its first statement. */
export async function beginWrite(
  transaction: Transaction<Tables>,
  operation: Act,
  { time, audit }: WriteParts,
  topics: Set<Topic>
): Promise<Write> {
  const nowMs = await time.nowMs(transaction)
  return Object.assign(transaction, createWrite(transaction, { operation, nowMs, audit, topics })) as unknown as Write
}

/** The members that a transaction gets beside its own. */
function createWrite(
  transaction: Transaction<Tables>,
  { operation, nowMs, audit, topics }: { operation: Act; nowMs: number; audit: AuditLog; topics: Set<Topic> }
): Pick<Write, 'nowMs' | 'operation' | 'record' | 'changed' | 'savepoint' | 'attempt'> {
  return {
    nowMs,
    operation,
    record: (...entries) =>
      audit.appendAll(
        transaction,
        nowMs,
        entries.map((entry) => ({ actor: operation.actor, ...entry }))
      ),
    changed(...changed) {
      for (const topic of changed) topics.add(topic)
    },
    savepoint: (work) => withSavepoint(transaction, work),
    async attempt(work) {
      await sql`savepoint attempt`.execute(transaction)
      const isKept = await work()
      // One statement either way; what is rolled back to stays open until the transaction ends, and is in nobody's way.
      const end = isKept ? sql`release savepoint attempt` : sql`rollback to savepoint attempt`
      await end.execute(transaction)
      return isKept
    }
  }
}

export async function withSavepoint<T>(transaction: Transaction<Tables>, work: () => Promise<T>): Promise<T> {
  // Of the same name inside one another, the innermost is meant.
  await sql`savepoint step`.execute(transaction)
  let result: T
  try {
    result = await work()
  } catch (error) {
    try {
      await sql`rollback to savepoint step`.execute(transaction)
      await sql`release savepoint step`.execute(transaction)
    } catch {
      // On a full disk, among others, the engine has rolled back the whole transaction by itself; the reason is the error.
    }
    throw error
  }
  await sql`release savepoint step`.execute(transaction)
  return result
}
