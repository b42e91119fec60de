import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createTestClock, openTestConsole } from '../support/console.ts'
import { addUsers, everybody, transportTo } from '../support/mail-console.ts'

const mails = 100_000
const mebibyte = 1024 * 1024

/** A mail server in a process of its own, so that what it keeps is not counted. */
async function startSink(): Promise<number> {
  const script = path.join(import.meta.dirname, '../bench/smtp-sink-process.ts')
  const sink = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void sink.stdin.end())
  const [line] = (await once(sink.stdout, 'data')) as [Buffer]
  return Number(line.toString())
}

it('100,000 mails take no more memory at their end than at their beginning, and leave time for other calls', async () => {
  const port = await startSink()
  const server = await openTestConsole({ clock: createTestClock(Date.now()) })
  await server.call('settings:set', { changes: { ...transportTo(port), 'transport.default.connections': 20 } })
  await addUsers(server, mails)
  expect((await server.call('mail:send', everybody)).queued).toBe(mails)

  const samples: number[] = []
  const waits: Promise<number>[] = []
  const ask = async () => {
    const askedMs = performance.now()
    await server.call('users:list', { limit: 50 })
    return performance.now() - askedMs
  }
  const startedMs = performance.now()
  const sampler = setInterval(() => {
    samples.push(process.memoryUsage.rss())
    waits.push(ask())
  }, 1_000)
  expect(await server.sendDue()).toBe('done')
  clearInterval(sampler)
  const seconds = (performance.now() - startedMs) / 1000

  const { counts } = await server.call('outbox:summary', {})
  expect(counts.sent).toBe(mails)
  const half = samples.length >> 1
  const [early, late] = [Math.max(...samples.slice(0, half)), Math.max(...samples.slice(half))]
  const ordered = (await Promise.all(waits)).toSorted((a, b) => a - b)
  const told = [
    `${Math.round(mails / seconds)} mails/s`,
    `memory at most ${Math.round(early / mebibyte)} MiB in the first half, ${Math.round(late / mebibyte)} MiB in the second`,
    `a page of users in ${Math.round(ordered[ordered.length >> 1] ?? 0)} ms, at most ${Math.round(ordered.at(-1) ?? 0)} ms`
  ]
  console.log(told.join('; '))
  expect(late - early).toBeLessThan(40 * mebibyte)
})
