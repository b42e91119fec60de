import { refusalOfDatabase } from '../store/sqlite/refusals.ts'

/** Who does something, and how a long act is watched and stopped. */
export interface Act {
  /** For the audit log: the operating system's account name and the way in, or `portal`. */
  actor: string
  /** Whether a person named the files in this request, on the command line or in a dialog of the system, and not a page. */
  namesFiles?: boolean | undefined
  signal?: AbortSignal | undefined
  /** `total` may be an estimate until the end. */
  onProgress?: ((done: number, total: number) => void) | undefined
}

/** Rows a bulk act writes in one transaction: more would hold the write lock, and this thread, for too long. */
export const chunkRows = 500

export const firstChunkRows = 125
export const leastChunkRows = 63
/** Few sizes: each is other statements to compile. */
const chunkSizes = [chunkRows, 250, 125, leastChunkRows]
/** What a chunk is to keep this thread for, milliseconds: well under the 50 after which a window is felt to hang. */
const chunkMs = 15

/**
 * How many rows a bulk act takes at a time: so many as this machine, on this disk, reads and writes in about 15 ms, and at most
 * 500. A chunk lasts from `chunkRows` to `breathe`.
 */
export interface Pace {
  chunkRows(): number
  /** As the function of that name. */
  breathe(act: Act): Promise<boolean>
  chunksOf<T>(items: readonly T[]): Generator<T[]>
}

export function createPace(nowMs: () => number = () => performance.now()): Pace {
  let rows = firstChunkRows
  let startMs = nowMs()
  const chunkRowsNow = () => {
    startMs = nowMs()
    return rows
  }
  return {
    chunkRows: chunkRowsNow,
    breathe(act) {
      const fitting = rows * (chunkMs / Math.max(nowMs() - startMs, 1))
      // No more than the next size up: those that come first are quick where those before them have filled the caches.
      rows = chunkSizes.find((size) => size <= Math.min(fitting, rows * 2)) ?? leastChunkRows
      return breathe(act)
    },
    *chunksOf(items) {
      for (let start = 0; start < items.length;) {
        const chunk = items.slice(start, start + chunkRowsNow())
        start += chunk.length
        yield chunk
      }
    }
  }
}

/** Between two chunks: lets events, other transactions and a cancel in. True when the act is to stop. */
export async function breathe(act: Act): Promise<boolean> {
  await new Promise((resolve) => setImmediate(resolve))
  return act.signal?.aborted ?? false
}

/** Why a bulk act ended before its end, in words; what it had done until then is kept and reported. */
export const stoppedByCaller = 'it was cancelled'

export function stopReason(error: unknown): string {
  // What was done before is kept, and reported.
  const refusal = refusalOfDatabase(error, undefined, '')
  if (!refusal) throw error
  return refusal.message
}

export function* chunksOf<T>(items: readonly T[], size = chunkRows): Generator<T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size)
}
