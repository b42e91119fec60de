import { lookup } from 'node:dns/promises'
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect, isIP } from 'node:net'
import { checkServerIdentity, connect as connectTls, type DetailedPeerCertificate } from 'node:tls'
import type { CertificateFacts } from '../../shared/diagnostics.ts'
import { AppError } from '../../shared/errors.ts'
import { connectionFault } from '../system/connection-faults.ts'
import { pinnedLookup } from './own-portal.ts'
import { answerFailure } from './answer-failure.ts'

/** How long one step may take; a server that hangs or answers byte by byte costs no more. */
export const stepTimeoutMs = 8_000
/** Longest answer that is kept; no server may fill this program's memory. */
export const mostAnswerBytes = 512 * 1024

export interface ProbeOptions {
  timeoutMs?: number
  /** Ends the step under way, and every later one before it begins, with the error `cancelled`. */
  signal?: AbortSignal | undefined
  /** What the host was found to be; left out, it is looked up anew. */
  addresses?: readonly string[] | undefined
}

export interface Place {
  host: string
  port: number
}

export type Timed<T> = T & { durationMs: number }

async function timed<T extends object>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<Timed<T>> {
  const startedMs = performance.now()
  const result = await unlessAborted(signal, work)
  return { ...result, durationMs: performance.now() - startedMs }
}

