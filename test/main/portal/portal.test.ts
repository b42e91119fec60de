import { once } from 'node:events'
import net from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterEach, describe, expect, it } from 'vitest'
import type { Log } from '../../../src/main/system/log.ts'
import type { PortalLimits } from '../../../src/main/portal/limits.ts'
import { defaultPortalLimits } from '../../../src/main/portal/limits.ts'
import type { Portal } from '../../../src/main/portal/portal.ts'
import { createPortal } from '../../../src/main/portal/portal.ts'
import { AppError } from '../../../src/shared/errors.ts'
import { createPortalPages } from '../../support/portal-parts.ts'
import { createInMemoryProvisioning } from './in-memory-provisioning.ts'

const open: { portal: Portal; sockets: net.Socket[] }[] = []

afterEach(async () => {
  for (const { portal, sockets } of open.splice(0)) {
    for (const socket of sockets) socket.destroy()
    await portal.close()
  }
})

function buildPortal(limits: Partial<PortalLimits> = {}) {
  const provisioning = createInMemoryProvisioning({ jdoe: 'SECRETCODE' })
  const server = { siteId: 7, host: '127.0.0.1', port: 1, usesSsl: false, connectionType: 'proxy' }
  const logged: unknown[][] = []
  const write =
    (level: string) =>
    (...entry: unknown[]) =>
      void logged.push([level, ...entry])
  const log: Log = { info: write('info'), warn: write('warn'), error: write('error') }
  const health: { isReadable: boolean; room: 'ok' | 'full' } = { isReadable: true, room: 'ok' }
  const checkHealth = async () => {
    if (!health.isReadable) throw new Error('disk I/O error')
    return health.room
  }
  const readServer = async () => server
  const parts = createPortalPages()
  const portal = createPortal({
    ...parts,
    findSignedCode: (...given) => parts.findSignedCode(...given),
    provisioning,
    readServer,
    checkHealth,
    log,
    limits
  })
  const sockets: net.Socket[] = []
  open.push({ portal, sockets })
  return { portal, parts, provisioning, server, logged, health, sockets }
}

async function startPortal(limits: Partial<PortalLimits> = {}, host = '127.0.0.1') {
  const { sockets, ...built } = buildPortal(limits)
  const { url, port } = await built.portal.listen({ host, port: 0 })

  const connect = async () => {
    const socket = net.connect(port, '127.0.0.1')
    sockets.push(socket)
    // A reset is one of the ways in which the portal ends a connection.
    socket.on('error', () => {})
    await once(socket, 'connect')
    return socket
  }
  /** Everything that comes back on one connection until the portal ends it. */
  const exchange = async (...pieces: (string | Uint8Array)[]) => {
    const socket = await connect()
    const answer = readUntilClosed(socket)
    for (const piece of pieces) socket.write(piece)
    return answer
  }
  return { ...built, url, port, connect, exchange }
}

async function readUntilClosed(socket: net.Socket): Promise<string> {
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
  if (!socket.destroyed) await new Promise((resolve) => socket.once('close', resolve))
  return text
}

const request = (fields: string) => `<SASRequest><Version>3.6</Version>${fields}</SASRequest>`
const ping = request('<Action>ping</Action>')
const provision = request(
  '<Action>provision</Action><Username>jdoe</Username><ProvisionCode>SECRETCODE</ProvisionCode>'
)

