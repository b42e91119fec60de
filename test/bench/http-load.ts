import { connect, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'

/** The text of a GET request, or of a POST where it has a body. */
export function formatRequest(path: string, body?: string): string {
  const head = `${body === undefined ? 'GET' : 'POST'} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n`
  return body === undefined ? `${head}\r\n` : `${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

/** Sends requests over so many kept connections, each its next one once the last is answered. Returns the latencies. */
export async function loadWith(
  { host, port }: { host: string; port: number },
  requests: readonly string[],
  connections: number
): Promise<number[]> {
  const latenciesMs: number[] = []
  let next = 0
  const take = () => requests[next++]
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = connect({ host, port, noDelay: true })
      try {
        for (let request = take(); request !== undefined; request = take()) {
          const startedMs = performance.now()
          await exchange(socket, request)
          latenciesMs.push(performance.now() - startedMs)
        }
      } finally {
        socket.destroy()
      }
    })
  )
  return latenciesMs
}

/** One request and its answer, which must be 200 and say how long it is: less work than a client that understands HTTP. */
function exchange(socket: Socket, request: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0)
    const end = (error?: Error) => {
      socket.off('data', read).off('error', end).off('close', closed)
      if (error) reject(error)
      else resolve()
    }
    const closed = () => end(new Error('the server closed the connection'))
    const read = (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
      const headerEnd = received.indexOf('\r\n\r\n')
      if (headerEnd === -1) return
      const head = received.toString('latin1', 0, headerEnd)
      if (!head.startsWith('HTTP/1.1 200 ')) return end(new Error(`not 200: ${head.slice(0, 60)}`))
      const length = /^content-length: (\d+)\r?$/im.exec(head)?.[1]
      if (length === undefined) return end(new Error('no Content-Length'))
      if (received.length < headerEnd + 4 + Number(length)) return
      // A refusal of the app's protocol is 200 as well.
      end(received.includes('<Result>FAIL') ? new Error(received.toString('utf8', headerEnd + 4)) : undefined)
    }
    socket.on('data', read).once('error', end).once('close', closed)
    socket.write(request)
  })
}

/** The value below which that share of the values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
