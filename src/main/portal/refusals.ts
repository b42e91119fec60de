import type { Duplex } from 'node:stream'
import { STATUS_CODES } from 'node:http'
import { TLSSocket } from 'node:tls'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { refusalOfDatabase } from '../store/sqlite/refusals.ts'
import type { Log } from '../system/log.ts'

/** On every answer: none may be kept by a cache, and none is to be taken for another type than it says. */
export const answerHeaders = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const

const sentences: Readonly<Record<number, string>> = {
  404: 'There is nothing at this address.',
  405: 'This address does not answer this method.',
  408: 'The request took too long.',
  413: 'The request is too large.',
  431: 'The request is too large.',
  500: 'The server could not answer. Please try again later.',
  503: 'The server cannot answer at the moment. Please try again later.'
}

/** When a client may try again, seconds: those who come back in crowds would all be refused once more. */
const retryAfterSeconds = 5

/** Answers with one plain sentence that depends on the status alone, so that nothing of the request comes back in it. */
export function refuse(reply: FastifyReply, status: number): FastifyReply {
  return (status === 503 ? unavailable(reply) : reply.code(status))
    .headers({ ...answerHeaders, 'content-type': 'text/plain; charset=utf-8' })
    .send(sentenceOf(status))
}

/** An answer that says when to come back. */
export function unavailable(reply: FastifyReply): FastifyReply {
  return reply.code(503).header('retry-after', String(retryAfterSeconds))
}

/** Answers a connection whose bytes were no HTTP request, too many, or too slow, and ends it. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Duplex): void {
  // Before the end of its handshake nothing can be written to a TLS socket, nor would it ever end.
  const isShakingHands = socket instanceof TLSSocket && socket.alpnProtocol === null
  if (!socket.writable || error.code === 'ECONNRESET' || isShakingHands) {
    socket.destroy()
    return
  }
  const status = connectionStatus(error.code)
  const sentence = sentenceOf(status)
  const headers = {
    ...answerHeaders,
    'content-type': 'text/plain; charset=utf-8',
    'content-length': String(Buffer.byteLength(sentence)),
    connection: 'close'
  }
  const headerLines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const answer = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headerLines.join('')}\r\n${sentence}`
  socket.write(answer, () => socket.destroy())
}

/** Answers what a handler or the framework threw. Only what nobody expected is logged. */
export function refuseError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
  options: RefusalOptions
) {
  // Told in the log once, by whoever watches the disk.
  if (options.noteStoreFault(error)) return refuse(reply, 503)
  const isBusy = refusalOfDatabase(error)?.code === 'database-busy'
  const status = error.statusCode ?? (isBusy ? 503 : 500)
  if (status === 413) letBodyRunOut(request, reply, options.lingerMs)
  if (status >= 500) {
    // The message may repeat what the client sent, a code or an Id, so only the kind of error and its place are logged.
    options.log.error('A request to the User Portal failed.', {
      method: request.method,
      route: request.routeOptions.url,
      error: error.name,
      code: error.code,
      frames: error.stack
        ?.replace(error.message, '')
        .split('\n')
        .filter((line) => /^\s+at /.test(line))
    })
  }
  return refuse(reply, status)
}

interface RefusalOptions {
  log: Log
  /** Whether the disk is full. */
  noteStoreFault: (error: unknown) => boolean
  lingerMs: number
}

/**
 * A connection that is closed while the client still sends is reset, and many clients then report the reset instead of
 * the 413. So the rest of the body is read and thrown away for a moment before the connection is cut.
 */
function letBodyRunOut(request: FastifyRequest, reply: FastifyReply, lingerMs: number): void {
  const incoming = request.raw
  reply.removeHeader('connection')
  setTimeout(() => {
    if (!incoming.complete) incoming.socket.destroy()
  }, lingerMs).unref()
}

function connectionStatus(code: string | undefined): number {
  if (code === 'HPE_HEADER_OVERFLOW') return 431
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
}

function sentenceOf(status: number): string {
  return sentences[status] ?? 'The request is malformed.'
}
