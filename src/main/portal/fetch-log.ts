import type { SignedCode } from '../codes/signed-codes.ts'
import type { Log } from '../log.ts'

export interface Fetch {
  user: { id: number; username: string }
  codeId: number
  state: SignedCode['state']
  address: string
  /** What the client says it is; cut, since a stranger writes it. */
  agent: string
}

/** Writes down who fetched the picture of a code, so that a user's timeline shows that the mail was opened. */
export interface FetchLog {
  note(fetch: Fetch): void
  /** Writes what is still to be written. */
  close(): Promise<void>
}

/** Mail readers fetch a picture several times: one entry for each client in this time. */
const repeatMs = 15 * 60_000
const mostRemembered = 20_000
/** A picture is not kept waiting for its entry; entries are written together. */
const flushMs = 500
const mostAtOnce = 100
/** Beyond this what is noted is dropped: the log is no place to be flooded. */
const mostWaiting = 5_000
const mostAgentCharacters = 120

export function createFetchLog({ write, log }: { write: (fetches: Fetch[]) => Promise<void>; log: Log }): FetchLog {
  const seen = new Map<string, number>()
  let waiting: Fetch[] = []
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()

  const isRepeated = (fetch: Fetch): boolean => {
    const key = `${fetch.codeId} ${fetch.state} ${fetch.address} ${fetch.agent}`
    const nowMs = performance.now()
    const before = seen.get(key)
    if (before !== undefined && nowMs - before < repeatMs) return true
    seen.delete(key)
    seen.set(key, nowMs)
    if (seen.size > mostRemembered) {
      const [oldest] = seen.keys()
      if (oldest !== undefined) seen.delete(oldest)
    }
    return false
  }
  const flush = async (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    while (waiting.length > 0) {
      const fetches = waiting.slice(0, mostAtOnce)
      waiting = waiting.slice(mostAtOnce)
      try {
        await write(fetches)
      } catch (error) {
        // The picture was shown; that it was is lost with it.
        log.error('Fetched pictures could not be written into the log.', { error })
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return {
    note(fetch) {
      const cut = { ...fetch, agent: [...fetch.agent].slice(0, mostAgentCharacters).join('') }
      if (waiting.length >= mostWaiting || isRepeated(cut)) return
      waiting.push(cut)
      timer ??= setTimeout(() => {
        writing = writing.then(flush)
      }, flushMs).unref()
    },
    async close() {
      writing = writing.then(flush)
      await writing
    }
  }
}
