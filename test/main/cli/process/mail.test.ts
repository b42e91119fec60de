import { createServer } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { createCliFolder, readError, spawnProvision } from '../../../support/cli.ts'
import { freePort } from '../../../support/free-port.ts'
import { transportTo } from '../../../support/mail-console.ts'
import { openSmtpSink, type SinkBehaviour } from '../../../support/smtp-sink.ts'

const users = 'username,name,email,group\nann,Ann,ann@example.com,Staff\nbea,Bea,bea@example.com,Staff\n'

/** A folder whose transport leads to this port, with nothing sent yet. */
async function openFolderFor(port: number) {
  const { console, cli } = await createCliFolder(users)
  await console.call('settings:set', { changes: transportTo(port) })
  await console.close()
  return cli
}

async function openSending(behaviour: SinkBehaviour) {
  const sink = await openSmtpSink(behaviour)
  return { sink, cli: await openFolderFor(sink.port) }
}

it('mail send ends with 3 and a sentence where nothing could be sent, with and without --json', async () => {
  const down = await openFolderFor(await freePort())
  const plain = await down.run(['mail', 'send', 'ann'])
  expect([plain.exitCode, plain.stderr]).toEqual([
    3,
    expect.stringMatching(
      /^provision: 1 mail is not sent yet and waits in the outbox \(127\.0\.0\.1, port \d+ cannot be reached: nothing listens there\); “provision outbox run” goes on with it\.\n$/
    )
  ])
  const json = await down.run(['mail', 'send', 'bea', '--json'])
  expect(json.exitCode).toBe(3)
  expect(JSON.parse(json.stdout)).toMatchObject({ queued: 1, batch: { counts: { queued: 1, sent: 0 } } })
  expect(readError(json.stderr)).toMatchObject({ code: 'partial', details: { queued: 1 } })
})

it('mail send ends with 3 where the server puts the mails off', async () => {
  const { sink, cli } = await openSending({ rcpt: () => '451 4.7.1 try later' })
  const { exitCode, stderr } = await cli.run(['mail', 'send', '--all', '--yes', '--json'])
  expect(exitCode).toBe(3)
  expect(readError(stderr).message).toMatch(/^2 mails are not sent yet and wait in the outbox; “provision outbox run”/)
  expect(sink.received).toHaveLength(0)
})

it('mail send that was only to queue, and one whose mails all went out, end with 0', async () => {
  const { sink, cli } = await openSending({})
  await cli.json(['mail', 'send', 'ann', '--queue'])
  expect(sink.received).toHaveLength(0)
  await cli.json(['mail', 'send', 'bea'])
  expect(sink.received.map(({ to }) => to)).toContain('bea@example.com')
})

it('outbox run --once ends with 3 while mails that are due wait, and with 0 once they are out', async () => {
  const { sink, cli } = await openSending({ mail: () => '451 4.3.2 not now' })
  await cli.json(['mail', 'send', '--all', '--yes', '--queue'])
  const putOff = await cli.run(['outbox', 'run', '--once', '--json'])
  expect(putOff.exitCode).toBe(3)
  expect(JSON.parse(putOff.stdout)).toMatchObject({ counts: { deferred: 2, sent: 0 } })
  expect(readError(putOff.stderr)).toMatchObject({ code: 'partial', details: { deferred: 2, failed: 0 } })
  // They are tried again later, which the next run does not take for success either.
  expect((await cli.run(['outbox', 'run', '--once'])).exitCode).toBe(3)
  delete sink.behaviour.mail
  await cli.json(['outbox', 'retry', '--all'])
  expect(await cli.json(['outbox', 'run', '--once'])).toMatchObject({ end: 'done', counts: { sent: 2 } })
})

it('outbox run --once says once that a server refused a mail, and nothing of mails planned for later', async () => {
  const { cli } = await openSending({ rcpt: () => '550 5.1.1 nobody' })
  await cli.json(['mail', 'send', 'ann', '--queue'])
  const refused = await cli.run(['outbox', 'run', '--once'])
  expect([refused.exitCode, refused.stderr]).toEqual([
    3,
    'provision: 1 mail was refused; “provision outbox status” says why.\n'
  ])
  await cli.json(['mail', 'send', 'bea', '--at', new Date(Date.now() + 3_600_000).toISOString()])
  await cli.json(['outbox', 'run', '--once'])
})

it('a mail whose text was not asked for yet when the program is stopped waits again, and is not in doubt', async () => {
  const stalled = Promise.withResolvers<void>()
  const server = createServer((socket) => {
    socket.on('error', () => undefined).write('220 here\r\n')
    socket.on('data', (chunk) => {
      if (/^RCPT/m.test(chunk.toString())) return stalled.resolve()
      socket.write('250 fine\r\n')
    })
    onTestFinished(() => void socket.destroy())
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const cli = await openFolderFor(port)
  const { child, ended } = spawnProvision(['--data', cli.folder, 'mail', 'send', 'ann', '--json'])
  await stalled.promise
  child.kill('SIGINT')
  const { exitCode, stderr } = await ended
  expect([exitCode, readError(stderr).message]).toEqual([3, expect.stringContaining('1 mail is not sent yet')])
  expect(await cli.json(['outbox', 'status'])).toMatchObject({ counts: { queued: 1, unknown: 0, sending: 0 } })
})

it('words of a mail server move no cursor and colour nothing', async () => {
  const { cli } = await openSending({ rcpt: () => '550 5.1.1 \u001b[2J\u001b]0;owned\u0007 \u009b31m nobody' })
  for (const args of [['mail', 'test', 'me@example.com'], ['mail', 'send', 'ann'], ['outbox', 'status'], ['log']]) {
    for (const more of [[], ['--json']]) {
      const { stdout, stderr } = await cli.run([...args, ...more])
      expect([args, `${stdout}${stderr}`]).toEqual([args, expect.not.stringMatching(/(?!\n)\p{Cc}/u)])
    }
  }
})