/** What is under way when the signal comes is left to its own time limit. */
async function unlessAborted<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  if (!signal) return work()
  let stop = () => {}
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(new AppError('cancelled', 'The check was stopped.'))
    signal.addEventListener('abort', stop)
    if (signal.aborted) stop()
  })
  try {
    return await Promise.race(signal.aborted ? [aborted] : [aborted, work()])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function pinned(addresses: readonly string[] | undefined) {
  return addresses === undefined ? {} : { lookup: pinnedLookup(addresses) }
}

/** An IPv6 address without its brackets. */
export const bare = (host: string) => host.replace(/^\[|\]$/g, '')

/** The addresses behind a name; an error text where there are none. */
export function resolveHost(host: string, { timeoutMs = stepTimeoutMs, signal }: ProbeOptions = {}) {
  return timed(signal, async (): Promise<{ addresses: string[] } | { error: string }> => {
    if (isIP(bare(host)) !== 0) return { addresses: [bare(host)] }
    try {
      const found = await within(lookup(host, { all: true }), timeoutMs)
      return { addresses: [...new Set(found.map(({ address }) => address))] }
    } catch (error) {
      return { error: error instanceof TimeoutError ? 'no answer' : codeOf(error) }
    }
  })
}

/** Whether anything accepts connections there. `refused`: the machine is there and nothing listens. */
export function openTcp({ host, port }: Place, { timeoutMs = stepTimeoutMs, signal, addresses }: ProbeOptions = {}) {
  return timed(
    signal,
    () =>
      new Promise<{ result: 'open' | 'refused' | 'unreachable'; detail: string }>((resolve) => {
        const socket = connect({ host: bare(host), port, ...pinned(addresses) })
        const end = (result: 'open' | 'refused' | 'unreachable', detail: string) => {
          clearTimeout(timer)
          socket.destroy()
          resolve({ result, detail })
        }
        const timer = setTimeout(() => end('unreachable', `no answer within ${timeoutMs / 1000} s`), timeoutMs)
        socket.once('connect', () => end('open', `${socket.remoteAddress ?? host}:${port}`))
        socket.once('error', (error) => {
          const code = codeOf(error)
          end(code === 'ECONNREFUSED' ? 'refused' : 'unreachable', code)
        })
      })
  )
}

export const certificateFaults = ['expired', 'early', 'name', 'self-signed', 'untrusted'] as const
export type CertificateFault = (typeof certificateFaults)[number]

export type TlsResult =
  | { ok: true; chain: CertificateFacts[]; faults: CertificateFault[]; protocol: string }
  | { ok: false; error: string; isPlain: boolean }

/** Shakes hands whatever the certificate is, then says what a phone would say of it. */
export function shakeHands({ host, port }: Place, { timeoutMs = stepTimeoutMs, signal, addresses }: ProbeOptions = {}) {
  return timed(
    signal,
    () =>
      new Promise<TlsResult>((resolve) => {
        const name = bare(host)
        const socket = connectTls({
          host: name,
          port,
          ...pinned(addresses),
          rejectUnauthorized: false,
          ...(isIP(name) === 0 && { servername: name })
        })
        const end = (result: TlsResult) => {
          clearTimeout(timer)
          socket.destroy()
          resolve(result)
        }
        const timer = setTimeout(
          () => end({ ok: false, error: `no answer within ${timeoutMs / 1000} s`, isPlain: false }),
          timeoutMs
        )
        socket.once('error', (error) =>
          // What answers in plain text does not begin with a TLS record.
          end({
            ok: false,
            error: connectionFault(error),
            isPlain: /wrong version number|packet length too long|http request/i.test(error.message)
          })
        )
        socket.once('secureConnect', () => {
          const peer = socket.getPeerCertificate(true)
          const chain = chainOf(peer)
          const refusal = socket.authorizationError as unknown
          end({
            ok: true,
            chain,
            faults: faultsOf(name, peer, chain, codeOfRefusal(refusal)),
            protocol: socket.getProtocol() ?? ''
          })
        })
      })
  )
}

/** Null where the certificate was accepted. Its type says Error, but a plain code comes as well. */
function codeOfRefusal(refusal: unknown): string | null {
  if (refusal instanceof Error) return codeOf(refusal)
  return typeof refusal === 'string' ? refusal : null
}

function faultsOf(
  host: string,
  peer: DetailedPeerCertificate,
  chain: CertificateFacts[],
  refusal: string | null
): CertificateFault[] {
  const [own] = chain
  if (!own) return ['untrusted']
  const nowMs = Date.now()
  const faults: CertificateFault[] = []
  if (chain.some(({ validToMs }) => validToMs <= nowMs)) faults.push('expired')
  if (chain.some(({ validFromMs }) => validFromMs > nowMs)) faults.push('early')
  if (checkServerIdentity(host, peer) !== undefined) faults.push('name')
  const isAboutDates = refusal === 'CERT_HAS_EXPIRED' || refusal === 'CERT_NOT_YET_VALID'
  const isAboutName = refusal === 'ERR_TLS_CERT_ALTNAME_INVALID'
  if (refusal !== null && !isAboutDates && !isAboutName) faults.push(own.isSelfSigned ? 'self-signed' : 'untrusted')
  return faults
}

function chainOf(peer: DetailedPeerCertificate): CertificateFacts[] {
  const chain: CertificateFacts[] = []
  const seen = new Set<string>()
  for (
    let one: DetailedPeerCertificate | undefined = peer;
    one?.raw && !seen.has(one.fingerprint256);
    one = one.issuerCertificate
  ) {
    seen.add(one.fingerprint256)
    const subject = distinguishedName(one.subject)
    const issuer = distinguishedName(one.issuer)
    chain.push({
      subject,
      issuer,
      names: (one.subjectaltname ?? '').split(', ').filter((name) => name !== ''),
      validFromMs: Date.parse(one.valid_from),
      validToMs: Date.parse(one.valid_to),
      fingerprint256: one.fingerprint256,
      isSelfSigned: subject === issuer
    })
  }
  return chain
}

function distinguishedName(parts: object): string {
  const common = (parts as Record<string, unknown>)['CN']
  return typeof common === 'string'
    ? common
    : Object.entries(parts)
        .map(([key, value]) => `${key}=${String(value)}`)
        .join(', ')
}

export interface HttpRequest {
  method: 'GET' | 'POST'
  url: string
  headers?: Record<string, string>
  body?: string
}

export interface HttpAnswer {
  status: number
  headers: Record<string, string>
  body: Buffer
}

/** An answer, or why there is none. Redirects are not followed: a phone would lose its POST on the way. */
export type HttpResult = { answer: HttpAnswer } | { error: string }

/** Asks once, whatever the certificate is: that was judged before. Bounded in time and in size. */
export function askHttp(request: HttpRequest, { timeoutMs = stepTimeoutMs, signal, addresses }: ProbeOptions = {}) {
  return timed(signal, async (): Promise<HttpResult> => {
    const { protocol } = new URL(request.url)
    const options: RequestOptions & { rejectUnauthorized?: boolean } = {
      method: request.method,
      headers: {
        ...request.headers,
        ...(request.body !== undefined && { 'content-length': String(Buffer.byteLength(request.body)) })
      },
      agent: false,
      ...pinned(addresses),
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]),
      // A certificate that phones refuse must not hide what lies behind it.
      ...(protocol === 'https:' && { rejectUnauthorized: false })
    }
    try {
      return { answer: await send(protocol === 'https:' ? httpsRequest : httpRequest, request, options) }
    } catch (error) {
      if (error instanceof AnswerTooLong) return { error: `The answer is longer than ${mostAnswerBytes / 1024} KiB.` }
      if (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')) {
        return { error: `No complete answer came within ${timeoutMs / 1000} s.` }
      }
      const failure = error instanceof Error ? answerFailure(error) : null
      if (failure !== null) return { error: failure }
      return {
        error: `The connection failed: ${error instanceof Error ? connectionFault(error) : 'for a reason unknown'}.`
      }
    }
  })
}

class AnswerTooLong extends Error {}

function send(
  open: typeof httpRequest | typeof httpsRequest,
  request: HttpRequest,
  options: RequestOptions
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const sent = open(request.url, options, (response) => {
      readLimited(response).then(
        (body) =>
          resolve({
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(
              Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(', ')])
            ),
            body
          }),
        (error: unknown) => {
          sent.destroy()
          reject(error instanceof Error ? error : new Error(String(error)))
        }
      )
    })
    sent.once('error', reject)
    sent.end(request.body)
  })
}

async function readLimited(response: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of response as AsyncIterable<Buffer>) {
    bytes += piece.length
    if (bytes > mostAnswerBytes) throw new AnswerTooLong()
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

class TimeoutError extends Error {}

function within<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TimeoutError()), timeoutMs)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : (error as Error).message
}
