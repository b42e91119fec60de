import { Socket } from 'node:net'
import { Readable } from 'node:stream'
import type { ConnectionOptions } from 'node:tls'
import { callbackify } from 'node:util'
import type SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { SMTPConnectionAuth } from 'nodemailer/lib/smtp-connection'
import { oneLine } from '../system/printable.ts'
import { ehloAdvice, ehloNameOf, mindsEhloName } from './ehlo-name.ts'
import type { TokenSource } from './oauth-tokens.ts'
import {
  failureOfConnecting,
  outcomeOf,
  sentence,
  SmtpFailure,
  type DialogueError,
  type SendOutcome
} from './smtp-outcomes.ts'
import type { TransportConfig } from './transport-settings.ts'
import { trustedAuthorities } from './trusted-authorities.ts'

export interface SmtpTimeouts {
  /** Until a connection stands, greeting, TLS and all. */
  connectMs: number
  /** Without a word from the server; a whole envelope or sign-in takes three times as long at most. */
  silenceMs: number
  /** From the beginning of the text on, without a word. */
  acceptMs: number
}

/**
 * RFC 5321, 4.5.3.2 asks for 5 minutes before the text: a server that stalls there would hold up everybody for as long, and
 * nothing is lost by trying again. After the final dot its 10 minutes stand, since giving up earlier sends mails twice.
 */
export const smtpTimeouts: SmtpTimeouts = { connectMs: 30_000, silenceMs: 60_000, acceptMs: 600_000 }

/** An open connection, signed in; one mail at a time. */
export interface SmtpSession {
  send(envelope: { from: string; to: string; needsSmtpUtf8: boolean }, message: Buffer): Promise<SendOutcome>
  /** False once the connection has ended. */
  isOpen(): boolean
  /** Asks whether the server takes mail from this sender, and leaves it at that. */
  checkSender(from: string): Promise<string>
  close(): void
}

/**
 * Opens a connection and signs in. Throws SmtpFailure. `onStep` hears of each step that is done. `signal` ends what is under way,
 * but no mail whose text has begun: that one would be in doubt.
 */
export async function openSmtp(
  config: TransportConfig,
  tokens: TokenSource,
  timeouts: SmtpTimeouts = smtpTimeouts,
  onStep: (step: 'connect' | 'tls' | 'sign-in', words: string) => void = () => undefined,
  signal?: AbortSignal
): Promise<SmtpSession> {
  const name = ehloNameOf(config)
  // Left to whoever sends a mail: it takes longer to load than most commands take to run.
  const { default: Connection } = await import('nodemailer/lib/smtp-connection')
  const connection = new Connection({
    ...(name !== undefined && { name }),
    host: config.host.replace(/^\[|\]$/g, ''),
    port: config.port,
    secure: config.security === 'tls',
    requireTLS: config.security === 'starttls',
    ignoreTLS: config.security === 'none',
    tls: tlsOptions(config),
    connectionTimeout: timeouts.connectMs,
    greetingTimeout: timeouts.connectMs,
    dnsTimeout: timeouts.connectMs,
    socketTimeout: timeouts.silenceMs
  })
  let isOpen = true
  let taken = 0
  connection.on('end', () => (isOpen = false))
  connection.on('error', () => (isOpen = false))
  const { name: ehloName } = connection as unknown as { name: string }
  const connected = new Promise<void>((resolve, reject) => {
    const fail = (error: Error) => reject(failureOfConnecting(error, config, ehloName))
    connection.once('error', fail)
    connection.connect((error) => {
      connection.off('error', fail)
      if (error) fail(error)
      else resolve()
    })
  })
  const limits = { connection, signal }
  await within(connected, { ...limits, ms: 2 * timeouts.connectMs + timeouts.silenceMs, step: 'connect' })
  onStep('connect', `The server at ${config.host}, port ${config.port}, answered.`)
  onStep(
    'tls',
    config.security === 'none'
      ? 'The connection is not encrypted, as it is set.'
      : 'The connection is encrypted, and the certificate is trusted.'
  )
  try {
    await within(signIn(connection, config, tokens), { ...limits, ms: 3 * timeouts.silenceMs, step: 'sign-in' })
  } catch (error) {
    connection.close()
    throw error
  }
  onStep(
    'sign-in',
    config.authentication === 'none' ? 'No sign-in is set.' : `The server accepted the sign-in as ${config.username}.`
  )
  return {
    isOpen: () => isOpen,
    close() {
      isOpen = false
      connection.quit()
    },
    async send(envelope, message) {
      const outcome = await sendOne({ connection, timeouts, signal, ehloName, isUsed: taken > 0 }, envelope, message)
      if (outcome.kind === 'sent') taken++
      return outcome
    },
    checkSender: (from) =>
      within(checkSender(connection, from, ehloName), { ...limits, ms: 3 * timeouts.silenceMs, step: 'sender' })
  }
}