function post(body: string, headers = 'Content-Type: application/xml\r\n', path = '/proxy/AgentXML') {
  return `POST ${path} HTTP/1.1\r\nHost: x\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

const statusesOf = (answers: string) => [...answers.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => status)

const lastGet = 'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'

describe("the portal's routes", () => {
  it('answers getServerDetails as XML, to HEAD as well', async () => {
    const { url } = await startPortal()
    for (const method of ['GET', 'HEAD']) {
      const answer = await fetch(`${url}/ssdserver/getServerDetails?id=7`, { method })
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toBe('application/xml; charset=utf-8')
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      const text = await answer.text()
      if (method === 'GET') expect(text).toContain('<responseCode>0</responseCode><SSDetails><hostname>127.0.0.1<')
    }
  })

  it.each(['', '?id=', '?id=8', '?id=007', '?id=+7', '?id=7&id=7', '?id=7&id=8', '?id[]=7', '?ID=7', '?id=%ZZ'])(
    'answers getServerDetails%s with 200 and no details',
    async (query) => {
      const { url } = await startPortal()
      const answer = await fetch(`${url}/ssdserver/getServerDetails${query}`)
      expect(answer.status).toBe(200)
      expect(await answer.text()).toMatch(/<getServerDetailsResponse><responseCode>1<\/responseCode><\/getServ/)
    }
  )

  it('answers AgentXML at the connection type of the moment and always at userportal', async () => {
    const { url, server } = await startPortal()
    const statusAt = async (type: string) =>
      (await fetch(`${url}/${type}/AgentXML`, { method: 'POST', body: ping })).status
    expect([await statusAt('proxy'), await statusAt('userportal'), await statusAt('other')]).toEqual([200, 200, 404])
    server.connectionType = 'other'
    expect([await statusAt('proxy'), await statusAt('userportal'), await statusAt('other')]).toEqual([404, 200, 200])
  })

  it('provisions, with the address of the client handed on', async () => {
    const { url, provisioning } = await startPortal()
    const answer = await fetch(`${url}/proxy/AgentXML`, { method: 'POST', body: provision })
    expect(answer.headers.get('content-type')).toBe('application/xml; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(await answer.text()).toContain('<Result>PASS</Result><Id>id-of-jdoe</Id>')
    expect(provisioning.asked).toEqual([{ username: 'jdoe', code: 'SECRETCODE', address: '127.0.0.1' }])
  })

  it('believes no X-Forwarded-For', async () => {
    const { exchange, provisioning } = await startPortal()
    await exchange(
      post(provision, 'X-Forwarded-For: 203.0.113.9\r\nForwarded: for=203.0.113.9\r\nConnection: close\r\n')
    )
    expect(provisioning.asked).toMatchObject([{ address: '127.0.0.1' }])
  })

  it.skipIf(networkInterfaces()['lo']?.every(({ family }) => family !== 'IPv6'))(
    'hands on the plain address of an IPv4 client of a socket for both families',
    async () => {
      const { exchange, provisioning } = await startPortal({}, '::')
      await exchange(post(provision, 'Connection: close\r\n'))
      expect(provisioning.asked).toMatchObject([{ address: '127.0.0.1' }])
    }
  )

  it.each([
    'Content-Type: application/xml; charset=utf-8\r\n',
    'Content-Type: text/xml\r\n',
    'Content-Type: application/x-www-form-urlencoded\r\n',
    'Content-Type: application/json\r\n',
    'Content-Type: text/plain\r\n',
    'Content-Type: multipart/form-data\r\n',
    'Content-Type: xml\r\n',
    'Content-Type: ;;;\r\n',
    'Content-Type:\r\n',
    'Content-Type: text/xml\r\nContent-Type: text/plain\r\n',
    ''
  ])('reads a body as XML with the header %j', async (header) => {
    const { exchange } = await startPortal()
    expect(await exchange(post(ping, `${header}Connection: close\r\n`))).toContain('<Result>PASS</Result>')
  })

  it('answers AgentXML by POST alone', async () => {
    const { url } = await startPortal()
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      for (const path of ['/proxy/AgentXML', '/userportal/AgentXML']) {
        const answer = await fetch(url + path, { method })
        expect([method, answer.status, answer.headers.get('allow')]).toEqual([method, 405, 'POST'])
      }
    }
    expect((await fetch(`${url}/other/AgentXML`)).status).toBe(404)
    expect((await fetch(`${url}/ssdserver/getServerDetails`, { method: 'POST', body: 'id=7' })).status).toBe(404)
  })

  it('says how it is', async () => {
    const { url, health, logged } = await startPortal()
    const well = await fetch(`${url}/healthz`)
    expect([well.status, await well.json()]).toEqual([200, { status: 'ok', store: 'ok' }])
    health.room = 'full'
    const full = await fetch(`${url}/healthz`)
    expect([full.status, full.headers.has('retry-after'), await full.json()]).toEqual([
      503,
      true,
      { status: 'unavailable', store: 'full' }
    ])
    health.isReadable = false
    const ill = await fetch(`${url}/healthz`)
    expect([ill.status, await ill.json()]).toEqual([503, { status: 'unavailable', store: 'unreadable' }])
    expect(logged.at(-1)?.[0]).toBe('error')
  })

  it.each([
    '/',
    '/ssdserver/getServerDetails/?id=7',
    '/SSDServer/getServerDetails?id=7',
    '//ssdserver/getServerDetails?id=7',
    '/proxy/AgentXML/',
    '/proxy/../healthz',
    '/proxy/..%2f..%2fetc%2fpasswd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/../../../../etc/passwd',
    '/proxy%00/AgentXML',
    '/..%5c..%5cAgentXML',
    `/${'a'.repeat(2000)}/AgentXML`,
    '/<script>alert(1)</script>'
  ])('finds nothing at %s, redirects nowhere and repeats nothing', async (path) => {
    const { exchange } = await startPortal()
    const answer = await exchange(`POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
    expect(statusesOf(answer)).toEqual(['404'])
    expect(answer).toContain('\r\ncontent-type: text/plain; charset=utf-8\r\n')
    expect(answer).toContain('\r\nx-content-type-options: nosniff\r\n')
    expect(answer.endsWith('\r\n\r\nThere is nothing at this address.')).toBe(true)
    expect(answer).not.toMatch(/^location:/im)
  })

  it('answers an address that cannot be decoded with 400 and does not repeat it', async () => {
    const { exchange } = await startPortal()
    const answer = await exchange('GET /canary%ZZ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    expect(statusesOf(answer)).toEqual(['400'])
    expect(answer).toContain('\r\ncache-control: no-store\r\n')
    expect(answer).not.toContain('canary')
  })
})

