import type { Server } from 'node:http'
import type { Socket } from 'node:net'

export interface Connections {
  /** Marks a connection whose request has arrived whole and is being answered. */
  begin(socket: Socket): void
  end(socket: Socket): void
  /** Ends every connection, also those that the server does not know yet because their TLS handshake goes on. */
  destroyAll: () => void
}

/**
 * Keeps a server to so many connections. When one too many comes, it takes the place of the one that has waited longest without
 * a whole request: whoever opens thousands and says nothing, or says it slowly, then shuts out nobody but himself.
 */
export function limitConnections(server: Server, most: number): Connections {
  const waiting = new Map<string, Socket>()
  const answered = new Map<string, Socket>()
  const move = (socket: Socket, from: Map<string, Socket>, to: Map<string, Socket>) => {
    const end = endOf(socket)
    const known = from.get(end)
    if (!known) return
    from.delete(end)
    to.set(end, known)
  }
  server.on('connection', (socket: Socket) => {
    const end = endOf(socket)
    waiting.set(end, socket)
    socket.once('close', () => {
      waiting.delete(end)
      answered.delete(end)
    })
    if (waiting.size + answered.size <= most) return
    const [oldest] = waiting.values()
    oldest?.destroy()
  })
  return {
    begin: (socket) => move(socket, waiting, answered),
    // Kept alive, it waits again, as the last in the row.
    end: (socket) => move(socket, answered, waiting),
    destroyAll() {
      for (const socket of [...waiting.values(), ...answered.values()]) socket.destroy()
    }
  }
}

/** The client's end of a connection, which is the same for a TLS socket and the plain one below it. */
function endOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}
