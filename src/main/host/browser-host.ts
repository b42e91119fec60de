import type { AddressInfo } from 'node:net'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fastify from 'fastify'
import { AppError, type ErrorCode, type Result } from '../../shared/errors.ts'
import { tabSecretHeader } from '../../shared/tab-secret.ts'
import { maxFileMib } from '../../shared/file-limit.ts'
import { decodeFrame } from '../../shared/wire-frame.ts'
import { decodeWire, encodeWire } from '../../shared/wire.ts'
import { systemClock, type Clock } from '../system/clock.ts'
import type { Console } from '../console.ts'
import { securityHeaders } from '../http/content-security-policy.ts'
import type { Log } from '../system/log.ts'
import { limitConnections } from '../http/connections.ts'
import type { RendererFiles } from '../http/renderer-files.ts'
import { namesSeveralHosts } from '../http/several-hosts.ts'
import { streamEvents } from './event-stream.ts'
import { defaultHostLimits, type HostLimits } from './limits.ts'
import {
  refusalPage,
  refusalText,
  reloadPage,
  signInCallPath,
  signInPage,
  signInScript,
  signInScriptPath,
  type HostPage
} from './pages.ts'
import { isOwnHost, isSameOrigin } from './same-origin.ts'
import { createSignIn, readCookie, sessionCookie, sessionCookieName, type SignIn } from './sign-in.ts'
import { acceptUploads } from './uploads.ts'

export interface BrowserHostOptions {
  console: Pick<Console, 'dispatch' | 'subscribe'>
  files: RendererFiles
  log: Log
  /** Who acts, for the audit log. */
  actor: string
  clock?: Clock
  limits?: Partial<HostLimits>
}

/** The console for one browser on this machine: renderer, calls and events over HTTP on loopback. */
export interface BrowserHost {
  /** Port 0 takes a free one. `url` carries the one-time token. Throws AppError `port-taken` or `address-unusable`. */
  listen(at: { port: number }): Promise<{ url: string; port: number }>
  close(): Promise<void>
}

const address = '127.0.0.1'

export function createBrowserHost(options: BrowserHostOptions): BrowserHost {
  const { log, files } = options
  const limits = { ...defaultHostLimits, ...options.limits }
  const signIn = createSignIn(options.clock ?? systemClock)
  let port = 0
  const app = fastify({
    // Addresses hold the token and bodies hold secrets: no request is ever logged by the framework.
    logger: false,
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    http: { headersTimeout: limits.headersTimeoutMs, connectionsCheckingInterval: limits.checkIntervalMs },
    frameworkErrors: (_error, _request, reply) => {
      void refuse(reply.headers(securityHeaders), 404, 'unknown-call', 'There is nothing at this address.')
    }
  })
  const connections = limitConnections(app.server, limits.connections)
  app.addHook('preHandler', async ({ raw }) => connections.begin(raw.socket))
  app.addHook('onResponse', async ({ raw }) => connections.end(raw.socket))

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders)
    const { host, origin, cookie, 'sec-fetch-site': fetchSite } = request.headers
    if (namesSeveralHosts(request.raw)) return refuse(reply, 400, 'invalid-input', 'The request names several hosts.')
    if (!isOwnHost(host, port)) {
      log.warn('Refused a request that names another host.', { host })
      return refuse(reply, 403, 'forbidden', `This console answers at http://${address}:${port} only.`)
    }
    if (offeredToken(request) !== undefined || request.url === signInScriptPath) return undefined
    const isApi = request.url.startsWith('/api/')
    const isSigningIn = request.url === signInCallPath
    const isSession = signIn.isSession(readCookie(cookie, sessionCookieName(port)))
    if (!isSession && !isSigningIn) return refuseSignedOut(request, reply)
    if (isApi && !isSameOrigin({ method: request.method, host, origin, fetchSite: single(fetchSite) })) {
      log.warn('Refused a call from a page of another origin.', { origin, fetchSite })
      return refuse(reply, 403, 'forbidden', 'Only the console’s own page may call it.')
    }
    if (isApi && !isSigningIn && !signIn.isTab(single(request.headers[tabSecretHeader]))) {
      log.warn('Refused a call without the secret of the tab that signed in.', { call: request.url.slice(0, 100) })
      return refuse(reply, 401, 'forbidden', 'This tab is not signed in; go on in the one that is.')
    }
    return undefined
  })
  app.setNotFoundHandler((_request, reply) => refuse(reply, 404, 'unknown-call', 'There is nothing at this address.'))
  app.setErrorHandler<FastifyError>((error, _request, reply) => refuseError(reply, error, log))

  app.get('/', async (request, reply) => {
    const token = offeredToken(request)
    if (token === undefined) return answerFile(reply, files, request.url)
    const refusal = signIn.check(token)
    if (refusal === null) return sendPage(reply, 200, signInPage())
    const isSignedIn = signIn.isSession(readCookie(request.headers.cookie, sessionCookieName(port)))
    // The browser that used the token comes back to it by its history.
    if (refusal === 'used' && isSignedIn) return reply.redirect('/', 303)
    log.warn('Refused a token for the console.', { reason: refusal, address: request.ip })
    return sendPage(reply, 403, refusalPage(refusal))
  })
  app.get(signInScriptPath, (_request, reply) => reply.type('text/javascript; charset=utf-8').send(signInScript))
  app.get('/*', async (request, reply) => answerFile(reply, files, request.url))
  const endStreams = addApi(app, options, limits)
  addSignIn(app, signIn, log, () => port)

  return {
    async listen({ port: wanted }) {
      await app.ready()
      port = await listenOn(app, wanted)
      return { url: `http://${address}:${port}/?token=${signIn.token}`, port }
    },
    async close() {
      endStreams()
      const cutOff = setTimeout(() => app.server.closeAllConnections(), limits.closeGraceMs)
      await app.close()
      clearTimeout(cutOff)
    }
  }
}

