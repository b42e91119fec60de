import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { createCliFolder, spawnProvision } from './cli.ts'
import { messageIdOf, openSmtpSink } from './smtp-sink.ts'

interface Status {
  counts: Record<'queued' | 'sending' | 'sent' | 'deferred' | 'failed' | 'unknown' | 'cancelled', number>
}

/**
 * Sends `mails` mails by programs that are killed (SIGKILL) at random moments, `kills` times, and then by one that is not. Nothing
 * may be lost and nothing may come twice.
 */
export async function sendThroughKills({ mails, kills }: { mails: number; kills: number }): Promise<Status['counts']> {
  // Slow enough that there is always something to be killed in the middle of.
  const sink = await openSmtpSink({ data: () => sleep(20 + Math.random() * 40).then(() => null) })
  const users = Array.from({ length: mails }, (_, index) => `u${index},User ${index},u${index}@example.com,Staff`)
  const { console, cli } = await createCliFolder(`username,name,email,group\n${users.join('\n')}\n`)
  await console.call('settings:set', {
    changes: {
      'transport.default.host': '127.0.0.1',
      'transport.default.port': sink.port,
      'transport.default.security': 'none',
      'transport.default.sender': 'help@example.com',
      'transport.default.connections': 4
    }
  })
  await console.call('mail:send', { selection: { filter: {} } })
  await console.close()

  for (let kill = 0; kill < kills; kill++) {
    const before = sink.received.length
    const { child, ended } = spawnProvision(['--data', cli.folder, 'outbox', 'run'])
    // From when the first mail arrives the kill falls anywhere: before, while and after a mail is handed over.
    while (sink.received.length === before && child.exitCode === null && before < mails) await sleep(5)
    await sleep(Math.random() * 150)
    child.kill('SIGKILL')
    await ended
    const { counts } = await cli.json<Status>(['outbox', 'status'])
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(mails)
    // What was being handed over is unknown from now on, and no mail is left to arrive.
    if (counts.queued + counts.deferred === 0) break
  }
  const last = await cli.run(['outbox', 'run', '--once'])
  expect(last.exitCode).toBe(0)

  const { counts } = await cli.json<Status>(['outbox', 'status'])
  const ids = sink.received.map(({ raw }) => messageIdOf(raw))
  expect(new Set(ids).size).toBe(ids.length)
  expect(counts.sent + counts.unknown).toBe(mails)
  // What is known to be sent has arrived, and what has arrived is sent or unknown: never queued, never failed.
  expect(sink.received.length).toBeGreaterThanOrEqual(counts.sent)
  expect(sink.received.length).toBeLessThanOrEqual(mails)
  return counts
}
