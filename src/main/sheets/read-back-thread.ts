import { parentPort, workerData } from 'node:worker_threads'
import { findUnreadable } from './read-back.ts'
import type { ReadBackAnswer, ReadBackOrder } from './read-back-worker.ts'

/** The other side of `readBack`: drawing a page takes a tenth of a second, for which no window may stand still. */
const { pdf, codes, dotsAnInch } = workerData as ReadBackOrder
const answer = (message: ReadBackAnswer) => parentPort?.postMessage(message, [])

answer({ unreadable: await findUnreadable(pdf, codes, dotsAnInch, (done) => answer({ done })) })