describe('the portal and malformed requests', () => {
  it.each([
    '',
    'not XML',
    '{"a":1}',
    ping.slice(0, -1),
    `<!DOCTYPE SASRequest [<!ENTITY a "b">]>${ping}`,
    `<!DOCTYPE SASRequest SYSTEM "http://127.0.0.1:1/canary">${ping}`
  ])('answers the body %j with 400', async (body) => {
    const { exchange } = await startPortal()
    const answer = await exchange(post(body, 'Connection: close\r\n'))
    expect(statusesOf(answer)).toEqual(['400'])
    expect(answer).toContain('<Result>FAIL</Result><Error>Malformed request</Error>')
    expect(answer).not.toContain('canary')
  })

  it.each([
    'hello\r\n\r\n',
    '\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{fc}\u{3}\u{3}',
    'GET / HTTP/9.9\r\n\r\n',
    'GET /canary\u{1} HTTP/1.1\r\nHost: x\r\n\r\n',
    'POST /proxy/AgentXML HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\ncanary',
    'POST /proxy/AgentXML HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'POST /proxy/AgentXML HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n'
  ])('answers %j with 400 and ends the connection', async (bytes) => {
    const { exchange, logged } = await startPortal()
    const answer = await exchange(Buffer.from(bytes, 'latin1'))
    expect(statusesOf(answer)).toEqual(['400'])
    expect(answer).toMatch(/\r\ncache-control: no-store\r\n[^]*\r\n\r\nThe request is malformed\.$/)
    expect(answer).not.toContain('canary')
    expect(logged.filter(([level]) => level === 'error')).toEqual([])
  })

  it('refuses a request that names two hosts, also the same one twice', async () => {
    const { exchange } = await startPortal()
    for (const second of ['evil.example', 'x']) {
      const answer = await exchange(`GET /healthz HTTP/1.1\r\nHost: x\r\nHOST: ${second}\r\n\r\n`)
      expect(statusesOf(answer)).toEqual(['400'])
    }
  })

  it('asks for a Host header, as HTTP/1.1 does', async () => {
    const { exchange } = await startPortal()
    expect(statusesOf(await exchange('GET /healthz HTTP/1.1\r\n\r\n'))).toEqual(['400'])
  })

  it('takes a body of 8 KiB and not one byte more', async () => {
    const { exchange } = await startPortal()
    const padded = (bytes: number) => ping.replace('</SAS', `${' '.repeat(bytes - Buffer.byteLength(ping))}</SAS`)
    expect(statusesOf(await exchange(post(padded(8192)), lastGet))).toEqual(['200', '200'])
    const answer = await exchange(post(padded(8193)), lastGet)
    expect(statusesOf(answer)).toEqual(['413', '200'])
    expect(answer).toContain('The request is too large.')
  })

  it('counts the bytes of a chunked body', async () => {
    const { exchange } = await startPortal()
    const head = 'POST /proxy/AgentXML HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n'
    const chunk = `1000\r\n${'x'.repeat(0x1000)}\r\n`
    expect(statusesOf(await exchange(head, chunk, chunk, '1\r\nx\r\n', '0\r\n\r\n', lastGet))).toEqual(['413', '200'])
  })

  it('lets a client that sends too much read its 413', async () => {
    const { url } = await startPortal()
    for (const path of ['/proxy/AgentXML', '/ssdserver/getServerDetails', '/none']) {
      const answer = await fetch(url + path, { method: 'POST', body: 'x'.repeat(5_000_000) })
      expect([path, answer.status]).toEqual([path, 413])
    }
  })

  it('cuts off a client that does not stop sending', async () => {
    const { connect } = await startPortal({ lingerMs: 50 })
    for (const header of ['Content-Length: 1000000000', 'Transfer-Encoding: chunked']) {
      const socket = await connect()
      const answer = readUntilClosed(socket)
      socket.write(`POST /proxy/AgentXML HTTP/1.1\r\nHost: x\r\n${header}\r\n\r\n`)
      const sending = setInterval(() => socket.write(`1000\r\n${'x'.repeat(0x1000)}\r\n`), 5)
      expect(statusesOf(await answer)).toEqual(['413'])
      clearInterval(sending)
    }
  })

  it('takes headers of nearly 8 KiB and answers more with 431', async () => {
    const { exchange } = await startPortal()
    const get = (bytes: number) => lastGet.replace('\r\n\r\n', `\r\nX-Filler: ${'x'.repeat(bytes)}\r\n\r\n`)
    expect(statusesOf(await exchange(get(8000)))).toEqual(['200'])
    expect(statusesOf(await exchange(get(8200)))).toEqual(['431'])
    // So much more is on its way that the answer may be lost with the connection.
    expect(await exchange(get(5_000_000))).toMatch(/^(HTTP\/1\.1 431 |$)/)
    expect(statusesOf(await exchange(`GET /${'x'.repeat(8200)} HTTP/1.1\r\nHost: x\r\n\r\n`))).toEqual(['431'])
  })

  it('answers pipelined requests in order', async () => {
    const { exchange } = await startPortal()
    const bodies = ['1', '2', '3'].map((id) => request(`<RequestID>${id}</RequestID><Action>ping</Action>`))
    const answers = await exchange(bodies.map((body) => post(body)).join('') + lastGet)
    expect(statusesOf(answers)).toEqual(['200', '200', '200', '200'])
    expect([...answers.matchAll(/<RequestID>(\d)/g)].map(([, id]) => id)).toEqual(['1', '2', '3'])
  })

  it('begins no request of a connection before the one before it is answered', async () => {
    const { exchange, provisioning, url } = await startPortal()
    const first = Promise.withResolvers<{ id: string }>()
    const begun = Promise.withResolvers<void>()
    let attempts = 0
    provisioning.provision = async () => {
      begun.resolve()
      return ++attempts === 1 ? first.promise : { id: `later ${attempts}` }
    }
    const answers = exchange(post(provision) + post(provision) + post(provision), lastGet)
    await begun.promise
    await (await fetch(`${url}/healthz`)).arrayBuffer()
    expect(attempts).toBe(1)
    first.resolve({ id: 'first' })
    expect([...(await answers).matchAll(/<Id>([^<]*)/g)].map(([, id]) => id)).toEqual(['first', 'later 2', 'later 3'])
  })

  it('cuts off a client that sends on without waiting for answers, and does next to nothing for it', async () => {
    const { exchange, provisioning, url } = await startPortal()
    let attempts = 0
    provisioning.provision = async () => ({ id: String(++attempts) })
    const crowd = Array.from({ length: 8 }, () => exchange(post(provision).repeat(3000)))
    const page = fetch(`${url}/userportal/`)
    expect((await page).status).toBe(200)
    for (const answers of await Promise.all(crowd)) expect(statusesOf(answers).length).toBeLessThanOrEqual(10)
    expect(attempts).toBeLessThanOrEqual(8 * 10)
    expect(statusesOf(await exchange(post(provision), lastGet))).toEqual(['200', '200'])
  })

  it('refuses with 503 and a time to come back whom it has no room for', async () => {
    const { exchange, provisioning } = await startPortal({ appsRunning: 1, waiting: 1 })
    const begun = Promise.withResolvers<void>()
    const held = Promise.withResolvers<{ id: string }>()
    provisioning.provision = () => {
      begun.resolve()
      return held.promise
    }
    const last = post(provision, 'Connection: close\r\n')
    const first = exchange(last)
    await begun.promise
    const others = [exchange(last), exchange(last)]
    const refused = await Promise.race(others)
    expect(statusesOf(refused)).toEqual(['503'])
    expect(refused).toMatch(/\r\nretry-after: \d+\r\n/)
    held.resolve({ id: 'x' })
    const all = await Promise.all([first, ...others])
    expect(all.flatMap(statusesOf).filter((status) => status === '503')).toHaveLength(1)
  })

  it('answers pages and apps while all who may ask for pictures do', async () => {
    const { exchange, url, parts } = await startPortal({ picturesRunning: 1, waiting: 2 })
    const begun = Promise.withResolvers<void>()
    const held = Promise.withResolvers<null>()
    parts.findSignedCode = () => {
      begun.resolve()
      return held.promise
    }
    const text = encodeURIComponent('https://portal.test/userportal/complete/7/ada/ABCDE12345')
    const ask = `GET /userportal/getQRCode?text=${text}&s=x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`
    const pictures = [exchange(ask), exchange(ask), exchange(ask)]
    await begun.promise
    expect((await fetch(`${url}/userportal/`)).status).toBe(200)
    expect(statusesOf(await exchange(post(provision, 'Connection: close\r\n')))).toEqual(['200'])
    held.resolve(null)
    expect((await Promise.all(pictures)).flatMap(statusesOf)).toEqual(['404', '404', '404'])
  })

  it('serves HTTP/1.0, without a Host header, and ends the connection', async () => {
    const { exchange } = await startPortal()
    const answer = await exchange(`POST /proxy/AgentXML HTTP/1.0\r\nContent-Length: ${ping.length}\r\n\r\n${ping}`)
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(answer).toContain('\r\nConnection: close\r\n')
    expect(answer).toContain('<Result>PASS</Result>')
  })
})