/** Ends the connection where `work` takes too long, also by a server that says a letter now and then, or where `signal` comes. */
async function within<T>(
  work: Promise<T>,
  limits: { connection: SMTPConnection; signal: AbortSignal | undefined; ms: number; step: SmtpFailure['step'] }
): Promise<T> {
  const { connection, signal, ms, step } = limits
  let end = (_message: string) => {}
  const ended = new Promise<never>((_resolve, reject) => {
    end = (message) => {
      reject(new SmtpFailure(step, message, true))
      connection.close()
    }
  })
  const stop = () => end(programEnded)
  const timer = setTimeout(() => end('The mail server took too long.'), ms)
  signal?.addEventListener('abort', stop)
  if (signal?.aborted) stop()
  try {
    return await Promise.race([work, ended])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  }
}

const programEnded = 'The program ended before the mail was handed over.'

function tlsOptions(config: TransportConfig): ConnectionOptions {
  const options: ConnectionOptions = { minVersion: 'TLSv1.2', rejectUnauthorized: true }
  return config.security === 'none' ? options : { ...options, ...trustedAuthorities(config) }
}

async function signIn(connection: SMTPConnection, config: TransportConfig, tokens: TokenSource): Promise<void> {
  if (config.authentication === 'none') return
  try {
    if (config.authentication === 'oauth2') await signInByToken(connection, config, tokens)
    else await login(connection, { user: config.username, pass: config.password ?? '' })
  } catch (error) {
    if (error instanceof SmtpFailure) throw error
    const { response, message } = error as DialogueError
    const words = response ?? message
    throw new SmtpFailure(
      'sign-in',
      `The mail server did not accept the sign-in: ${words}`,
      !isRefusedSignIn(error as DialogueError),
      response ?? null
    )
  }
}

function login(connection: SMTPConnection, auth: SMTPConnectionAuth): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const broken = (error: Error) => reject(error)
    connection.once('error', broken)
    connection.login(auth, (error) => {
      connection.off('error', broken)
      if (error) reject(error)
      else resolve()
    })
  })
}

/** 454 and other 4xx speak of a server that cannot ask its accounts just now. */
function isRefusedSignIn({ responseCode, code }: DialogueError): boolean {
  return (responseCode ?? 0) >= 500 || (code === 'EAUTH' && responseCode === undefined)
}

/** A token that was kept may have ended before its time: then a new one is tried, once. */
async function signInByToken(connection: SMTPConnection, config: TransportConfig, tokens: TokenSource): Promise<void> {
  let mayRenew = tokens.isKept(config)
  const renewed = () => {
    if (mayRenew) tokens.forget(config)
    mayRenew = false
    return tokens.get(config)
  }
  const loginBy = (token: string) =>
    login(connection, {
      type: 'oauth2',
      user: config.username,
      oauth2: bearer(config.username, (isRenewal) => (isRenewal ? renewed() : Promise.resolve(token)))
    })
  try {
    await loginBy(await tokens.get(config)).catch(async (error: unknown) => {
      if (!mayRenew || !isRefusedSignIn(error as DialogueError)) throw error
      await loginBy(await renewed())
    })
  } catch (error) {
    tokens.forget(config)
    throw error
  }
}

/**
 * What nodemailer asks of its own token generator (XOAUTH2, which Microsoft and Google speak). It asks for a renewal where the
 * server explains its refusal first.
 */
function bearer(
  username: string,
  get: (isRenewal: boolean) => Promise<string>
): NonNullable<SMTPConnectionAuth['oauth2']> {
  return {
    getToken: callbackify(get),
    buildXOAuth2Token: (token: string) =>
      Buffer.from(`user=${username}\u0001auth=Bearer ${token}\u0001\u0001`).toString('base64')
  } as unknown as NonNullable<SMTPConnectionAuth['oauth2']>
}

/** Hands the text over only once the server has asked for it, and remembers that it did. */
class HandedOver extends Readable {
  readonly #bytes: Buffer
  readonly #onBegin: () => void
  isBegun = false

  constructor(bytes: Buffer, onBegin: () => void) {
    super()
    this.#bytes = bytes
    this.#onBegin = onBegin
  }

  override _read(): void {
    this.push(null)
  }

