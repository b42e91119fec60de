import type { FastifyInstance } from 'fastify'
import { addressKey } from '../provisioning/address-limit.ts'
import { clientAddress } from './client-address.ts'
import { createLane } from './lane.ts'
import { refuse } from './refusals.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Lets the next one of its kind go on. */
    leaveLane: (() => void) | null
  }
}

/** Has the requests of a scope wait for their turn, which lasts until the answer is composed: a client may read slowly. */
export function queueRequests(scope: FastifyInstance, limits: { maxRunning: number; maxWaiting: number }): void {
  const lane = createLane(limits)
  scope.addHook('preHandler', (request, reply, done) => {
    lane.enter({
      client: addressKey(clientAddress(request)),
      isGone: () => request.raw.socket.destroyed,
      go(leave) {
        request.leaveLane = leave
        reply.raw.once('close', leave)
        done()
      },
      refuse: () => void refuse(reply, 503)
    })
  })
  scope.addHook('onSend', (request, _reply, payload, done) => {
    request.leaveLane?.()
    done(null, payload)
  })
}
