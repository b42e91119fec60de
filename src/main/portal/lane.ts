import { createFairQueue } from './fair-queue.ts'

/** A request that waits to be worked on. */
export interface Waiting {
  /** Whose it is, under which its turns are counted. */
  client: string
  /** Nobody is there any more who would read the answer. */
  isGone(): boolean
  /** Its turn has come; `leave` is to be called, once or more, when its work is done. */
  go(leave: () => void): void
  /** There is no room for it. */
  refuse(): void
}

/**
 * Where requests of one kind wait, apart from those of other kinds, so that none keeps another from its turn. One goes on in each
 * round of the event loop: done all in one round, the work of many connections would keep new ones waiting, of which each
 * round takes in one, and whoever asks for something else.
 */
export interface Lane {
  enter(waiting: Waiting): void
}

export function createLane({ maxRunning, maxWaiting }: { maxRunning: number; maxWaiting: number }): Lane {
  const queue = createFairQueue<Waiting>(maxWaiting)
  let running = 0
  let isRoundDue = false

  const round = (): void => {
    isRoundDue = false
    let next = queue.take()
    while (next?.isGone()) next = queue.take()
    if (next) {
      running++
      let hasLeft = false
      next.go(() => {
        if (hasLeft) return
        hasLeft = true
        running--
        plan()
      })
    }
    plan()
  }
  const plan = (): void => {
    if (isRoundDue || running >= maxRunning || queue.size() === 0) return
    isRoundDue = true
    setImmediate(round)
  }
  return {
    enter(waiting) {
      // Those who left take no room from those who came.
      if (queue.size() >= maxWaiting) queue.drop((one) => one.isGone())
      queue.add(waiting.client, waiting)?.refuse()
      plan()
    }
  }
}
