import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createCliFolder, spawnProvision } from '../../support/cli.ts'
import { sendThroughKills } from '../../support/mail-kills.ts'
import { openSmtpSink } from '../../support/smtp-sink.ts'
import { transportTo } from '../../support/mail-console.ts'

describe('programs over one outbox', () => {
  it('lose no mail and send none twice, whatever is killed when', async () => {
    expect((await sendThroughKills({ mails: 30, kills: 4 })).kills).toBe(4)
  })

  it('send each mail once when two run at the same time', async () => {
    const sink = await openSmtpSink()
    const users = Array.from({ length: 150 }, (_, index) => `u${index},User ${index},u${index}@example.com,Staff`)
    const { console, cli } = await createCliFolder(`username,name,email,group\n${users.join('\n')}\n`)
    await console.call('settings:set', { changes: transportTo(sink.port) })
    await console.call('mail:send', { selection: { filter: {} } })
    await console.close()
    const runs = [1, 2].map(() => spawnProvision(['--data', cli.folder, 'outbox', 'run', '--once', '--json']))
    const results = await Promise.all(runs.map(({ ended }) => ended))
    // Whichever came second leaves the rest to the first, and says so where the first is still at it.
    const codes = results.map(({ exitCode }) => exitCode)
    expect(codes).toContain(0)
    expect([0, 3]).toEqual(expect.arrayContaining(codes))
    expect(sink.received.map(({ to }) => to).toSorted()).toEqual(
      users.map((_, index) => `u${index}@example.com`).toSorted()
    )
  })
})

it('a batch whose program was killed while it put it together says so, and goes on when it is told to', async () => {
  const sink = await openSmtpSink()
  const users = Array.from({ length: 3000 }, (_, index) => `u${index},User ${index},u${index}@example.com,Staff`)
  const { console, cli } = await createCliFolder(`username,name,email,group\n${users.join('\n')}\n`)
  await console.call('settings:set', { changes: transportTo(sink.port) })
  const batch = async () => (await console.call('outbox:batches', {})).batches[0]
  const { child, ended } = spawnProvision(['--data', cli.folder, 'mail', 'send', '--all', '--queue'])
  while (child.exitCode === null && (await batch()) === undefined) await sleep(1)
  expect(await batch()).toMatchObject({ state: 'sending', note: 'It is being put together.' })
  child.kill('SIGKILL')
  expect((await ended).signal).toBe('SIGKILL')
  // What that program has queued is due by its clock; the test's own stood still meanwhile.
  console.clock.set(Date.now())
  const left = await batch()
  expect(left).toMatchObject({ state: 'stopped', note: expect.stringContaining('Resume sends') as string })
  expect(left?.total).toBeLessThan(users.length)
  expect(await console.sendDue()).toBe('done')
  expect(sink.received).toHaveLength(0)
  await console.call('outbox:resume', { batchId: left?.id ?? 0 })
  expect(await console.sendDue()).toBe('done')
  expect(sink.received).toHaveLength(left?.total ?? 0)
})

describe('the command line', () => {
  it('previews, tests, sends and tells what became of it', async () => {
    const sink = await openSmtpSink({
      rcpt: (address) => (address.startsWith('bad') ? '550 5.1.1 no such mailbox' : null)
    })
    const { console, cli } = await createCliFolder(
      'username,name,email,group\nann,Ann,ann@example.com,Staff\nbad,Bad,bad@example.com,Staff\n'
    )
    await console.close()
    const settings = Object.entries(transportTo(sink.port)).map(([key, value]) => `${key}=${String(value)}`)
    await cli.json(['settings', 'set', ...settings])
    await cli.json(['settings', 'set', 'transport.default.password=@-'], { input: 's3cret\n' })
    const shown = await cli.run(['settings', 'get'])
    expect(shown.stdout).not.toContain('s3cret')
    expect(await cli.json(['settings', 'get', 'transport.default.password'])).toEqual({
      'transport.default.password': true
    })
    expect((await cli.run(['settings', 'set', 'transport.default.password=s3cret'])).exitCode).toBe(2)

    const preview = await cli.json<{ sampleCode: string }>(['mail', 'preview', 'ann', '--out', `${cli.folder}/ann.eml`])
    expect(preview.sampleCode).toBe('SAMP1EC0DE')
    expect(await cli.json(['mail', 'test', 'me@example.com'])).toMatchObject({
      accepted: true,
      address: 'me@example.com'
    })
    const sent = await cli.run(['mail', 'send', '--all', '--json'])
    expect(sent.exitCode).toBe(3)
    expect(JSON.parse(sent.stdout)).toMatchObject({ queued: 2, batch: { counts: { sent: 1, failed: 1 } } })
    const status = await cli.json<{ counts: object; nextDueAt: string | null; notSent: object[] }>(['outbox', 'status'])
    expect(status.counts).toMatchObject({ sent: 1, failed: 1, queued: 0 })
    expect(status.notSent).toMatchObject([{ username: 'bad', response: '550 5.1.1 no such mailbox' }])
    expect(status.nextDueAt).toBeNull()
    expect(await cli.json(['outbox', 'retry', 'bad'])).toMatchObject({ retried: 1 })
    expect(await cli.json(['outbox', 'cancel'])).toEqual({ cancelled: 1 })
    const at = new Date(Math.ceil(Date.now() / 3_600_000 + 1) * 3_600_000).toISOString()
    await cli.json(['mail', 'send', 'ann', '--at', at, '--queue'])
    expect(await cli.json(['outbox', 'status'])).toMatchObject({ nextDueAt: at })
    expect((await cli.run(['outbox', 'status'])).stdout).toMatch(
      /^The next may go out from .+:00 .+ on; no program that is open sends it\.$/m
    )
    expect(sink.received.map(({ to }) => to)).toEqual(['me@example.com', 'ann@example.com'])
  })
})
