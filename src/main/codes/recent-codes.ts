import { createStopwatch, type Clock, type Random } from '../system/clock.ts'
import type { ClearCode } from './issue.ts'

/** Long enough to read a code out on the telephone. */
const rememberedForMs = 10 * 60_000
const mostRemembered = 100

/** Codes just issued, in memory only, so that a typed code can be shown after its QR image without issuing another. */
export interface RecentCodes {
  /** Returns the handle by which the code can be taken up again. */
  remember(code: ClearCode): string
  recall(handle: string): ClearCode | null
}

export function createRecentCodes(clock: Clock, random: Random): RecentCodes {
  const elapsedMs = createStopwatch(clock)
  const remembered = new Map<string, { code: ClearCode; untilMs: number }>()
  const forgetOld = () => {
    for (const [handle, { untilMs }] of remembered) {
      if (untilMs <= elapsedMs() || remembered.size > mostRemembered) remembered.delete(handle)
    }
  }
  return {
    remember(code) {
      const handle = random.bytes(16).toString('hex')
      remembered.set(handle, { code, untilMs: elapsedMs() + rememberedForMs })
      forgetOld()
      return handle
    },
    recall(handle) {
      forgetOld()
      return remembered.get(handle)?.code ?? null
    }
  }
}