describe("the portal's limits", () => {
  const short = { headersTimeoutMs: 100, requestTimeoutMs: 200, checkIntervalMs: 20, keepAliveTimeoutMs: 50 }

  it("has the design's figures unless told otherwise", () => {
    expect(defaultPortalLimits).toMatchObject({
      bodyBytes: 8192,
      headerBytes: 8192,
      headersTimeoutMs: 5000,
      requestTimeoutMs: 10_000,
      connections: 256
    })
  })

  it('ends a connection that says nothing', async () => {
    const { exchange } = await startPortal(short)
    expect(statusesOf(await exchange())).toEqual(['408'])
  })

  it('ends a connection whose headers come drop by drop', async () => {
    const { connect } = await startPortal({ ...short, requestTimeoutMs: 60_000 })
    const socket = await connect()
    const answer = readUntilClosed(socket)
    socket.write('GET /healthz HTTP/1.1\r\n')
    const dripping = setInterval(() => socket.write('X: y\r\n'), 10)
    expect(statusesOf(await answer)).toEqual(['408'])
    clearInterval(dripping)
  })

  it('ends a connection whose body comes drop by drop', async () => {
    const { connect, provisioning } = await startPortal(short)
    const socket = await connect()
    const answer = readUntilClosed(socket)
    socket.write('POST /proxy/AgentXML HTTP/1.1\r\nHost: x\r\nContent-Length: 8000\r\n\r\n')
    const dripping = setInterval(() => socket.write('x'), 10)
    expect(statusesOf(await answer)).toEqual(['408'])
    clearInterval(dripping)
    expect(provisioning.asked).toEqual([])
  })

  it('ends a connection that stays idle after an answer', async () => {
    const { exchange } = await startPortal(short)
    expect(statusesOf(await exchange(post(ping)))).toEqual(['200'])
  })

  it('takes no more connections than it may: the one that has said nothing for longest gives way', async () => {
    const { connect, exchange } = await startPortal({ connections: 2 })
    const silent = await connect()
    const slow = await connect()
    slow.write('GET /healthz HTTP/1.1\r\nHos')
    const ended = readUntilClosed(silent)
    expect(statusesOf(await exchange(lastGet))).toEqual(['200'])
    expect(await ended).toBe('')
    slow.write('t: x\r\nConnection: close\r\n\r\n')
    expect(statusesOf(await readUntilClosed(slow))).toEqual(['200'])
  })

  it('answers a good client while others hold hundreds of silent connections', async () => {
    const { connect, exchange } = await startPortal({ connections: 20 })
    for (let opened = 0; opened < 200; opened++) await connect()
    expect(statusesOf(await exchange(lastGet))).toEqual(['200'])
  })
})

