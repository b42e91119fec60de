import { createServer, type AddressInfo, type Socket } from 'node:net'
import { createServer as createHttpServer } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createTokenSource } from '../../../src/main/mail/oauth-tokens.ts'
import { openSmtp } from '../../../src/main/mail/smtp.ts'
import { SmtpFailure, type SendOutcome } from '../../../src/main/mail/smtp-outcomes.ts'
import { fieldsOf, type TransportConfig } from '../../../src/main/mail/transport-settings.ts'
import { createTestClock, openTestConsole } from '../../support/console.ts'
import { openMailConsole } from '../../support/mail-console.ts'
import { openSmtpSink } from '../../support/smtp-sink.ts'

const timeouts = { connectMs: 2_000, silenceMs: 700 }
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
    expect((await sendBy((line) => (line === 'DATA' ? null : undefined))).kind).toBe('not-begun')
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

  it('is told by the code of the answer', async () => {
    const at = (command: string, words: string) => sendBy((line) => (line.startsWith(command) ? words : undefined))
    expect(await at('RCPT', '450 4.2.1 busy')).toEqual({ kind: 'deferred', response: '450 4.2.1 busy' })
    expect(await at('RCPT', '550 5.1.1 nobody')).toEqual({ kind: 'failed', response: '550 5.1.1 nobody' })
    expect(await at('DATA', '451 4.3.0 later')).toEqual({ kind: 'deferred', response: '451 4.3.0 later' })
    expect(await at('.', '552 5.2.2 full')).toEqual({ kind: 'failed', response: '552 5.2.2 full' })
    expect((await at('MAIL', '550 5.7.1 not you')).kind).toBe('stop')
    expect((await at('MAIL', '530 5.7.0 sign in first')).kind).toBe('stop')
    expect((await at('MAIL', '552 5.3.4 too large')).kind).toBe('failed')
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
    const busy = await openScript(() => null, '421 4.3.2 too busy')
    expect(await failureOf({ port: busy })).toEqual({ step: 'connect', isPassing: true })
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

describe('OAuth 2 client credentials', () => {
  it('fetch a token, keep it, and fetch another before it ends', async () => {
    const asked: string[] = []
    const server = createHttpServer((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        asked.push(body)
        const isKnown = body.includes('client_secret=s3cret')
        response.writeHead(isKnown ? 200 : 401, { 'content-type': 'application/json' })
        response.end(
          JSON.stringify(
            isKnown
              ? { access_token: 'good', token_type: 'Bearer', expires_in: 3600 }
              : { error: 'invalid_client', error_description: 'Unknown secret' }
          )
        )
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const sink = await openSmtpSink({ token: 'good' })
    const console = await openTestConsole()
    await console.call('transports:set', {
      name: 'default',
      change: {
        host: '127.0.0.1',
        port: sink.port,
        security: 'none',
        sender: 'help@example.com',
        authentication: 'oauth2',
        username: 'help@example.com',
        tokenUrl: `http://127.0.0.1:${port}/token`,
        clientId: 'app',
        clientSecret: 's3cret'
      }
    })
    const test = () => console.call('transports:test', { name: 'default', address: 'me@example.com' })
    expect(await test()).toMatchObject({ accepted: true })
    expect(await test()).toMatchObject({ accepted: true })
    expect(asked).toHaveLength(1)
    expect(new URLSearchParams(asked[0])).toEqual(
      new URLSearchParams({ grant_type: 'client_credentials', client_id: 'app', client_secret: 's3cret' })
    )
    console.clock.advance(3_590_000)
    expect(await test()).toMatchObject({ accepted: true })
    expect(asked).toHaveLength(2)
    await console.call('transports:set', { name: 'default', change: { clientSecret: 'wrong' } })
    const refused = await test()
    expect(refused).toMatchObject({ accepted: false, response: expect.stringContaining('Unknown secret') as string })
    expect(JSON.stringify(await console.call('transports:list', {}))).not.toContain('wrong')
    expect(console.log.lines.join()).not.toContain('s3cret')
  })
})
