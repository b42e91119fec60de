import type { SkippedUser } from '../../shared/code.ts'
import type { Act } from '../system/operation.ts'
import type { Random } from '../system/clock.ts'
import type { Db } from '../store/schema.ts'

/** An undo is offered right after the act; of a long day only the last ones are kept. */
const mostRemembered = 20

/** What takes an act back from these users, at most 500 in one transaction. */
export interface UndoPart {
  ids: number[]
  takeBack: (
    transaction: Db,
    ids: number[],
    nowMs: number,
    act: Act
  ) => Promise<{ changed: number; skipped: SkippedUser[] }>
}

/** How each of the last acts is taken back, in memory only: undo is for the session. */
export interface Undos {
  /** Returns the name by which the act can be undone; null where it changed nobody. */
  remember(parts: UndoPart[]): string | null
  recall(undo: string): UndoPart[] | null
  forget(undo: string): void
}

export function createUndos(random: Random): Undos {
  const remembered = new Map<string, UndoPart[]>()
  return {
    remember(parts) {
      if (parts.every(({ ids }) => ids.length === 0)) return null
      const undo = random.bytes(16).toString('hex')
      remembered.set(undo, parts)
      const oldest = remembered.keys().next().value
      if (remembered.size > mostRemembered && oldest !== undefined) remembered.delete(oldest)
      return undo
    },
    recall: (undo) => remembered.get(undo) ?? null,
    forget: (undo) => void remembered.delete(undo)
  }
}
