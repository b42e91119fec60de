import { addressKey } from '../provisioning/address-limit.ts'
import type { Log } from '../system/log.ts'
import { createFairQueue } from './fair-queue.ts'

/**
 * Who asked for a link by a name that may be anybody's. What is done for it begins when the answer is long gone, by a clock of
 * its own: right after the answer it would show in how long the next one on the same connection takes.
 */
export interface LinkRequests {
  /** False where there is no room for it. */
  note(username: string, address: string): boolean
  /** Does what is still to be done. */
  close(): Promise<void>
}

const maxWaiting = 200
const pauseMs = 1_000
/** So few a pause that a flood of names keeps neither mails nor apps waiting. */
const maxAtOnce = 5

export function createLinkRequests({
  send,
  log
}: {
  send: (username: string, address: string) => Promise<void>
  log: Log
}): LinkRequests {
  const queue = createFairQueue<{ username: string; address: string }>(maxWaiting)
  let dropped = 0
  let timer: NodeJS.Timeout | undefined
  let working = Promise.resolve()

  const workOff = async (count: number): Promise<void> => {
    for (let done = 0; done < count; done++) {
      const next = queue.take()
      if (!next) break
      try {
        await send(next.username, next.address)
      } catch (error) {
        log.error('A link for a user could not be sent.', { error })
      }
    }
    if (queue.size() > 0 || dropped === 0) return
    log.warn('More links were asked for than the User Portal sends; some were not sent.', { missing: dropped })
    dropped = 0
  }
  const workAndGoOn = async (): Promise<void> => {
    await workOff(maxAtOnce)
    timer = undefined
    if (queue.size() > 0) schedule()
  }
  const schedule = (): void => {
    timer ??= setTimeout(() => {
      working = workAndGoOn()
    }, pauseMs)
  }
  return {
    note(username, address) {
      const asked = { username, address }
      const displaced = queue.add(addressKey(address), asked)
      if (displaced) dropped++
      schedule()
      return displaced !== asked
    },
    async close() {
      clearTimeout(timer)
      await working
      clearTimeout(timer)
      await workOff(maxWaiting)
    }
  }
}
