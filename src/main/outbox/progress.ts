import type { Publish } from '../../shared/events.ts'
import type { Db } from '../store/schema.ts'
import { countMailsOf } from './outbox-store.ts'

/** Tells the screens how far the batches are. */
export interface Progress {
  /** Something of a batch (null: of none) has changed. */
  touch(batchId: number | null): void
  /** Tells what has changed, unless it was told a moment ago and more is to come. */
  tell(isLast?: boolean): Promise<void>
}

/** A screen that shows progress has other things to do. */
const tellMs = 300

export function createProgress(db: Db, publish: Publish): Progress {
  const touched = new Set<number | null>()
  let toldAtMs = Number.NEGATIVE_INFINITY
  return {
    touch: (batchId) => void touched.add(batchId),
    async tell(isLast = false) {
      const nowMs = performance.now()
      if (touched.size === 0 || (!isLast && nowMs - toldAtMs < tellMs)) return
      toldAtMs = nowMs
      const ids = [...touched].filter((id): id is number => id !== null)
      touched.clear()
      for (const [batchId, counts] of await countMailsOf(db, ids)) {
        const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
        publish('outbox-progress', { batchId, done: total - counts.queued - counts.sending - counts.deferred, total })
      }
      for (const name of ['outbox-changed', 'users-changed', 'log-changed'] as const) publish(name, {})
    }
  }
}
