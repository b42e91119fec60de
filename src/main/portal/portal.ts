import type { Server as TlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { SecureContextOptions, TlsOptions } from 'node:tls'
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import fastify from 'fastify'
import { AppError } from '../../shared/errors.ts'
import { qrTextBytes } from '../../shared/qr.ts'
import { urlHost } from '../../shared/settings.ts'
import { addAgentXml, addHealth, addServerDetails } from './app-routes.ts'
import type { Certificate } from './certificate.ts'
import { clientAddress } from './client-address.ts'
import { limitConnections } from '../http/connections.ts'
import { defaultPortalLimits, type PortalLimits } from './limits.ts'
import { addPages } from './pages.ts'
import { addQrImages } from './qr-images.ts'
import { createLinkRequests } from './link-requests.ts'
import { answerOneAtATime, interruptedReading } from '../http/one-at-a-time.ts'
import { namesSeveralHosts } from '../http/several-hosts.ts'
import type { PortalOptions } from './portal-parts.ts'
import { answerHeaders, refuse, refuseConnection, refuseError } from './refusals.ts'
import { queueRequests } from './request-lanes.ts'

export interface Portal {
  /** Port 0 takes a free one. Throws AppError `port-taken` or `address-unusable`, after which it may be tried again. */
  listen(at: { host: string; port: number }): Promise<{ url: string; port: number }>
  /** Shows itself with another certificate from the next connection on. */
  setCertificate(certificate: Certificate): void
  close(): Promise<void>
}

/** TLS 1.3 first. Of 1.2 only what has forward secrecy and authenticates what it encrypts. */
const tlsOptions: TlsOptions = {
  minVersion: 'TLSv1.2',
  ciphers:
    'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:' +
    'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:' +
    'ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305',
  honorCipherOrder: true
}

/** A real certificate is a promise for the months to come; one that a browser warns of must not shut its users out. */
const strictTransport = 'max-age=31536000'

export function createPortal(options: PortalOptions): Portal {
  const { log } = options
  const limits = { ...defaultPortalLimits, ...options.limits }
  let { certificate } = options
  const app = createServer(options, limits)
  answerOneAtATime(app.server, limits.pipelined)
  const linkRequests =
    options.requestLink &&
    createLinkRequests({ log, send: async (username, address) => options.requestLink?.(username, address) })
  const connections = limitConnections(app.server, limits.connections)

  app.decorateRequest('isRefused', false)
  app.decorateRequest('leaveLane', null)
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(answerHeaders)
    if (namesSeveralHosts(request.raw)) {
      refuse(reply.header('connection', 'close'), 400)
      return
    }
    if (certificate && !certificate.info.isSelfSigned) reply.header('strict-transport-security', strictTransport)
    done()
  })
  app.addHook('preHandler', (request, _reply, done) => {
    connections.begin(request.raw.socket)
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    connections.end(request.raw.socket)
    const answered = {
      atMs: Date.now(),
      method: request.method,
      // Never the address itself: it may hold a code.
      route: request.routeOptions.url ?? '',
      status: reply.statusCode,
      address: clientAddress(request),
      durationMs: reply.elapsedTime
    }
    options.requests?.add(answered, reply.statusCode >= 400 || request.isRefused)
    done()
  })
  app.setNotFoundHandler((_request, reply) => refuse(reply, 404))
  app.setErrorHandler<FastifyError>((error, request, reply) =>
    refuseError(error, request, reply, { log, lingerMs: limits.lingerMs, noteStoreFault: options.noteStoreFault })
  )
  app.register(async (scope) => addHealth(scope, options))
  // Apart from each other, so that pages, pictures and apps never wait for one another's crowds.
  app.register(async (scope) => {
    queueRequests(scope, { maxRunning: limits.appsRunning, maxWaiting: limits.waiting })
    scope.register(async (inner) => addServerDetails(inner, options))
    scope.register(async (inner) => addAgentXml(inner, options))
  })
  app.register(async (scope) => {
    queueRequests(scope, { maxRunning: limits.picturesRunning, maxWaiting: limits.waiting })
    addQrImages(scope, options)
  })
  app.register(async (scope) => {
    queueRequests(scope, { maxRunning: limits.pagesRunning, maxWaiting: limits.waiting })
    addPages(scope, options, linkRequests)
  })

  return {
    async listen({ host, port }) {
      await app.ready()
      const taken = await listenOn(app, host.replace(/^\[|\]$/g, ''), port)
      const url = `${certificate ? 'https' : 'http'}://${urlHost(host)}:${taken}`
      log.info(`The User Portal listens on ${url}.`)
      return { url, port: taken }
    },
    setCertificate(next) {
      certificate = next
      if ('setSecureContext' in app.server) (app.server as TlsServer).setSecureContext(secureContextOf(next))
    },
    async close() {
      // The server closes idle connections by itself; one that holds a request under way is waited for, but not for long.
      const cutOff = setTimeout(connections.destroyAll, limits.closeGraceMs)
      await app.close()
      clearTimeout(cutOff)
      await linkRequests?.close()
    }
  }
}

function createServer({ certificate, isTrustedProxy }: PortalOptions, limits: PortalLimits): FastifyInstance {
  const common = {
    // Addresses and bodies hold codes and Ids: no request is ever logged by the framework.
    logger: false,
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    // For a client that does not read its answer, which no other limit sees.
    connectionTimeout: 2 * limits.requestTimeoutMs,
    trustProxy: (address: string) => isTrustedProxy?.(address) ?? false,
    routerOptions: { maxParamLength: qrTextBytes },
    clientErrorHandler: refuseConnection,
    frameworkErrors: (error: FastifyError, _request: unknown, reply: FastifyReply) => {
      refuse(reply, error.code === 'FST_ERR_MAX_PARAM_LENGTH' ? 404 : 400)
    }
  }
  const http = {
    ...interruptedReading,
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersTimeoutMs,
    connectionsCheckingInterval: limits.checkIntervalMs
  }
  if (!certificate) return fastify({ ...common, http })
  const https = {
    ...http,
    ...secureContextOf(certificate),
    handshakeTimeout: limits.headersTimeoutMs,
    // Old clients offer nothing but HTTP/1.0, and would be refused in the handshake.
    ALPNProtocols: ['http/1.1', 'http/1.0']
  }
  return fastify({ ...common, https })
}

function secureContextOf({ cert, key }: Certificate): SecureContextOptions {
  return { ...tlsOptions, cert, key }
}

/** Listens without the framework's own `listen`, which for `localhost` opens a second server that has not these limits. */
function listenOn(app: FastifyInstance, host: string, port: number): Promise<number> {
  const { server } = app
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      server.off('listening', succeed)
      reject(listenRefusal(error, host, port))
    }
    const succeed = (): void => {
      server.off('error', fail)
      resolve((server.address() as AddressInfo).port)
    }
    server.once('error', fail).once('listening', succeed).listen({ host, port })
  })
}

function listenRefusal(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new AppError(
        'port-taken',
        `Port ${port} on ${host} is taken by another program; choose another one (setting portal.port).`
      )
    case 'EACCES':
      return new AppError(
        'address-unusable',
        `This program may not listen on port ${port} of ${host}; choose one above 1023 (setting portal.port).`
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAFNOSUPPORT':
    case 'EINVAL':
      return new AppError(
        'address-unusable',
        `${host} is not an address of this computer; choose one that is (setting portal.address).`
      )
    default:
      return error
  }
}
