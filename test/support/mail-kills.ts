import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { MessageCounts } from '../../src/shared/outbox.ts'
import { createCliFolder, spawnProvision } from './cli.ts'
import { transportTo } from './mail-console.ts'
import { messageIdOf, openSmtpSink } from './smtp-sink.ts'

export interface KillReport {
  counts: MessageCounts
  /** Programs that were killed while mails waited. */
  kills: number
  /** Those among them that had a mail in their hands. */
  killsMidway: number
}

const connections = 2
/** What one program may take of the mails at most, those included that it has in its hands when it is killed. */
const mailsAKill = 5

/** A program takes less than this to load and to hand over its first mail. */
const startMs = 1_500

/**
 * Sends `mails` mails by programs that are killed (SIGKILL) at random moments, `kills` times, and then by one that is not. Nothing
 * may be lost and nothing may come twice. There is something left for the last kill with five mails or more for each.
 */
export async function sendThroughKills({ mails, kills }: { mails: number; kills: number }): Promise<KillReport> {
  let allowed = 0
  const sink = await openSmtpSink({
    async data() {
      const asked = allowed
      await sleep(60 + Math.random() * 80)
      // However long this process is kept from killing the other one, that sends no more than its share.
      while (sink.received.length >= allowed && allowed === asked) await sleep(5)
      return allowed === asked ? null : '451 4.3.2 whoever sent it is gone'
    }
  })
  const users = Array.from({ length: mails }, (_, index) => `u${index},User ${index},u${index}@example.com,Staff`)
  const { console, cli } = await createCliFolder(`username,name,email,group\n${users.join('\n')}\n`)
  await console.call('settings:set', {
    changes: { ...transportTo(sink.port), 'transport.default.connections': connections }
  })
  await console.call('mail:send', { selection: { filter: {} } })
  await console.close()

  let known: MessageCounts | null = null
  const report = { kills: 0, killsMidway: 0 }
  for (let kill = 0; kill < kills; kill++) {
    const before = sink.received.length
    allowed = before + mailsAKill - connections
    const { child, ended } = spawnProvision(['--data', cli.folder, 'outbox', 'run'])
    if (Math.random() < 0.3) {
      // While it loads, opens the folder, takes the lease, claims its first mails.
      await sleep(Math.random() * startMs)
    } else {
      while (sink.received.length === before && child.exitCode === null) await sleep(5)
      await sleep(Math.random() * 150)
    }
    const waited = known === null || known.queued + known.deferred > 0
    child.kill('SIGKILL')
    const { signal } = await ended
    const { counts } = await cli.json<{ counts: MessageCounts }>(['outbox', 'status'])
    expect(sumOf(counts)).toBe(mails)
    if (signal === 'SIGKILL' && waited) report.kills++
    // Those of an earlier kill are told as sending until the next program takes over.
    if (counts.sending + counts.unknown > inHand(known)) report.killsMidway++
    known = counts
    // What was being handed over is unknown from now on, and no mail is left to arrive.
    if (counts.queued + counts.deferred === 0) break
  }
  allowed = Infinity
  // A mail that a killed program left in doubt is said to be.
  const last = await cli.run(['outbox', 'run', '--once'])
  expect([0, 3]).toContain(last.exitCode)
  if (last.exitCode === 3) expect(last.stderr).toMatch(/in doubt/)

  const { counts } = await cli.json<{ counts: MessageCounts }>(['outbox', 'status'])
  const ids = sink.received.map(({ raw }) => messageIdOf(raw))
  expect(new Set(ids).size).toBe(ids.length)
  expect(counts.sent + counts.unknown).toBe(mails)
  expect(counts.sent).toBeGreaterThan(0)
  // What is known to be sent has arrived, and what has arrived is sent or unknown: never queued, never failed.
  expect(sink.received.length).toBeGreaterThanOrEqual(counts.sent)
  expect(sink.received.length).toBeLessThanOrEqual(mails)
  return { counts, ...report }
}

function inHand(counts: MessageCounts | null): number {
  return (counts?.sending ?? 0) + (counts?.unknown ?? 0)
}

function sumOf(counts: MessageCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}
