import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '../../shared/errors.ts'

/** What goes on in an open folder passes through it, and waits while it is shut. */
export interface Gate {
  pass<T>(work: () => Promise<T>): Promise<T>
  /** Runs the work when nothing else goes on. Throws `database-busy` where something goes on for too long. */
  whileShut<T>(work: () => Promise<T>): Promise<T>
}

const pollMs = 20

export function createGate(mostWaitMs = 10_000): Gate {
  const state: { passing: number; untilOpen: Promise<void> | null } = { passing: 0, untilOpen: null }
  return {
    async pass(work) {
      while (state.untilOpen) await state.untilOpen
      state.passing++
      try {
        return await work()
      } finally {
        state.passing--
      }
    },
    async whileShut(work) {
      if (state.untilOpen) throw new AppError('database-busy', 'A backup is being restored already.')
      const { promise, resolve: open } = Promise.withResolvers<void>()
      state.untilOpen = promise
      try {
        for (let waitedMs = 0; state.passing > 0; waitedMs += pollMs) {
          if (waitedMs >= mostWaitMs) {
            throw new AppError(
              'database-busy',
              'Something else is still going on here. Let it end, or cancel it, then restore again. Nothing was changed.'
            )
          }
          await delay(pollMs)
        }
        return await work()
      } finally {
        state.untilOpen = null
        open()
      }
    }
  }
}