describe('the portal when something fails behind it', () => {
  it('answers 500 in one plain sentence and logs neither code nor Id', async () => {
    const { exchange, provisioning, logged } = await startPortal()
    const fail = async (asked: object) => {
      throw Object.assign(new TypeError(`cannot store\n    at ${JSON.stringify(asked)}:1:1`), { code: 'SQLITE_FULL' })
    }
    provisioning.provision = fail
    provisioning.downloadSecurityStrings = fail
    const download = request('<Action>SecurityStrings</Action><Id>SECRETID</Id>')
    const answers = await exchange(post(provision), post(download, 'Connection: close\r\n'))
    expect(statusesOf(answers)).toEqual(['500', '500'])
    expect(answers).not.toMatch(/cannot store|SECRET|SQLITE|at .*\.ts/)
    const errors = logged.filter(([level]) => level === 'error')
    expect(errors).toMatchObject([
      ['error', 'A request to the User Portal failed.', { error: 'TypeError', code: 'SQLITE_FULL', method: 'POST' }],
      ['error', 'A request to the User Portal failed.', { error: 'TypeError', code: 'SQLITE_FULL', method: 'POST' }]
    ])
    expect(JSON.stringify(errors)).toContain('portal.test.ts')
    expect(JSON.stringify(logged)).not.toContain('SECRET')
  })

  it('answers 503 when the store is busy', async () => {
    const { exchange, provisioning } = await startPortal()
    provisioning.provision = async () => {
      throw new AppError('database-busy', 'Another program is writing.')
    }
    const answer = await exchange(post(provision, 'Connection: close\r\n'))
    expect(statusesOf(answer)).toEqual(['503'])
    expect(answer).not.toContain('Another program')
  })

  it('logs no code, Id or address of an ordinary request either', async () => {
    const { exchange, logged } = await startPortal()
    await exchange(
      post(provision),
      post(provision),
      post('<SECRETCODE'),
      post(provision, '', '/SECRETCODE/x'),
      'GET /userportal/complete/7/jdoe/SECRETCODE?s=%ZZ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
    )
    expect(logged).toHaveLength(1)
    expect(JSON.stringify(logged)).not.toContain('SECRET')
  })
})

