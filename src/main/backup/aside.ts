import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import BetterSqlite3 from 'better-sqlite3'

/** A text, not a module: bundled and unbundled programs would each need another path to a file of its own. */
const threadCode = `
const { parentPort, workerData } = require('node:worker_threads')
const Database = require(workerData.library)
try {
  const database = new Database(workerData.file, { fileMustExist: true, timeout: workerData.timeoutMs })
  const statement = database.prepare(workerData.sql)
  const rows = statement.reader ? statement.all(...workerData.parameters) : (statement.run(...workerData.parameters), [])
  database.close()
  parentPort.postMessage({ rows })
} catch (error) {
  parentPort.postMessage({ code: error.code, message: error.message })
}`

const library = createRequire(import.meta.url).resolve('better-sqlite3')
const timeoutMs = 10_000

type Answer = { rows: unknown[] } | { code: string | undefined; message: string }

/**
 * Runs one statement that only reads a database file in a thread of its own: for what takes seconds on a large database, while
 * *better-sqlite3* keeps its thread busy until the end. The columns are the caller's to know. Not opened read-only: SQLite
 * would then leave its shared-memory file behind.
 */
export async function readAside<Row>(
  file: string,
  sql: string,
  parameters: (string | number | null)[] = []
): Promise<Row[]> {
  const answer = await new Promise<Answer>((resolve, reject) => {
    const worker = new Worker(threadCode, { eval: true, workerData: { library, file, sql, parameters, timeoutMs } })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the thread ended without an answer')))
  })
  if ('rows' in answer) return answer.rows as Row[]
  throw answer.code === undefined
    ? new Error(answer.message)
    : new BetterSqlite3.SqliteError(answer.message, answer.code)
}
