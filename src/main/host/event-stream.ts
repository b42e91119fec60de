import type { ServerResponse } from 'node:http'
import { securityHeaders } from '../http/content-security-policy.ts'
import type { Console } from '../console.ts'
import type { HostLimits } from './limits.ts'

/** Writes the console's events to one browser until either end closes. Returns the function that ends it. */
export function streamEvents(
  response: ServerResponse,
  subscribe: Console['subscribe'],
  { heartbeatMs, unreadBytes }: HostLimits
): () => void {
  response.writeHead(200, { ...securityHeaders, 'content-type': 'text/event-stream; charset=utf-8' })
  const write = (text: string): void => {
    if (response.writableLength > unreadBytes) response.destroy()
    else response.write(text)
  }
  // A comment line: it opens the stream at once, and later keeps it from looking dead.
  write(': listening\n\n')
  const unsubscribe = subscribe((name, data) => write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`))
  const heartbeat = setInterval(() => write(':\n\n'), heartbeatMs)
  response.on('close', () => {
    clearInterval(heartbeat)
    unsubscribe()
  })
  return () => response.end()
}
