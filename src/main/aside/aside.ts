import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { AppError, type ErrorData } from '../../shared/errors.ts'
import { programFolder } from '../system/program-folder.ts'
import type { AsideWork } from './aside-work.ts'

export interface AsideOrder {
  id: number
  name: keyof AsideWork
  input: unknown
}

export type AsideAnswer = { id: number } & (
  | { outcome: 'begun' }
  | { outcome: 'done'; value: unknown }
  | { outcome: 'refused'; error: ErrorData }
  | { outcome: 'too-deep' | 'too-large' }
  | { outcome: 'failed'; message: string }
)

/** Why a piece of work was given up; `crowded`: too much of it waits already. */
export type GivenUp = 'too-long' | 'too-large' | 'too-deep' | 'crowded'

export interface AsideOptions {
  /** From when the work is begun: what the thread takes to start and to load its libraries is nobody's fault. */
  deadlineMs: number
  maxWaiting: number
  maxHeapMegabytes: number
  refuse: (why: GivenUp) => AppError
}

/**
 * Does what may take any time or memory in a thread of its own, one piece after the other. A piece that takes too much ends
 * with its thread, and the next one gets a fresh thread; this thread, which answers phones too, never waits.
 */
export interface Aside {
  run<Name extends keyof AsideWork>(name: Name, input: AsideWork[Name]['input']): Promise<AsideWork[Name]['output']>
}

interface Piece {
  order: AsideOrder
  resolve(value: unknown): void
  reject(error: Error): void
}

/** Of a thread that starts on a machine which is busy with something else. */
const maxStartMs = 60_000
const idleMs = 60_000

export function createAside({ deadlineMs, maxWaiting, maxHeapMegabytes, refuse }: AsideOptions): Aside {
  const waiting: Piece[] = []
  let current: Piece | null = null
  let worker: Worker | null = null
  let timer: NodeJS.Timeout | undefined
  let orders = 0

  const settle = (act: (piece: Piece) => void): void => {
    clearTimeout(timer)
    const piece = current
    current = null
    if (piece) act(piece)
    next()
  }
  /** Whatever the thread still says is heard by nobody. */
  const endThread = (): void => {
    const ended = worker
    worker = null
    ended?.removeAllListeners('message').removeAllListeners('exit')
    void ended?.terminate()
  }
  const giveUp = (error: Error): void => {
    endThread()
    settle(({ reject }) => reject(error))
  }
  const hear = (answer: AsideAnswer): void => {
    if (answer.id !== current?.order.id) return
    switch (answer.outcome) {
      case 'begun':
        clearTimeout(timer)
        timer = setTimeout(() => giveUp(refuse('too-long')), deadlineMs)
        return
      case 'done':
        return settle(({ resolve }) => resolve(answer.value))
      case 'refused':
        return settle(({ reject }) => reject(errorOf(answer.error)))
      case 'failed':
        return settle(({ reject }) => reject(new Error(`Work that is done aside failed: ${answer.message}`)))
      default:
        // What a library left half-done in there is not built upon.
        return giveUp(refuse(answer.outcome))
    }
  }
  const start = (): Worker => {
    const started = new Worker(threadFile(), { resourceLimits: { maxOldGenerationSizeMb: maxHeapMegabytes } })
    started.on('message', hear)
    started.on('error', (error: NodeJS.ErrnoException) => {
      if (started === worker) giveUp(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? refuse('too-large') : error)
    })
    started.on('exit', () => giveUp(new Error('A thread for work that is done aside ended without an answer.')))
    return started
  }
  const next = (): void => {
    if (current) return
    current = waiting.shift() ?? null
    if (!current) {
      // It ends with the program, but not while somebody waits for its answer.
      worker?.unref()
      timer = setTimeout(endThread, idleMs).unref()
      return
    }
    worker ??= start()
    worker.ref()
    timer = setTimeout(() => giveUp(refuse('too-long')), maxStartMs)
    worker.postMessage(current.order, [])
  }
  return {
    run(name, input) {
      if (waiting.length >= maxWaiting) return Promise.reject(refuse('crowded'))
      return new Promise((resolve, reject) => {
        waiting.push({ order: { id: ++orders, name, input }, resolve, reject })
        clearTimeout(current ? undefined : timer)
        next()
      })
    }
  }
}

function errorOf({ code, message, details }: ErrorData): AppError {
  return new AppError(code, message, details)
}

/** The built program has it beside its other entries; run from its sources, it is a neighbour. */
function threadFile(): string {
  const neighbour = fileURLToPath(new URL('./aside-thread.ts', import.meta.url))
  return existsSync(neighbour) ? neighbour : path.join(programFolder, 'out', 'main', 'aside-thread.js')
}
