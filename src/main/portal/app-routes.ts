import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { answerAgentXml } from './agent-xml.ts'
import { clientAddress } from './client-address.ts'
import type { PortalOptions } from './portal-parts.ts'
import { refuse, unavailable } from './refusals.ts'
import { formatServerDetails } from './server-details.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** An app was told FAIL, with status 200. */
    isRefused: boolean
  }
}

const xmlType = 'application/xml; charset=utf-8'

export function addServerDetails(scope: FastifyInstance, { readServer }: PortalOptions): void {
  scope.get<{ Querystring: Record<string, unknown> }>('/ssdserver/getServerDetails', async (request, reply) => {
    return reply.type(xmlType).send(formatServerDetails(request.query.id, await readServer()))
  })
}

export function addAgentXml(scope: FastifyInstance, { provisioning, readServer }: PortalOptions): void {
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
    // Values are escaped, so that no request can have this in its answer.
    request.isRefused = xml.includes('<Result>FAIL</Result>')
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

/** For monitoring. Strangers read it too, so it says nothing of the program but how it is. */
export function addHealth(scope: FastifyInstance, { checkHealth, log }: PortalOptions): void {
  const check = async () => {
    try {
      return await checkHealth()
    } catch (error) {
      log.error('The User Portal cannot read its store.', { error })
      return 'unreadable'
    }
  }
  scope.get('/healthz', async (_request, reply) => {
    const store = await check()
    if (store === 'ok') return reply.send({ status: 'ok', store })
    return unavailable(reply).send({ status: 'unavailable', store })
  })
}
