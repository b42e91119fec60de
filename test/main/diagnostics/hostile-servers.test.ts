import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { askHttp, shakeHands } from '../../../src/main/diagnostics/probe.ts'
import { provisionReferenceApp } from '../../../src/main/diagnostics/reference-app.ts'

/** What a check may take of a server that would never end. One that waits without a bound never ends these tests either. */
const timeoutMs = 700
/** Of one that ends by itself, however busy this machine is. */
const ampleMs = 120_000
/** Far more than an answer that is kept, far less than a server that never ends would give. */
const mostGrownBytes = 60 * 1024 * 1024

type Hostility = (socket: Socket) => void

/** Sends what it is told, whatever it is asked, until the other side hangs up. */
async function startHostile(hostility: Hostility): Promise<{ port: number; sentBytes: () => number }> {
  const sockets = new Set<Socket>()
  let sent = 0
  const server = createTcpServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      sent += socket.bytesWritten
      sockets.delete(socket)
    })
    socket.once('data', () => hostility(socket))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const sentBytes = () => [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, sent)
  return { port: (server.address() as AddressInfo).port, sentBytes }
}

function pour(socket: Socket, piece: string | Buffer): void {
  const write = () => {
    while (socket.writable && socket.write(piece));
  }
  socket.on('drain', write)
  write()
}

function drip(socket: Socket, text: string): void {
  let at = 0
  const timer = setInterval(() => socket.write(text[at++ % text.length] ?? ''), 50)
  socket.on('close', () => clearInterval(timer))
}

const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n'
const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024))

