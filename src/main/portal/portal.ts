import type { AddressInfo } from 'node:net'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fastify from 'fastify'
import { AppError } from '../../shared/errors.ts'
import { urlHost } from '../../shared/settings.ts'
import type { Log } from '../log.ts'
import { answerAgentXml } from './agent-xml.ts'
import type { PortalLimits } from './limits.ts'
import { defaultPortalLimits } from './limits.ts'
import type { Provisioning } from './provisioning.ts'
import { answerHeaders, refuse, refuseConnection, refuseError } from './refusals.ts'
import type { ServerDetails } from './server-details.ts'
import { formatServerDetails } from './server-details.ts'

export interface PortalOptions {
  provisioning: Provisioning
  /** Read for each request, since the settings may change while the portal runs. */
  readServer: () => Promise<ServerDetails>
  /** Rejects when the store cannot be read. */
  checkHealth: () => Promise<void>
  version: string
  log: Log
  limits?: Partial<PortalLimits>
}

export interface Portal {
  /** Port 0 takes a free one. Throws AppError `port-taken` or `address-unusable`, after which it may be tried again. */
  listen(at: { host: string; port: number }): Promise<{ url: string; port: number }>
  close(): Promise<void>
}

const xmlType = 'application/xml; charset=utf-8'

export function createPortal(options: PortalOptions): Portal {
  const { log } = options
  const limits = { ...defaultPortalLimits, ...options.limits }
  const app = fastify({
    // Addresses and bodies hold codes and Ids: no request is ever logged by the framework.
    logger: false,
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    // For a client that does not read its answer, which no other limit sees.
    connectionTimeout: 2 * limits.requestTimeoutMs,
    http: {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: limits.checkIntervalMs
    },
    clientErrorHandler: refuseConnection,
    frameworkErrors: (error, _request, reply) => {
      refuse(reply, error.code === 'FST_ERR_MAX_PARAM_LENGTH' ? 404 : 400)
    }
  })
  app.server.maxConnections = limits.connections

  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(answerHeaders)
  })
  app.setNotFoundHandler((_request, reply) => refuse(reply, 404))
  app.setErrorHandler<FastifyError>((error, request, reply) =>
    refuseError(error, request, reply, { log, lingerMs: limits.lingerMs })
  )
  app.register(async (scope) => addServerDetails(scope, options))
  app.register(async (scope) => addAgentXml(scope, options))
  app.register(async (scope) => addHealth(scope, options))

  return {
    async listen({ host, port }) {
      await app.ready()
      const taken = await listenOn(app, host.replace(/^\[|\]$/g, ''), port)
      const url = `http://${urlHost(host)}:${taken}`
      log.info(`The User Portal listens on ${url}.`)
      return { url, port: taken }
    },
    async close() {
      // The server closes idle connections by itself; one that holds a request under way is waited for, but not for long.
      const cutOff = setTimeout(() => app.server.closeAllConnections(), limits.closeGraceMs)
      await app.close()
      clearTimeout(cutOff)
    }
  }
}

function addServerDetails(scope: FastifyInstance, { readServer }: PortalOptions): void {
  scope.get<{ Querystring: Record<string, unknown> }>('/ssdserver/getServerDetails', async (request, reply) => {
    return reply.type(xmlType).send(formatServerDetails(request.query.id, await readServer()))
  })
}

function addAgentXml(scope: FastifyInstance, { provisioning, readServer }: PortalOptions): void {
  // Apps send several media types, malformed ones or none; the body is XML whatever they say.
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  scope.addHook('onRequest', async (request) => {
    delete request.raw.headers['content-type']
  })

  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    if (request.method !== 'POST') return refuse(reply.header('allow', 'POST'), 405)
    const body = Buffer.isBuffer(request.body) ? request.body : ''
    const { status, xml } = await answerAgentXml(body, { provisioning, address: clientAddress(request) })
    return reply.code(status).type(xmlType).send(xml)
  }
  const method = scope.supportedMethods.filter((name) => name !== 'HEAD')
  scope.route({ method, url: '/userportal/AgentXML', handler: answer })
  scope.route<{ Params: { connectionType: string } }>({
    method,
    url: '/:connectionType/AgentXML',
    handler: async (request, reply) => {
      const { connectionType } = await readServer()
      return request.params.connectionType === connectionType ? answer(request, reply) : refuse(reply, 404)
    }
  })
}

function addHealth(scope: FastifyInstance, { checkHealth, version, log }: PortalOptions): void {
  scope.get('/healthz', async (_request, reply) => {
    try {
      await checkHealth()
    } catch (error) {
      log.error('The User Portal cannot read its store.', { error })
      return reply.code(503).send({ status: 'unavailable', version, store: 'unreadable' })
    }
    return reply.send({ status: 'ok', version, store: 'ok' })
  })
}

/** An IPv4 client of a socket that listens on both families is itself, not one of all those under `::ffff:0:0/96`. */
function clientAddress(request: FastifyRequest): string {
  return request.ip.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')
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
        `Port ${port} on ${host} is taken by another program; choose another with --port or \`provision settings set portal.port=…\`.`
      )
    case 'EACCES':
      return new AppError(
        'address-unusable',
        `This program may not listen on port ${port} of ${host}; choose a port above 1023 with --port or \`provision settings set portal.port=…\`.`
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAFNOSUPPORT':
    case 'EINVAL':
      return new AppError(
        'address-unusable',
        `${host} is not an address of this computer; choose one with --host or \`provision settings set portal.address=…\`.`
      )
    default:
      return error
  }
}