  override pipe<T extends NodeJS.WritableStream>(destination: T): T {
    this.isBegun = true
    this.#onBegin()
    destination.end(this.#bytes)
    return destination
  }
}

interface Sending {
  connection: SMTPConnection
  timeouts: SmtpTimeouts
  signal: AbortSignal | undefined
  ehloName: string
  isUsed: boolean
}

async function sendOne(
  { connection, timeouts, signal, ehloName, isUsed }: Sending,
  envelope: { from: string; to: string; needsSmtpUtf8: boolean },
  message: Buffer
): Promise<SendOutcome> {
  if (envelope.needsSmtpUtf8 && !extensionsOf(connection).includes('SMTPUTF8')) {
    return {
      kind: 'failed',
      response: 'The mail server takes no address with letters beyond ASCII before its @ (SMTPUTF8).'
    }
  }
  let timer: NodeJS.Timeout | undefined
  let stop = () => {}
  let giveUp = () => {}
  const setLimit = (ms: number) => {
    clearTimeout(timer)
    timer = setTimeout(giveUp, ms)
  }
  const text = new HandedOver(message, () => {
    setSilence(connection, timeouts.acceptMs)
    setLimit(2 * timeouts.acceptMs)
  })
  const { response, ...outcome } = await new Promise<SendOutcome>((resolve) => {
    const end = (kind: 'unknown' | 'deferred' | 'not-begun', words: string) => {
      resolve({ kind, response: words })
      connection.close()
    }
    giveUp = () => end(text.isBegun ? 'unknown' : 'deferred', 'The mail server took too long.')
    stop = () => {
      if (!text.isBegun) end('not-begun', programEnded)
    }
    setLimit(3 * timeouts.silenceMs)
    signal?.addEventListener('abort', stop)
    if (signal?.aborted) return stop()
    connection.send({ from: envelope.from, to: envelope.to, size: message.length }, text, (error, info) => {
      if (!error) return resolve({ kind: 'sent', response: info?.response ?? '' })
      resolve(outcomeOf(error as DialogueError, { isBegun: text.isBegun, isUsed, ehloName }))
    })
  })
  clearTimeout(timer)
  signal?.removeEventListener('abort', stop)
  if (text.isBegun) setSilence(connection, timeouts.silenceMs)
  if (outcome.kind === 'not-begun') connection.close()
  // The server still remembers a sender whose recipient it refused, and takes no other one before it is told to forget it.
  if (outcome.kind !== 'sent' && !text.isBegun) await reset(connection, signal)
  return { ...outcome, response: oneLine(response) }
}

/** How long the server may be silent from now on. nodemailer takes one time for a whole connection, and keeps its socket to itself. */
function setSilence(connection: SMTPConnection, ms: number): void {
  const socket = (connection as unknown as Record<string, unknown>)['_socket']
  if (socket instanceof Socket && !socket.destroyed) socket.setTimeout(ms)
}

function reset(connection: SMTPConnection, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const drop = () => connection.close()
    const end = () => {
      connection.off('end', end)
      signal?.removeEventListener('abort', drop)
      resolve()
    }
    connection.once('end', end)
    signal?.addEventListener('abort', drop)
    connection.reset((error) => {
      if (error) connection.close()
      end()
    })
  })
}

/** Kept by nodemailer under a private name, and told to no one but its own sign-in handlers. */
function extensionsOf(connection: SMTPConnection): string[] {
  const known = (connection as unknown as Record<string, unknown>)['_supportedExtensions']
  return Array.isArray(known) ? known.map(String) : []
}

async function checkSender(connection: SMTPConnection, from: string, ehloName: string): Promise<string> {
  // There is no public way to send a lone MAIL FROM: one to a recipient that is taken back would be a mail in some servers' logs.
  const inner = connection as unknown as {
    [member in '_responseActions' | '_sendCommand']: member extends '_sendCommand'
      ? (command: string) => void
      : ((reply: string) => void)[]
  }
  const ask = (command: string) =>
    new Promise<string>((resolve, reject) => {
      const broken = (error: Error) => reject(new SmtpFailure('sender', sentence(error), true))
      connection.once('error', broken)
      inner['_responseActions'].push((reply) => {
        connection.off('error', broken)
        resolve(reply)
      })
      inner['_sendCommand'](command)
    })
  const reply = await ask(`MAIL FROM:<${from}>${/\P{ASCII}/u.test(from) ? ' SMTPUTF8' : ''}`)
  const requireName = (answer: string) => {
    if (!mindsEhloName(answer)) return
    throw new SmtpFailure('sender', ehloAdvice(ehloName, answer), answer.startsWith('4'), answer)
  }
  requireName(reply)
  if (!reply.startsWith('2')) {
    throw new SmtpFailure(
      'sender',
      `The mail server does not take mail from ${from}: ${reply}`,
      reply.startsWith('4'),
      reply
    )
  }
  // Many servers say what they have against the name only here. Whether the sender has a mailbox is of no concern.
  requireName(await ask(`RCPT TO:<${from}>`))
  await ask('RSET')
  return oneLine(reply)
}