/** What each does, and what is then said of it. */
const hostilities: { name: string; act: Hostility; says: RegExp }[] = [
  { name: 'hangs before its headers', act: () => undefined, says: /^No complete answer came within 0.7 s\.$/ },
  {
    name: 'hangs after its headers',
    act: (socket) => socket.write(`${head}Content-Length: 100\r\n\r\n<a`),
    says: /^No complete answer came within 0.7 s\.$/
  },
  {
    name: 'drips its headers',
    act: (socket) => drip(socket, `${head}X-Long: ${'x'.repeat(5000)}`),
    says: /^No complete answer came within 0.7 s\.$/
  },
  {
    name: 'drips its body',
    act: (socket) => {
      socket.write(`${head}Content-Length: 100000\r\n\r\n`)
      drip(socket, '<')
    },
    says: /^No complete answer came within 0.7 s\.$/
  },
  {
    name: 'goes on saying “continue”',
    act: (socket) => pour(socket, 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(100)),
    // `fetch` takes none that it did not ask for.
    says: /^(No complete answer came within 0.7 s|What the server sent is no valid HTTP)\.$/
  },
  {
    name: 'answers with 1 GB of known length',
    act: (socket) => {
      socket.write(`${head}Content-Length: 1073741824\r\n\r\n`)
      pour(socket, Buffer.alloc(64 * 1024, '<'))
    },
    says: /^The answer is longer than \d+ (KiB|bytes)\.$/
  },
  {
    name: 'never ends its body',
    act: (socket) => {
      socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`)
      pour(socket, `10000\r\n${'<'.repeat(0x10000)}\r\n`)
    },
    says: /^The answer is longer than \d+ (KiB|bytes)\.$/
  },
  {
    name: 'never ends its headers',
    act: (socket) => {
      socket.write(head)
      pour(socket, 'X-More: more and more\r\n'.repeat(100))
    },
    says: /^The server’s headers are too long\.$/
  },
  {
    name: 'hangs up before what it promised',
    act: (socket) => socket.end(`${head}Content-Length: 100\r\n\r\n<short/>`),
    says: /^The server hung up before the answer was complete\.$/
  },
  {
    name: 'contradicts itself about the length',
    act: (socket) => socket.end(`${head}Content-Length: 5\r\nContent-Length: 6\r\n\r\n<a></a>`),
    says: /^What the server sent is no valid HTTP\.$/
  },
  {
    name: 'speaks no HTTP',
    act: (socket) => socket.end('220 mail.example.com ESMTP\r\n'),
    says: /^What the server sent is no valid HTTP\.$/
  }
]

async function measured<T>(work: () => Promise<T>): Promise<{ result: T; grownBytes: number }> {
  const before = process.memoryUsage.rss()
  const result = await work()
  return { result, grownBytes: process.memoryUsage.rss() - before }
}

const mayTakeMs = (says: RegExp) =>
  says.test(`No complete answer came within ${timeoutMs / 1000} s.`) ? timeoutMs : ampleMs

const scanned = (port: number) => `http://127.0.0.1:${port}/userportal/complete/123456789/ada/AAAAAAAAAA`

describe('a server that', () => {
  it.each(hostilities)('$name costs a check a bounded time and little memory, and is named', async ({ act, says }) => {
    const { port, sentBytes } = await startHostile(act)
    const url = `http://127.0.0.1:${port}/`
    const { result, grownBytes } = await measured(() => askHttp({ method: 'GET', url }, { timeoutMs: mayTakeMs(says) }))
    expect(result).toEqual({ error: expect.stringMatching(says), durationMs: expect.any(Number) })
    expect(grownBytes).toBeLessThan(mostGrownBytes)
    expect(sentBytes()).toBeLessThan(mostGrownBytes)
  })

  it.each(hostilities)('$name costs an app as little', async ({ act, says }) => {
    const { port } = await startHostile(act)
    const { result, grownBytes } = await measured(() =>
      provisionReferenceApp(scanned(port), { stepTimeoutMs: mayTakeMs(says) })
    )
    expect(result).toMatchObject({
      ok: false,
      error: 'server-connection',
      step: 'server-details',
      reason: expect.stringMatching(says)
    })
    expect(grownBytes).toBeLessThan(mostGrownBytes)
  })

  it('packs 200 MB into little is not unpacked beyond what is kept', async () => {
    const { port } = await startHostile((socket) =>
      socket.end(
        Buffer.concat([Buffer.from(`${head}Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`), bomb])
      )
    )
    const probe = await measured(() =>
      askHttp({ method: 'GET', url: `http://127.0.0.1:${port}/` }, { timeoutMs: ampleMs })
    )
    expect('answer' in probe.result ? probe.result.answer.body.length : 0).toBe(bomb.length)
    const app = await measured(() => provisionReferenceApp(scanned(port), { stepTimeoutMs: ampleMs }))
    expect(app.result).toMatchObject({ ok: false, error: 'server-connection' })
    for (const { grownBytes } of [probe, app]) expect(grownBytes).toBeLessThan(mostGrownBytes)
  })

  it.each([
    '/',
    'file:///etc/passwd',
    'gopher://127.0.0.1/',
    'http://203.0.113.9/',
    '//203.0.113.9/',
    'javascript:alert(1)'
  ])('leads on to %s is not followed', async (location) => {
    const asked: string[] = []
    const server = createServer((request: IncomingMessage, response: ServerResponse) => {
      asked.push(request.url ?? '')
      request.resume()
      response.writeHead(302, { location }).end()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const result = await askHttp({ method: 'GET', url: `http://127.0.0.1:${port}/first` }, { timeoutMs: ampleMs })
    expect(result).toMatchObject({ answer: { status: 302, headers: { location } } })
    expect(await provisionReferenceApp(scanned(port), { stepTimeoutMs: ampleMs })).toMatchObject({
      ok: false,
      reason: 'The server answered with HTTP status 302.'
    })
    expect(asked).toHaveLength(2)
  })

  it.each<{ name: string; act: Hostility }>([
    { name: 'says nothing to a TLS greeting', act: () => undefined },
    { name: 'drips its TLS answer', act: (socket) => drip(socket, '\x16\x03\x03\x40\x00') },
    { name: 'answers a TLS greeting in plain text', act: (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n') },
    { name: 'breaks its TLS answer', act: (socket) => socket.end(Buffer.from([22, 3, 3, 0, 4, 2, 255, 255, 255])) },
    { name: 'pours noise on a TLS greeting', act: (socket) => pour(socket, Buffer.alloc(64 * 1024, 0x17)) }
  ])('$name is bounded as well', async ({ act }) => {
    const { port } = await startHostile(act)
    const place = { host: '127.0.0.1', port }
    const { result, grownBytes } = await measured(() => shakeHands(place, { timeoutMs }))
    expect(result).toMatchObject({ ok: false, error: expect.stringMatching(/./) })
    const asked = await askHttp({ method: 'GET', url: `https://127.0.0.1:${port}/` }, { timeoutMs })
    expect(asked).toMatchObject({ error: expect.stringMatching(/\.$/) })
    expect(grownBytes).toBeLessThan(mostGrownBytes)
  })
})
