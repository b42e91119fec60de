import { connectionFault } from '../system/connection-faults.ts'
import { oneLine } from '../system/printable.ts'
import { ehloAdvice, isRefusal, mindsEhloName } from './ehlo-name.ts'
import type { TransportConfig } from './transport-settings.ts'

/** What became of one mail that was handed to a mail server. */
export type SendOutcome =
  | { kind: 'sent'; response: string }
  /** Refused for the moment (4xx). */
  | { kind: 'deferred'; response: string }
  /** Refused for good (5xx). */
  | { kind: 'failed'; response: string }
  /** The connection broke, or nothing was heard, after the text began to be handed over. */
  | { kind: 'unknown'; response: string }
  /** Not even begun: the connection broke before. It can be sent over another one. */
  | { kind: 'not-begun'; response: string }
  /** The server takes no mail from this sender or this account: the next one would fare the same. */
  | { kind: 'stop'; response: string }

/** Where getting a connection failed, and whether trying again by itself can help. */
export class SmtpFailure extends Error {
  readonly step: 'dns' | 'connect' | 'tls' | 'sign-in' | 'sender'
  /** False when the server (or its certificate's owner) will say the same the next time: somebody has to change something. */
  readonly isPassing: boolean
  /** The server's own words, where it said any. */
  readonly response: string | null

  constructor(step: SmtpFailure['step'], message: string, isPassing: boolean, response: string | null = null) {
    // A server's own words are in both.
    super(oneLine(message))
    this.name = 'SmtpFailure'
    this.step = step
    this.isPassing = isPassing
    this.response = response === null ? null : oneLine(response)
  }
}

/** nodemailer's errors tell where in the dialogue they happened. */
export interface DialogueError extends Error {
  code?: string
  command?: string
  response?: string
  responseCode?: number
  originalCode?: string
}

/** Why no connection came to be: the step, in words that say what to do. */
export function failureOfConnecting(error: DialogueError, config: TransportConfig, ehloName: string): SmtpFailure {
  const where = `${config.host}, port ${config.port}`
  const words = error.response ?? null
  if (error.code === 'EDNS') {
    return new SmtpFailure('dns', `The name ${config.host} cannot be resolved (${connectionFault(error)}).`, true)
  }
  const isAnswer = error.responseCode !== undefined
  const isNameRefused = error.command === 'EHLO' || error.command === 'HELO' ? isRefusal : mindsEhloName
  if (isAnswer && words !== null && isNameRefused(words)) {
    return new SmtpFailure('connect', ehloAdvice(ehloName, words), (error.responseCode ?? 0) < 500, words)
  }
  // Whatever says the first word in the clear has not begun with TLS.
  const isBanner = error.code === 'EPROTOCOL' && !isAnswer
  if (isBanner && error.command === 'CONN') {
    const said = words === null ? 'far too much' : `“${words.slice(0, 200)}”`
    return new SmtpFailure('connect', `What answers at ${where} is no mail server: it said ${said}.`, true, words)
  }
  // A server that speaks no TLS on this port, or another version of it, fails the handshake.
  const isHandshake = /SSL|TLS|EPROTO$/.test(error.originalCode ?? '') || /SSL routines/.test(error.message)
  const isSecured = config.security !== 'none'
  if (isSecured && (error.code === 'ETLS' || (!isAnswer && (isHandshake || isCertificateError(error))))) {
    const reason = connectionFault(error)
    const isCertificate = isCertificateError(error)
    const advice = isCertificate
      ? ' Name the file with its certificate authority (caFile), or give the server a certificate that is trusted.'
      : ''
    return new SmtpFailure('tls', `No secure connection to ${where}: ${reason}.${advice}`, true, words)
  }
  if (error.responseCode !== undefined) {
    return new SmtpFailure('connect', `${where} answered: ${words}`, error.responseCode < 500, words)
  }
  return new SmtpFailure('connect', `${where} cannot be reached: ${connectionFault(error)}.`, true)
}

function isCertificateError(error: DialogueError): boolean {
  const text = `${error.originalCode ?? ''} ${error.code ?? ''} ${error.message}`
  return /CERT|certificate|altname|self.signed|UNABLE_TO_VERIFY|DEPTH_ZERO/i.test(text)
}

/**
 * What became of a mail of which the dialogue ended with an error: before or after its text began to be handed over, and whether
 * the connection had brought mails before.
 */
export function outcomeOf(
  error: DialogueError,
  { isBegun, isUsed, ehloName }: { isBegun: boolean; isUsed: boolean; ehloName: string }
): SendOutcome {
  const code = error.responseCode ?? 0
  const response = error.response ?? sentence(error)
  // Most servers look at the name only when they hear the recipient; each mail of the transport would be refused for it.
  if (!isBegun && mindsEhloName(response)) {
    return { kind: code >= 500 ? 'stop' : 'deferred', response: ehloAdvice(ehloName, response) }
  }
  // The sign-in was lost, or is wanted after all: no mail of this transport fares better.
  if (code === 530 || code === 535 || code === 538) return { kind: 'stop', response }
  // It has had enough mails over this connection, as some servers' limits are; over another one they go on.
  if (code === 421 && !isBegun) return { kind: isUsed ? 'not-begun' : 'deferred', response }
  // Out of step with the server: another connection starts anew.
  const isAnswer = code >= 400 && code < 600 && code !== 503 && error.command !== 'CONN'
  if (isAnswer && code < 500) return { kind: 'deferred', response }
  // A message too large for the server (552) says nothing against the sender.
  if (isAnswer && error.command === 'MAIL FROM' && code !== 552) return { kind: 'stop', response }
  if (isAnswer) return { kind: 'failed', response }
  // The server's limit, as it told it at the beginning (RFC 1870).
  if (error.code === 'EMESSAGE' && error.command === 'MAIL FROM') return { kind: 'failed', response }
  if (isBegun) return { kind: 'unknown', response }
  // One that stood open may have died unnoticed; over a new one a server that stalls would hold up each mail anew.
  return { kind: error.code === 'ETIMEDOUT' && !isUsed ? 'deferred' : 'not-begun', response }
}

export function sentence(error: DialogueError): string {
  if (error.code === 'ETIMEDOUT') return 'The mail server fell silent.'
  return `The connection to the mail server broke (${connectionFault(error)}).`
}