/** Exchanges the token. The secret of the tab is said here and nowhere else, once, to whoever holds the token. */
function addSignIn(app: FastifyInstance, signIn: SignIn, log: Log, port: () => number): void {
  app.post(signInCallPath, { bodyLimit: 1_000 }, (request, reply) => {
    if (request.headers['x-provision-console'] !== '1') return refuseUnmarked(reply)
    const token = readToken(request.body)
    if (token === null) return refuse(reply, 400, 'invalid-input', 'The request is not complete.')
    const outcome = signIn.redeem(token)
    if ('refusal' in outcome) {
      log.warn('Refused a token for the console.', { reason: outcome.refusal, address: request.ip })
      return refuse(reply, 403, 'forbidden', refusalText(outcome.refusal))
    }
    log.info('A browser signed in to the console.', { address: request.ip })
    const result: Result<{ tab: string }> = { ok: true, value: { tab: outcome.tab } }
    return reply
      .header('set-cookie', sessionCookie(port(), outcome.session))
      .type('application/json; charset=utf-8')
      .send(encodeWire(result))
  })
}

function readToken(body: unknown): string | null {
  try {
    const read = decodeWire(String(body))
    return typeof read === 'object' && read !== null && 'token' in read && typeof read.token === 'string'
      ? read.token
      : null
  } catch {
    return null
  }
}

/** Carries the contract. Returns the function that ends all event streams. */
function addApi(app: FastifyInstance, { console, actor }: BrowserHostOptions, limits: HostLimits): () => void {
  const streams = new Set<() => void>()
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  acceptUploads(app, limits.uploadBytes)

  app.post<{ Params: { name: string } }>('/api/call/:name', async (request, reply) => {
    if (request.headers['x-provision-console'] !== '1') return refuseUnmarked(reply)
    let input: unknown
    try {
      input = Buffer.isBuffer(request.body) ? decodeFrame(request.body) : decodeWire(String(request.body))
    } catch {
      return refuse(reply, 400, 'invalid-input', 'The call is not written as JSON.')
    }
    const result = await console.dispatch(request.params.name, input, { role: 'administrator', actor })
    return reply.type('application/json; charset=utf-8').send(encodeWire(result))
  })

  app.get('/api/events', (_request, reply) => {
    reply.hijack()
    const end = streamEvents(reply.raw, console.subscribe, limits)
    streams.add(end)
    reply.raw.on('close', () => streams.delete(end))
  })

  return () => {
    for (const end of streams) end()
  }
}

/** A form or a `no-cors` fetch of another page cannot set it. */
function refuseUnmarked(reply: FastifyReply): FastifyReply {
  return refuse(reply, 403, 'forbidden', 'The call lacks the header x-provision-console.')
}

function offeredToken(request: FastifyRequest): string | undefined {
  if (request.method !== 'GET' || !request.url.startsWith('/?')) return undefined
  return new URLSearchParams(request.url.slice(2)).get('token') ?? undefined
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join() : header
}

function refuseSignedOut(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (request.method !== 'GET' || request.url.split('?')[0] !== '/') {
    return refuse(reply, 401, 'forbidden', 'This browser is not signed in; open the address printed in the terminal.')
  }
  const site = request.headers['sec-fetch-site']
  const comesByLink = site === 'cross-site' || site === 'same-site'
  return sendPage(reply, 401, comesByLink ? reloadPage() : refusalPage('signed-out'))
}

function sendPage(reply: FastifyReply, status: number, { headers, body }: HostPage): FastifyReply {
  return reply.code(status).headers(headers).send(body)
}

async function answerFile(reply: FastifyReply, files: RendererFiles, target: string): Promise<FastifyReply> {
  const { status, headers, body } = await files.answer(target)
  return reply.code(status).headers(headers).send(body)
}

/** A refusal before the contract is reached looks like one of the contract's. */
function refuse(reply: FastifyReply, status: number, code: ErrorCode, message: string): FastifyReply {
  const result: Result<never> = { ok: false, error: { code, message } }
  return reply.code(status).type('application/json; charset=utf-8').send(encodeWire(result))
}

function refuseError(reply: FastifyReply, error: FastifyError, log: Log): FastifyReply {
  switch (error.statusCode) {
    case 413:
      return refuse(
        reply,
        413,
        'invalid-input',
        `This is more than the console takes at once; a file may have ${maxFileMib} MiB.`
      )
    case 503:
      return refuse(reply, 503, 'invalid-input', 'Another large file is being read. Try again once it is done.')
    case 415:
      return refuse(reply, 415, 'invalid-input', 'A call is sent as application/json.')
    case 400:
    case 411:
      return refuse(reply, 400, 'invalid-input', 'The request is not complete.')
    default:
      log.error('A request of the browser failed.', { error })
      return refuse(reply, 500, 'internal', 'Something went wrong inside the program; its log has the details.')
  }
}

/** Listens without the framework's own `listen`, whose refusals are no sentences for people. */
function listenOn(app: FastifyInstance, port: number): Promise<number> {
  const { server } = app
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      server.off('listening', succeed)
      reject(listenRefusal(error, port))
    }
    const succeed = (): void => {
      server.off('error', fail)
      resolve((server.address() as AddressInfo).port)
    }
    server.once('error', fail).once('listening', succeed).listen({ host: address, port })
  })
}

function listenRefusal(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new AppError(
      'port-taken',
      `Port ${port} on ${address} is taken by another program; choose another with --port.`
    )
  }
  if (error.code === 'EACCES') {
    return new AppError(
      'address-unusable',
      `This program may not listen on port ${port}; choose a port above 1023 with --port.`
    )
  }
  return error
}
