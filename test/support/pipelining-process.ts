import { connect } from 'node:net'

/**
 * A program that asks a portal on this machine over many connections without waiting for answers, and comes back at once over a
 * new one where it is thrown out. Says at its end, as JSON, how many answers of each status it got and how often it connected.
 */
const [port, connections, lastsMs, ...paths] = process.argv.slice(2)
const form = 'username=somebody%40example.com'
const head = (method: string, path: string, rest: string) => `${method} ${path} HTTP/1.1\r\nHost: x\r\n${rest}\r\n`
const requests = paths.map((path) =>
  path.endsWith('/reprovision')
    ? `${head('POST', path, `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${form.length}\r\n`)}${form}`
    : head('GET', path, '')
)
const statuses: Record<string, number> = {}
let connected = 0
let isOver = false

const attack = (request: string): void => {
  if (isOver) return
  const burst = request.repeat(Math.ceil(65_536 / request.length))
  const socket = connect(Number(port), '127.0.0.1')
  const send = (): void => {
    while (!isOver && socket.writable && socket.write(burst));
  }
  socket.on('connect', () => {
    connected++
    send()
  })
  socket.on('drain', send)
  socket.on('data', (chunk: Buffer) => {
    for (const [, status = ''] of chunk.toString('latin1').matchAll(/HTTP\/1\.1 (\d{3})/g)) {
      statuses[status] = (statuses[status] ?? 0) + 1
    }
  })
  socket.on('error', () => undefined)
  socket.on('close', () => setImmediate(attack, request))
}

for (let opened = 0; opened < Number(connections); opened++) attack(requests[opened % requests.length] ?? '')
setTimeout(() => {
  isOver = true
  process.stdout.write(JSON.stringify({ statuses, connected }), () => process.exit())
}, Number(lastsMs))
