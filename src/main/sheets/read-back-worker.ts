import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { programFolder } from '../system/program-folder.ts'
import type { DrawnCode } from './sheet-drawing.ts'

export interface ReadBackOrder {
  pdf: Uint8Array
  codes: readonly DrawnCode[]
  dotsAnInch: number
}

export type ReadBackAnswer = { done: number } | { unreadable: string[] }

/** The built program has it beside its other entries; run from its sources, it is a neighbour. */
function threadFile(): string {
  const neighbour = fileURLToPath(new URL('./read-back-thread.ts', import.meta.url))
  return existsSync(neighbour) ? neighbour : path.join(programFolder, 'out', 'main', 'read-back-thread.js')
}

/**
 * Reads every code of a file back from its drawn pages, in a thread of its own. Returns the usernames of those that cannot be
 * read, or null when it was stopped.
 */
export function readBack(
  order: ReadBackOrder,
  { signal, onRead }: { signal?: AbortSignal | undefined; onRead: (done: number) => void }
): Promise<string[] | null> {
  if (signal?.aborted) return Promise.resolve(null)
  return new Promise((resolve, reject) => {
    const worker = new Worker(threadFile(), { workerData: order })
    const stop = () => {
      resolve(null)
      void worker.terminate()
    }
    signal?.addEventListener('abort', stop, { once: true })
    worker.on('message', (answer: ReadBackAnswer) => {
      if ('done' in answer) onRead(answer.done)
      else resolve(answer.unreadable)
    })
    worker.on('error', reject)
    worker.on('exit', () => {
      signal?.removeEventListener('abort', stop)
      reject(new Error('the reading back ended without an answer'))
    })
  })
}
