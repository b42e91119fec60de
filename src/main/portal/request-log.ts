import type { PortalRequest } from '../../shared/portal.ts'

const mostKept = 500
/** A flood of requests is no flood of news for the screens. */
const tellEveryMs = 250

/** The last requests, in memory alone: a live view, while the audit log keeps what must be kept. */
export interface RequestLog {
  add(request: Omit<PortalRequest, 'id'>): void
  /** Newest first. */
  list(limit: number): PortalRequest[]
  /** Of all that came since the program started. */
  count(): number
}

export function createRequestLog(onChange: () => void): RequestLog {
  let kept: PortalRequest[] = []
  let count = 0
  let telling: NodeJS.Timeout | undefined
  return {
    add(request) {
      kept.push({ ...request, id: ++count })
      // Cut now and then rather than each time.
      if (kept.length >= 2 * mostKept) kept = kept.slice(-mostKept)
      telling ??= setTimeout(() => {
        telling = undefined
        onChange()
      }, tellEveryMs).unref()
    },
    list: (limit) => kept.slice(-Math.min(limit, mostKept)).toReversed(),
    count: () => count
  }
}