describe('starting and ending the portal', () => {
  it('says which port is taken and which setting chooses another, and can be started once it is free', async () => {
    const { portal: first, port } = await startPortal()
    const { portal: second } = buildPortal()
    await expect(second.listen({ host: '127.0.0.1', port })).rejects.toMatchObject({
      code: 'port-taken',
      message: `Port ${port} on 127.0.0.1 is taken by another program; choose another one (setting portal.port).`
    })
    await first.close()
    expect(await second.listen({ host: '127.0.0.1', port })).toEqual({ url: `http://127.0.0.1:${port}`, port })
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200)
  })

  it.each(['192.0.2.1', 'host.invalid', '2001:db8::1'])('says that %s is no address of this computer', async (host) => {
    await expect(startPortal({}, host)).rejects.toMatchObject({
      code: 'address-unusable',
      message: expect.stringContaining(`${host} is not an address of this computer`)
    })
  })

  it('ends at once although a client holds an idle connection', async () => {
    const { portal, connect } = await startPortal({ closeGraceMs: 3_600_000, keepAliveTimeoutMs: 3_600_000 })
    const socket = await connect()
    const answer = readUntilClosed(socket)
    socket.write(post(ping))
    await once(socket, 'data')
    await portal.close()
    expect(statusesOf(await answer)).toEqual(['200'])
  })

  it('ends soon although a client has sent half a request', async () => {
    const { portal, connect, url } = await startPortal({ closeGraceMs: 50 })
    const socket = await connect()
    const answer = readUntilClosed(socket)
    socket.write('POST /proxy/AgentXML HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx')
    await fetch(`${url}/healthz`)
    await portal.close()
    expect(await answer).toBe('')
  })

  it('answers the request that is under way when it ends', async () => {
    const { portal, provisioning, connect } = await startPortal({ closeGraceMs: 3_600_000 })
    const provisioned = Promise.withResolvers<{ id: string }>()
    const asked = Promise.withResolvers<void>()
    provisioning.provision = () => {
      asked.resolve()
      return provisioned.promise
    }
    const socket = await connect()
    const answer = readUntilClosed(socket)
    socket.write(post(provision))
    await asked.promise
    const closed = portal.close()
    provisioned.resolve({ id: 'late' })
    expect(await answer).toContain('<Id>late</Id>')
    await closed
  })

  it('ends although it was never started, and twice', async () => {
    const { portal } = buildPortal()
    await expect(portal.close()).resolves.toBeUndefined()
    await expect(portal.close()).resolves.toBeUndefined()
  })
})
