import type { PortalRequest } from '../../shared/portal.ts'

const mostKept = 500
/** A flood of requests is no flood of news for the screens. */
const tellEveryMs = 250

const minuteMs = 60_000
/** A day that is an hour longer, as one is in autumn. */
const mostMinutes = 25 * 60

export interface RequestCounts {
  requests: number
  refused: number
}

/** The last requests, in memory alone: a live view, while the audit log keeps what must be kept. */
export interface RequestLog {
  /** `isRefused` also where the refusal is an app's FAIL, whose status is 200. */
  add(request: Omit<PortalRequest, 'id'>, isRefused: boolean): void
  /** Newest first. */
  list(limit: number): PortalRequest[]
  /** Of all that came since the program started. */
  count(): number
  /** Of the minutes from this time on, at most a day ago. */
  countSince(sinceMs: number): RequestCounts
}

export function createRequestLog(onChange: () => void): RequestLog {
  let kept: PortalRequest[] = []
  let count = 0
  let telling: NodeJS.Timeout | undefined
  const minutes = new Map<number, RequestCounts>()
  const countInMinute = (atMs: number, isRefused: boolean) => {
    const minute = Math.floor(atMs / minuteMs)
    const counted = minutes.get(minute) ?? { requests: 0, refused: 0 }
    minutes.set(minute, { requests: counted.requests + 1, refused: counted.refused + (isRefused ? 1 : 0) })
    for (const old of minutes.keys()) {
      if (minutes.size <= mostMinutes) break
      minutes.delete(old)
    }
  }
  return {
    add(request, isRefused) {
      countInMinute(request.atMs, isRefused)
      kept.push({ ...request, id: ++count })
      // Cut now and then rather than each time.
      if (kept.length >= 2 * mostKept) kept = kept.slice(-mostKept)
      telling ??= setTimeout(() => {
        telling = undefined
        onChange()
      }, tellEveryMs).unref()
    },
    list: (limit) => kept.slice(-Math.min(limit, mostKept)).toReversed(),
    count: () => count,
    countSince(sinceMs) {
      const total = { requests: 0, refused: 0 }
      for (const [minute, { requests, refused }] of minutes) {
        if (minute < Math.floor(sinceMs / minuteMs)) continue
        total.requests += requests
        total.refused += refused
      }
      return total
    }
  }
}
