import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import BetterSqlite3 from 'better-sqlite3'

/** A text, not a module: bundled and unbundled programs would each need another path to a file of its own. */
const threadCode = `
const { parentPort, workerData } = require('node:worker_threads')
const Database = require(workerData.library)
let database
const kept = new Map()
const prepare = (sql) => {
  if (!database) {
    database = new Database(workerData.file, { fileMustExist: true, timeout: workerData.timeoutMs })
    for (const pragma of workerData.pragmas) database.pragma(pragma)
  }
  if (kept.size > workerData.mostKept) kept.clear()
  if (!kept.has(sql)) kept.set(sql, database.prepare(sql))
  return kept.get(sql)
}
parentPort.on('message', (request) => {
  if (request === 'close') {
    database?.close()
    parentPort.close()
    return
  }
  const { id, sql, parameters } = request
  try {
    const statement = prepare(sql)
    const rows = statement.reader ? statement.all(...parameters) : (statement.run(...parameters), [])
    parentPort.postMessage({ id, rows })
  } catch (error) {
    parentPort.postMessage({ id, code: error.code, message: error.message })
  }
})`

const library = createRequire(import.meta.url).resolve('better-sqlite3')
const timeoutMs = 10_000
const mostKept = 100
/** 100,000 users with their indexes; SQLite's own 2 MiB make a look at every user one at the disk. */
export const cachePragma = 'cache_size = -65536'
/** A file that others could write to must not call functions from its schema, nor lead SQLite out of a damaged page. */
export const distrustPragmas = ['trusted_schema = OFF', 'cell_size_check = ON']

type Answer = { id: number } & ({ rows: unknown[] } | { code: string | undefined; message: string })

/**
 * A connection to a database file in a thread of its own, for statements that only read and take long on a large database:
 * *better-sqlite3* keeps its thread busy until the end. Not opened read-only: SQLite would then leave its shared-memory file
 * behind.
 */
export interface ReadingThread {
  /** One statement after the other. Throws as *better-sqlite3* does. */
  run(sql: string, parameters: readonly unknown[]): Promise<unknown[]>
  close(): Promise<void>
}

export function startReadingThread(file: string): ReadingThread {
  const worker = new Worker(threadCode, {
    eval: true,
    workerData: { library, file, timeoutMs, mostKept, pragmas: [cachePragma, ...distrustPragmas] }
  })
  const waiting = new Map<number, { resolve(rows: unknown[]): void; reject(error: Error): void }>()
  let isEnded = false
  let asked = 0
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      isEnded = true
      failAll(new Error('the reading thread has ended'))
      resolve()
    })
  })
  const failAll = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  worker.on('error', failAll)
  worker.on('message', (answer: Answer) => {
    const waiter = waiting.get(answer.id)
    waiting.delete(answer.id)
    if (waiting.size === 0) worker.unref()
    if ('rows' in answer) waiter?.resolve(answer.rows)
    else waiter?.reject(errorOf(answer))
  })
  // It ends with the program, but not while somebody waits for its answer.
  worker.unref()
  return {
    run(sql, parameters) {
      if (isEnded) return Promise.reject(new Error('the reading thread has ended'))
      const id = ++asked
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        worker.ref()
        worker.postMessage({ id, sql, parameters }, [])
      })
    },
    async close() {
      if (!isEnded) worker.postMessage('close', [])
      worker.ref()
      await ended
    }
  }
}

/** One such statement. The columns are the caller's to know. */
export async function readAside<Row>(
  file: string,
  sql: string,
  parameters: (string | number | null)[] = []
): Promise<Row[]> {
  const thread = startReadingThread(file)
  try {
    return (await thread.run(sql, parameters)) as Row[]
  } finally {
    await thread.close()
  }
}

function errorOf({ code, message }: { code: string | undefined; message: string }): Error {
  return code === undefined ? new Error(message) : new BetterSqlite3.SqliteError(message, code)
}
