import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server'
import { onTestFinished } from 'vitest'

export interface Received {
  from: string
  to: string
  raw: Buffer
}

export interface SmtpSink {
  port: number
  received: Received[]
  connections: number
  signIns: string[]
  /** What it does from now on. */
  behaviour: SinkBehaviour
  close(): Promise<void>
}

/** What a server says at RCPT or after the final dot: `451 try later`; null lets the mail in; `close` breaks the connection off. */
type Answer = string | null

export interface SinkBehaviour {
  rcpt?: (address: string) => Answer
  mail?: (address: string) => Answer
  data?: (to: string) => Answer | Promise<Answer>
  /** `user:password`, or a token for XOAUTH2. */
  password?: string
  token?: string
  options?: SMTPServerOptions
}

function refuse(answer: string): Error {
  const [, code = '550', words = answer] = /^(\d{3}) (.*)$/.exec(answer) ?? []
  return Object.assign(new Error(words), { responseCode: Number(code) })
}

/** A real SMTP server on loopback that keeps what it is given, and refuses what the test says. */
export async function openSmtpSink(behaviour: SinkBehaviour = {}): Promise<SmtpSink> {
  const sink = { received: [] as Received[], connections: 0, signIns: [] as string[], behaviour }
  /** The mail may have been taken by then. */
  const breakOff = ({ id }: SMTPServerSession) => {
    for (const connection of server.connections) {
      // oxlint-disable-next-line no-underscore-dangle -- the server has no other way to drop a connection without a word
      if (connection.session.id === id) connection._socket.destroy()
    }
  }
  const needsSignIn = behaviour.password !== undefined || behaviour.token !== undefined
  const server = new SMTPServer({
    authOptional: !needsSignIn,
    allowInsecureAuth: true,
    disabledCommands: needsSignIn ? ['STARTTLS'] : ['STARTTLS', 'AUTH'],
    authMethods: behaviour.token === undefined ? ['PLAIN', 'LOGIN'] : ['XOAUTH2'],
    disableReverseLookup: true,
    closeTimeout: 100,
    onConnect(_session, callback) {
      sink.connections++
      callback()
    },
    onAuth(auth, _session, callback) {
      const given = auth.method === 'XOAUTH2' ? (auth.accessToken ?? '') : `${auth.username}:${auth.password}`
      sink.signIns.push(given)
      if (given === (behaviour.token ?? behaviour.password)) callback(null, { user: auth.username ?? 'user' })
      else callback(Object.assign(new Error('5.7.8 Authentication credentials invalid'), { responseCode: 535 }))
    },
    onMailFrom(address, _session, callback) {
      const answer = behaviour.mail?.(address.address) ?? null
      callback(answer === null ? null : refuse(answer))
    },
    onRcptTo(address, session, callback) {
      const answer = behaviour.rcpt?.(address.address) ?? null
      if (answer === 'close') return breakOff(session)
      callback(answer === null ? null : refuse(answer))
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address).join(',')
        const from = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address
        void (async () => {
          const answer = (await behaviour.data?.(to)) ?? null
          if (answer === null || answer === 'close') sink.received.push({ from, to, raw: Buffer.concat(chunks) })
          if (answer === 'close') return breakOff(session)
          callback(answer === null ? null : refuse(answer))
        })()
      })
    },
    ...behaviour.options
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()))
  onTestFinished(close)
  const { port } = server.server.address() as AddressInfo
  return Object.assign(sink, { port, close })
}

/** The Message-ID of a raw message. */
export function messageIdOf(raw: Buffer): string {
  return /^Message-ID: (.*)$/m.exec(raw.toString('latin1'))?.[1]?.trim() ?? ''
}
