import { createServer, type AddressInfo, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createTokenSource } from '../../../src/main/mail/oauth-tokens.ts'
import { openSmtp } from '../../../src/main/mail/smtp.ts'
import { SmtpFailure, type SendOutcome } from '../../../src/main/mail/smtp-outcomes.ts'
import { fieldsOf, type TransportConfig } from '../../../src/main/mail/transport-settings.ts'
import { createTestClock } from '../../support/console.ts'
import { openMailConsole } from '../../support/mail-console.ts'
import { openSmtpSink } from '../../support/smtp-sink.ts'

const timeouts = { connectMs: 2_000, silenceMs: 700, acceptMs: 700 }
const tokens = createTokenSource(createTestClock())

function configOf(change: Partial<TransportConfig>): TransportConfig {
  return {
    ...fieldsOf({}),
    name: 'default',
    host: '127.0.0.1',
    security: 'none',
    sender: 'help@example.com',
    password: null,
    clientSecret: null,
    publicHost: '127.0.0.1',
    ...change
  }
}

/** A server that answers each line by a script; `null` is silence, `close` ends the connection. */
async function openScript(
  answer: (line: string, socket: Socket) => string | null,
  greeting: string | null = '220 here'
) {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    if (greeting !== null) socket.write(`${greeting}\r\n`)
    let rest = ''
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString('latin1')).split('\r\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const words = answer(line, socket)
        if (words !== null) socket.write(`${words}\r\n`)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** What becomes of one mail by a server that is as it should be, but for what the script says. */
async function sendBy(script: (line: string, socket: Socket) => string | null | undefined): Promise<SendOutcome> {
  let isText = false
  const port = await openScript((line, socket) => {
    const special = script(isText && line !== '.' ? 'text' : line, socket)
    if (line === 'DATA') isText = true
    if (special !== undefined) return special
    if (line === '.') {
      isText = false
      return '250 taken'
    }
    if (isText && line !== 'DATA') return null
    return line === 'DATA' ? '354 go on' : '250 fine'
  })
  const session = await openSmtp(configOf({ port }), tokens, timeouts)
  onTestFinished(() => session.close())
  return session.send(
    { from: 'help@example.com', to: 'ann@example.com', needsSmtpUtf8: false },
    Buffer.from('Subject: x\r\n\r\ntext\r\n')
  )
}

describe('what became of a mail', () => {
  it('is sent once the server has said so after the final dot', async () => {
    expect(await sendBy(() => undefined)).toEqual({ kind: 'sent', response: '250 taken' })
  })

  it('is not begun while the text was not asked for', async () => {
    const broken = await sendBy((line, socket) => {
      if (!line.startsWith('RCPT')) return undefined
      socket.destroy()
      return null
    })
    expect(broken.kind).toBe('not-begun')
    expect((await sendBy((line) => (line.startsWith('MAIL') ? '421 closing' : undefined))).kind).toBe('deferred')
  })

  it('is unknown when the server falls silent or breaks off after the text began', async () => {
    expect((await sendBy((line) => (line === '.' ? null : undefined))).kind).toBe('unknown')
    const broken = await sendBy((line, socket) => {
      if (line !== '.') return undefined
      socket.destroy()
      return null
    })
    expect(broken.kind).toBe('unknown')
    const midway = await sendBy((line, socket) => {
      if (line !== 'text') return undefined
      socket.destroy()
      return null
    })
    expect(midway.kind).toBe('unknown')
  })

  it('is unknown when the server stops reading before the final dot', async () => {
    let isReading = true
    const port = await openScript((line, socket) => {
      if (!isReading) return null
      if (line !== 'DATA') return '250 fine'
      isReading = false
      socket.pause()
      return '354 go on'
    })
    const session = await openSmtp(configOf({ port }), tokens, timeouts)
    onTestFinished(() => session.close())
    const text = Buffer.alloc(16 * 1024 * 1024, 'text of a mail that is long\r\n')
    const envelope = { from: 'help@example.com', to: 'ann@example.com', needsSmtpUtf8: false }
    expect((await session.send(envelope, text)).kind).toBe('unknown')
  })

  it('is not begun where the server has had enough mails over this connection, and put off where it has not', async () => {
    let mails = 0
    let senders = 0
    const port = await openScript((line) => {
      if (line.startsWith('MAIL') && ++senders === 2) return '421 too many messages in this connection'
      if (line === '.') mails++
      return line === 'DATA' ? '354 go on' : '250 fine'
    })
    const session = await openSmtp(configOf({ port }), tokens, timeouts)
    onTestFinished(() => session.close())
    const send = () =>
      session.send({ from: 'a@example.com', to: 'b@example.com', needsSmtpUtf8: false }, Buffer.from('x\r\n'))
    expect((await send()).kind).toBe('sent')
    expect((await send()).kind).toBe('not-begun')
    expect([mails, session.isOpen()]).toEqual([1, false])
  })

  it('is told by the code of the answer', async () => {
    const at = (command: string, words: string) => sendBy((line) => (line.startsWith(command) ? words : undefined))
    expect(await at('RCPT', '450 4.2.1 busy')).toEqual({ kind: 'deferred', response: '450 4.2.1 busy' })
    expect(await at('RCPT', '550 5.1.1 nobody')).toEqual({ kind: 'failed', response: '550 5.1.1 nobody' })
    expect(await at('DATA', '451 4.3.0 later')).toEqual({ kind: 'deferred', response: '451 4.3.0 later' })
    expect((await at('RCPT', '452 4.2.2 full for now')).kind).toBe('deferred')
    expect((await at('RCPT', '421 4.7.0 closing')).kind).toBe('deferred')
    expect((await at('DATA', '421 4.7.0 closing')).kind).toBe('deferred')
    expect((await at('.', '421 4.7.0 closing')).kind).toBe('deferred')
    expect((await at('.', '451 4.3.0 later')).kind).toBe('deferred')
    expect((await at('DATA', '554 5.7.1 no')).kind).toBe('failed')
    expect((await at('RCPT', '535 5.7.8 signed out')).kind).toBe('stop')
    expect(await at('.', '552 5.2.2 full')).toEqual({ kind: 'failed', response: '552 5.2.2 full' })
    expect((await at('MAIL', '550 5.7.1 not you')).kind).toBe('stop')
    expect((await at('MAIL', '530 5.7.0 sign in first')).kind).toBe('stop')
    expect((await at('MAIL', '552 5.3.4 too large')).kind).toBe('failed')
  })

  it('goes to nobody where an address would end its command', async () => {
    const sink = await openSmtpSink()
    const session = await openSmtp(configOf({ port: sink.port }), tokens, timeouts)
    onTestFinished(() => session.close())
    for (const to of ['ann@example.com>\r\nRCPT TO:<evil@example.org', 'ann@example.com\n', 'ann@example.com\0']) {
      const envelope = { from: 'help@example.com', to, needsSmtpUtf8: false }
      expect((await session.send(envelope, Buffer.from('x\r\n'))).kind).not.toBe('sent')
    }
    expect(sink.received).toHaveLength(0)
  })

  it('fails where an address needs SMTPUTF8 and the server has none', async () => {
    const port = await openScript((line) => (line.startsWith('EHLO') ? '250 plain' : '250 fine'))
    const session = await openSmtp(configOf({ port }), tokens, timeouts)
    onTestFinished(() => session.close())
    const outcome = await session.send(
      { from: 'help@example.com', to: 'jörg@example.com', needsSmtpUtf8: true },
      Buffer.from('x\r\n')
    )
    expect(outcome).toMatchObject({ kind: 'failed', response: expect.stringContaining('SMTPUTF8') as string })
  })
})

describe('opening a connection', () => {
  const failureOf = (change: Partial<TransportConfig>) =>
    openSmtp(configOf(change), tokens, timeouts).then(
      () => null,
      (error: unknown) => {
        expect(error).toBeInstanceOf(SmtpFailure)
        const { step, isPassing } = error as SmtpFailure
        return { step, isPassing }
      }
    )

  it('fails at the step that failed', async () => {
    const sink = await openSmtpSink()
    expect(await failureOf({ port: sink.port, security: 'starttls' })).toMatchObject({ step: 'tls' })
    expect(await failureOf({ port: sink.port, security: 'tls' })).toMatchObject({ step: 'tls' })
    expect(await failureOf({ port: 1 })).toEqual({ step: 'connect', isPassing: true })
    expect(await failureOf({ host: 'no-such-host.invalid', port: 25 })).toEqual({ step: 'dns', isPassing: true })
    const silent = await openScript(() => null, null)
    expect(await failureOf({ port: silent })).toEqual({ step: 'connect', isPassing: true })
    const dropping = await openScript((_line, socket) => (socket.destroy(), null))
    expect(await failureOf({ port: dropping })).toEqual({ step: 'connect', isPassing: true })
    const busy = await openScript(() => null, '421 4.3.2 too busy')
    expect(await failureOf({ port: busy })).toEqual({ step: 'connect', isPassing: true })
  })

  it('waits for a server that greets late, for as long as it may', async () => {
    let delayMs = 500
    const server = createServer((socket) => {
      socket.on('error', () => undefined).on('data', () => socket.write('250 fine\r\n'))
      setTimeout(() => socket.write('220 here at last\r\n'), delayMs)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const session = await openSmtp(configOf({ port }), tokens, timeouts)
    session.close()
    delayMs = timeouts.connectMs + 1_000
    expect(await failureOf({ port })).toEqual({ step: 'connect', isPassing: true })
  })

  it('explains each step of a check, and skips what follows the one that failed', async () => {
    const { call, sink } = await openMailConsole(0, { password: 'me:right' })
    const steps = async (change: object) =>
      Object.fromEntries(
        (await call('transports:check', { name: 'default', change })).map(({ step, outcome }) => [step, outcome])
      )
    const signIn = { authentication: 'password', username: 'me' }
    expect(await steps({ ...signIn, password: 'right' })).toEqual({
      dns: 'passed',
      connect: 'passed',
      tls: 'passed',
      'sign-in': 'passed',
      sender: 'passed'
    })
    expect(await steps({ ...signIn, password: 'wrong' })).toMatchObject({
      tls: 'passed',
      'sign-in': 'failed',
      sender: 'skipped'
    })
    expect(await steps({ port: 1 })).toMatchObject({
      dns: 'passed',
      connect: 'failed',
      tls: 'skipped',
      sender: 'skipped'
    })
    expect(sink.received).toHaveLength(0)
  })
})

describe('a server that stalls', () => {
  it('holds a mail before its text for the short time, and is tried again later', async () => {
    for (const command of ['MAIL', 'RCPT', 'DATA']) {
      const outcome = await sendBy((line) => (line.startsWith(command) ? null : undefined))
      expect([command, outcome]).toEqual([command, { kind: 'deferred', response: 'The mail server fell silent.' }])
    }
  })

  it('gets the long time after the final dot', async () => {
    const port = await openScript((line, socket) => {
      if (line === '.') setTimeout(() => socket.write('250 taken at last\r\n'), 3 * timeouts.silenceMs)
      return line === '.' || line === 'x' ? null : line === 'DATA' ? '354 go on' : '250 fine'
    })
    const session = await openSmtp(configOf({ port }), tokens, { ...timeouts, acceptMs: 60_000 })
    onTestFinished(() => session.close())
    const envelope = { from: 'help@example.com', to: 'ann@example.com', needsSmtpUtf8: false }
    const outcome = await session.send(envelope, Buffer.from('x\r\n'))
    expect(outcome).toEqual({ kind: 'sent', response: '250 taken at last' })
  })

  it('gains nothing by a letter now and then', async () => {
    const outcome = await sendBy((line, socket) => {
      if (!line.startsWith('RCPT')) return undefined
      const trickle = setInterval(() => socket.write('2'), timeouts.silenceMs / 5)
      socket.once('close', () => clearInterval(trickle))
      return null
    })
    expect(outcome).toEqual({ kind: 'deferred', response: 'The mail server took too long.' })
  })
})

describe('a program that ends', () => {
  const sendUntil = async (command: string) => {
    const leaving = new AbortController()
    const port = await openScript((line) => {
      if (line.startsWith(command)) {
        leaving.abort()
        return null
      }
      return line === 'x' ? null : line === 'DATA' ? '354 go on' : '250 fine'
    })
    const session = await openSmtp(configOf({ port }), tokens, timeouts, undefined, leaving.signal)
    onTestFinished(() => session.close())
    const envelope = { from: 'help@example.com', to: 'ann@example.com', needsSmtpUtf8: false }
    return (await session.send(envelope, Buffer.from('x\r\n'))).kind
  }

  it('leaves a mail as not begun until its text has begun, and in doubt from then on', async () => {
    expect([await sendUntil('MAIL'), await sendUntil('RCPT'), await sendUntil('DATA')]).toEqual(
      Array.from({ length: 3 }, () => 'not-begun')
    )
    expect(await sendUntil('.')).toBe('unknown')
  })
})

it('a banner that is no mail server’s is called that, and no failure of TLS', async () => {
  for (const banner of ['HTTP/1.1 400 Bad certificate\u001b[2J', 'SSH-2.0-OpenSSH', 'TLS SSL EPROTO']) {
    const port = await openScript(() => null, banner)
    const failure = await openSmtp(configOf({ port }), tokens, timeouts).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(SmtpFailure)
    const { step, message } = failure as SmtpFailure
    expect([step, message]).toEqual(['connect', expect.stringContaining('is no mail server: it said “')])
    expect(message).not.toMatch(/\p{Cc}/u)
  }
})

it('words of a server lose their control characters wherever they come from', async () => {
  const escape = '\u001b]0;owned\u0007\u009b31m'
  const outcome = await sendBy((line) => (line.startsWith('RCPT') ? `550 5.1.1 ${escape} nobody` : undefined))
  expect(outcome.kind).toBe('failed')
  const sent = await sendBy((line) => (line === '.' ? `250 ${escape} taken` : undefined))
  expect(sent.kind).toBe('sent')
  expect(`${outcome.response}${sent.response}`).not.toMatch(/\p{Cc}/u)
})
