import { parentPort } from 'node:worker_threads'
import { AppError } from '../../shared/errors.ts'
import type { AsideAnswer, AsideOrder } from './aside.ts'
import { loadWork } from './aside-work.ts'
import { capDecoderMemory } from './decoder-memory.ts'

/** The other side of `createAside`: one order after the other, each answered once it has been said that it is begun. */
capDecoderMemory()

parentPort?.on('message', (order: AsideOrder) => void take(order))

async function take({ id, name, input }: AsideOrder): Promise<void> {
  const answer = (message: AsideAnswer) => parentPort?.postMessage(message, [])
  try {
    const work = await loadWork(name)
    answer({ id, outcome: 'begun' })
    answer({ id, outcome: 'done', value: await work(input) })
  } catch (error) {
    if (error instanceof AppError) {
      const { code, message, details } = error
      answer({ id, outcome: 'refused', error: { code, message, details } })
    } else if (error instanceof RangeError) {
      answer({ id, outcome: /call stack/.test(error.message) ? 'too-deep' : 'too-large' })
    } else {
      answer({
        id,
        outcome: 'failed',
        message: error instanceof Error ? (error.stack ?? error.message) : String(error)
      })
    }
  }
}
