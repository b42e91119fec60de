import type { SignedCode } from '../links/signed-codes.ts'
import type { Log } from '../system/log.ts'

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
/** A picture is not kept waiting for its entry. So many are written at once, and then no more for this long: 250 a second. */
const mostAtOnce = 50
const pauseMs = 200
/** Beyond this what is noted is dropped: the log is no place to be flooded. */
const mostWaiting = 20_000
const mostAgentCharacters = 120

export function createFetchLog({ write, log }: { write: (fetches: Fetch[]) => Promise<void>; log: Log }): FetchLog {
  const seen = new Map<string, number>()
  const waiting: Fetch[] = []
  let dropped = 0
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
  const writeSome = async (): Promise<void> => {
    try {
      await write(waiting.splice(0, mostAtOnce))
    } catch (error) {
      // The picture was shown; that it was is lost with it.
      log.error('Fetched pictures could not be written into the log.', { error })
    }
    if (waiting.length > 0 || dropped === 0) return
    log.warn('More pictures were fetched than the log takes; some are missing in it.', { missing: dropped })
    dropped = 0
  }
  const writeAndGoOn = async (): Promise<void> => {
    await writeSome()
    timer = undefined
    if (waiting.length > 0) schedule()
  }
  const schedule = (): void => {
    timer ??= setTimeout(() => {
      writing = writeAndGoOn()
    }, pauseMs).unref()
  }
  return {
    note(fetch) {
      const cut = { ...fetch, agent: [...fetch.agent].slice(0, mostAgentCharacters).join('') }
      if (isRepeated(cut)) return
      if (waiting.length >= mostWaiting) {
        dropped++
        return
      }
      waiting.push(cut)
      schedule()
    },
    async close() {
      clearTimeout(timer)
      await writing
      clearTimeout(timer)
      while (waiting.length > 0) await writeSome()
    }
  }
}
