import { cpSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { OutboxMessage } from '../../../src/shared/outbox.ts'
import { openTestConsole, type TestConsole } from '../../support/console.ts'
import { everybody, openMailConsole } from '../../support/mail-console.ts'
import { mountSmall, smallDiskNeed } from '../../support/small-disk.ts'
import { messageIdOf, type SinkBehaviour, type SmtpSink } from '../../support/smtp-sink.ts'

const users = 1200
/** KiB in which no further chunk fits, but what ends the act does. */
const roomToEndIn = 64

/** A console of so many users on a disk with `spareKibibytes` of room left. Null where no small disk can be mounted. */
async function openOnSmallDisk(
  spareKibibytes: number,
  behaviour: SinkBehaviour = {}
): Promise<{ console: TestConsole; sink: SmtpSink; small: string } | null> {
  const first = await openMailConsole(users, behaviour)
  await first.close()
  const database = statSync(path.join(first.folder, 'console.db'))
  const small = mountSmall(Math.ceil(database.size / 1024) + spareKibibytes)
  if (small === null) return null
  const folder = path.join(small, 'data')
  cpSync(first.folder, folder, { recursive: true })
  return { console: await openTestConsole({ folder, clock: first.clock }), sink: first.sink, small }
}

async function allMessages(console: TestConsole): Promise<OutboxMessage[]> {
  const all: OutboxMessage[] = []
  for (;;) {
    const beforeId = all.at(-1)?.id
    const { messages } = await console.call('outbox:messages', {
      limit: 500,
      ...(beforeId !== undefined && { beforeId })
    })
    if (messages.length === 0) return all
    all.push(...messages)
  }
}

/** Takes all the room that is left on the disk, but for so much. */
function fill(small: string, spareKibibytes = 0): string {
  const filler = path.join(small, 'filler')
  for (let kibibytes = 1024; kibibytes >= 4;) {
    try {
      writeFileSync(filler, Buffer.alloc(kibibytes * 1024), { flag: 'a' })
    } catch {
      kibibytes >>= 1
    }
  }
  truncateSync(filler, statSync(filler).size - spareKibibytes * 1024)
  return filler
}

function idsOf(sink: SmtpSink): string[] {
  return sink.received.map(({ raw }) => messageIdOf(raw))
}

describe('a disk that fills up', () => {
  it('while mails are put into the outbox lets out only those that have a row', async ({ skip }) => {
    const opened = (await openOnSmallDisk(30_000)) ?? skip(smallDiskNeed)
    const { console, sink, small } = opened
    let filler = ''
    const onProgress = () => void (filler ||= fill(small, roomToEndIn))
    const { queued, stopped } = await console.call('mail:send', everybody, { onProgress })
    expect(stopped).toMatch(/^The disk that holds .* is full\./)
    expect(queued).toBeGreaterThan(0)
    expect(queued).toBeLessThan(users)
    const rows = await allMessages(console)
    expect(rows).toHaveLength(queued)
    await console.sendDue().catch(() => undefined)
    const known = new Map((await allMessages(console)).map(({ messageId, state }) => [messageId, state]))
    for (const id of idsOf(sink)) expect(['sent', 'sending']).toContain(known.get(id))

    rmSync(filler)
    expect(await console.sendDue()).toBe('done')
    expect(new Set(idsOf(sink)).size).toBe(queued)
    expect(sink.received).toHaveLength(queued)
  })

  it('so far that a batch cannot even be opened says what is in the outbox, and sends that when there is room', async ({
    skip
  }) => {
    const opened = (await openOnSmallDisk(30_000)) ?? skip(smallDiskNeed)
    const { console, sink, small } = opened
    let filler = ''
    const onProgress = () => void (filler ||= fill(small))
    const { batch, queued, stopped } = await console.call('mail:send', everybody, { onProgress })
    expect(stopped).toMatch(
      /^The disk that holds .* is full\. (\d+) emails are in the outbox and will be sent once that is put right;/
    )
    expect(stopped).toContain(` ${queued} emails are in the outbox`)
    expect(stopped).toContain(`resume batch ${batch?.id}.`)
    expect(await allMessages(console)).toHaveLength(queued)
    await expect(console.sendDue()).rejects.toThrow('disk is full')
    expect(sink.received).toEqual([])

    rmSync(filler)
    expect(await console.sendDue()).toBe('done')
    expect(sink.received).toHaveLength(queued)
    expect((await console.call('outbox:batches', { limit: 1 })).batches).toMatchObject([
      { state: 'done', total: queued }
    ])
  })

  it('when its act was cancelled says that the emails wait, and lets none of them out', async ({ skip }) => {
    const opened = (await openOnSmallDisk(30_000)) ?? skip(smallDiskNeed)
    const { console, sink, small } = opened
    const stopping = new AbortController()
    let filler = ''
    const onProgress = () => {
      filler ||= fill(small)
      stopping.abort()
    }
    const { batch, queued, stopped } = await console.call('mail:send', everybody, {
      onProgress,
      signal: stopping.signal
    })
    expect(stopped).toMatch(
      /^it was cancelled, but not all of it could be withdrawn\. The disk that holds .* is full\. /
    )
    expect(stopped).toContain(`None of its ${queued} emails goes out; cancel batch ${batch?.id} once`)

    rmSync(filler)
    expect(await console.sendDue()).toBe('done')
    expect(sink.received).toEqual([])
    expect(await console.call('outbox:cancel', { batchId: batch?.id })).toEqual({ cancelled: queued })
    expect((await console.call('outbox:summary', {})).counts).toMatchObject({ cancelled: queued, queued: 0 })
  })

  it('while they are sent lets out none that is not written down as being sent, and goes on when there is room', async ({
    skip
  }) => {
    let whenThereAre = Infinity
    let onReached = () => undefined as void
    const opened =
      (await openOnSmallDisk(30_000, {
        data: () => {
          if (opened.sink.received.length >= whenThereAre) onReached()
          return null
        }
      })) ?? skip(smallDiskNeed)
    const { console, sink, small } = opened
    expect((await console.call('mail:send', everybody)).queued).toBe(users)
    let filler = ''
    whenThereAre = 100
    onReached = () => {
      whenThereAre = Infinity
      filler = fill(small)
    }
    await expect(console.sendDue()).rejects.toThrow('disk is full')
    expect(filler).not.toBe('')
    expect(sink.received.length).toBeLessThan(users)
    const known = new Map((await allMessages(console)).map(({ messageId, state }) => [messageId, state]))
    for (const id of idsOf(sink)) expect(['sent', 'sending']).toContain(known.get(id))

    rmSync(filler)
    expect(await console.sendDue()).toBe('done')
    const counts = (await console.call('outbox:summary', {})).counts
    expect(counts).toMatchObject({ sent: users, unknown: 0, queued: 0 })
    expect(new Set(idsOf(sink)).size).toBe(users)
    expect(sink.received).toHaveLength(users)
  })
})
