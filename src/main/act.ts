import { refusalOfDatabase } from './database/refusals.ts'

/** Who does something, and how a long act is watched and stopped. */
export interface Act {
  /** For the audit log: the operating system's account name and the way in, or `portal`. */
  actor: string
  signal?: AbortSignal | undefined
  /** `total` may be an estimate until the end. */
  onProgress?: ((done: number, total: number) => void) | undefined
}

/** Rows a bulk act writes in one transaction: more would hold the write lock, and this thread, for too long. */
export const chunkRows = 500

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
