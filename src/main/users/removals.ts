import type { Random } from '../clock.ts'

/** An undo is offered right after the act; of a long day only the last ones are kept. */
const mostRemembered = 20

/** Which users each of the last removals took, in memory only: undo is for the session. */
export interface Removals {
  /** Returns the name by which the removal can be undone. */
  remember(userIds: number[]): string
  recall(undo: string): number[] | null
  forget(undo: string): void
}

export function createRemovals(random: Random): Removals {
  const remembered = new Map<string, number[]>()
  return {
    remember(userIds) {
      const undo = random.bytes(16).toString('hex')
      remembered.set(undo, userIds)
      const oldest = remembered.keys().next().value
      if (remembered.size > mostRemembered && oldest !== undefined) remembered.delete(oldest)
      return undo
    },
    recall: (undo) => remembered.get(undo) ?? null,
    forget: (undo) => void remembered.delete(undo)
  }
}
