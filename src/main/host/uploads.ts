import { Buffer } from 'node:buffer'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { framesType } from '../../shared/wire-frame.ts'

/**
 * Takes calls with large files, each into one piece of memory of its announced size. All that are in hand at a time take no more
 * than `maxBytes` together, until they are answered.
 */
export function acceptUploads(app: FastifyInstance, maxBytes: number): void {
  let heldBytes = 0
  const sizes = new WeakMap<FastifyRequest, number>()
  app.addHook('preParsing', async (request, reply, payload) => {
    if (request.headers['content-type'] !== framesType) return payload
    const size = Number(request.headers['content-length'])
    if (!Number.isSafeInteger(size) || size < 0) throw refusal(411, 'The size of an upload is to be announced.')
    if (size > maxBytes) throw refusal(413, 'The upload is too large.')
    if (heldBytes + size > maxBytes) throw refusal(503, 'Another upload is in hand.')
    heldBytes += size
    sizes.set(request, size)
    reply.raw.once('close', () => (heldBytes -= size))
    return payload
  })
  app.addContentTypeParser(framesType, async (request: FastifyRequest, payload: AsyncIterable<Buffer>) => {
    const size = sizes.get(request)
    // The type is written in another way, which the framework takes for the same.
    if (size === undefined) throw refusal(415, 'The type of the call is not known.')
    return readBody(payload, size)
  })
}

async function readBody(payload: AsyncIterable<Buffer>, size: number): Promise<Buffer> {
  const body = Buffer.allocUnsafeSlow(size)
  let end = 0
  try {
    for await (const chunk of payload) end += chunk.copy(body, end)
  } catch {
    throw refusal(400, 'The upload broke off.')
  }
  if (end !== size) throw refusal(400, 'The upload is cut off.')
  return body
}

function refusal(statusCode: number, message: string): Error {
  return Object.assign(new Error(message), { statusCode })
}
