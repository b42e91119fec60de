import { IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http'

type Exchange = [request: IncomingMessage, response: ServerResponse]

/**
 * Has a server work on one request of a connection at a time. Node reads on and hands over all that a client sends without
 * waiting for answers. A few of those wait for the answer before them; a client that sends more is cut off, since each would
 * take memory and work for as long as it goes on.
 */
export function answerOneAtATime(server: Server, maxWaiting: number): void {
  const listeners = server.listeners('request')
  const busy = new WeakMap<IncomingMessage['socket'], Exchange[]>()

  const begin = (waiting: Exchange[], [request, response]: Exchange): void => {
    const { socket } = request
    response.once('close', () => {
      const next = waiting.shift()
      if (!next) busy.delete(socket)
      // After a last answer the client reads no more of them.
      else if (!socket.destroyed && !socket.writableEnded) begin(waiting, next)
    })
    for (const listener of listeners) listener.call(server, request, response)
  }
  server.removeAllListeners('request').on('request', (...exchange: Exchange) => {
    const [{ socket }] = exchange
    if (socket.destroyed) return
    const waiting = busy.get(socket)
    if (!waiting) {
      const none: Exchange[] = []
      busy.set(socket, none)
      begin(none, exchange)
    } else if (waiting.length < maxWaiting) {
      waiting.push(exchange)
    } else {
      waiting.length = 0
      socket.destroy()
    }
  })
}

/**
 * A request as Node reads it, which on a connection that was cut off says that it is for another protocol. There is no other
 * way to end the reading: the hundreds of requests that may have come in one piece would each be made into objects first.
 */
class InterruptedMessage extends IncomingMessage {
  private asksForUpgrade: boolean | undefined

  get upgrade(): boolean {
    return this.socket.destroyed || this.asksForUpgrade === true
  }

  set upgrade(asks: boolean) {
    this.asksForUpgrade = asks
  }
}

/** Of a server that answers one at a time. */
export const interruptedReading: ServerOptions = {
  IncomingMessage: InterruptedMessage,
  shouldUpgradeCallback: ({ socket }) => socket.destroyed
}
