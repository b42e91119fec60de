import { once } from 'node:events'
import type http from 'node:http'
import net from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { encodeFrame, framesType } from '../../../src/shared/wire-frame.ts'
import { startHost } from './host-client.ts'

const sizeOf = (body: Buffer) => ({ 'content-length': String(body.length) })

describe('signing in', () => {
  it('exchanges the printed address once for a session and takes the token out of the address', async () => {
    const { ask, redeem, tokenPath, port } = await startHost()
    const page = await ask(tokenPath)
    expect([page.status, page.headers['set-cookie']]).toEqual([200, undefined])
    expect(page.body).toContain('<script type="module" src="/sign-in.js">')
    expect((await ask('/sign-in.js')).headers['content-type']).toBe('text/javascript; charset=utf-8')
    const first = await redeem(tokenPath.slice('/?token='.length))
    expect(JSON.parse(first.body)).toEqual({ ok: true, value: { tab: expect.stringMatching(/^[\w-]{43}$/) } })
    expect(first.headers['set-cookie']).toHaveLength(1)
    expect(first.headers['set-cookie']?.[0]).toMatch(
      new RegExp(`^provision-console-${port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`)
    )
  })

  it('serves the page to the session, with a fresh nonce in page and policy each time', async () => {
    const { ask, signIn } = await startHost()
    const cookie = await signIn()
    const pages = [await ask('/', { headers: { cookie } }), await ask('/', { headers: { cookie } })]
    const nonces = pages.map(({ body }) => /nonce="([^"]+)"/.exec(body)?.[1])
    expect(new Set(nonces).size).toBe(2)
    for (const [index, { status, headers }] of pages.entries()) {
      expect(status).toBe(200)
      expect(headers['content-security-policy']).toContain(`style-src 'self' 'nonce-${nonces[index]}'`)
    }
  })

  it('refuses a used token from another browser in plain words, and logs it', async () => {
    const { ask, signIn, tokenPath, console } = await startHost()
    await signIn()
    const stolen = await ask(tokenPath)
    expect(stolen.status).toBe(403)
    expect(stolen.body).toContain('This address has been used')
    expect(stolen.headers['set-cookie']).toBeUndefined()
    expect(console.log.lines.join('\n')).toContain('warn Refused a token for the console. {"reason":"used"')
  })

  it('brings the browser that used the token back to the console', async () => {
    const { ask, signIn, tokenPath } = await startHost()
    const cookie = await signIn()
    const again = await ask(tokenPath, { headers: { cookie } })
    expect([again.status, again.headers.location]).toEqual([303, '/'])
  })

  it('refuses a wrong token, also of the right length, and does not use up the right one', async () => {
    const { ask, tokenPath, console } = await startHost()
    for (const token of ['', 'x', 'A'.repeat(43), `${tokenPath.slice(-43)}A`]) {
      expect((await ask(`/?token=${token}`)).status).toBe(403)
    }
    expect(console.log.lines.filter((line) => line.includes('"reason":"wrong"'))).toHaveLength(4)
    expect((await ask(tokenPath)).status).toBe(200)
  })

  it('refuses the token after ten minutes', async () => {
    const { ask, tokenPath, console } = await startHost()
    console.clock.advance(10 * 60_000 + 1)
    const late = await ask(tokenPath)
    expect(late.status).toBe(403)
    expect(late.body).toContain('This address has expired')
  })

  it('does not take a token from a HEAD request, which link previews send', async () => {
    const { ask, tokenPath } = await startHost()
    expect((await ask(tokenPath, { method: 'HEAD' })).status).toBe(401)
    expect((await ask(tokenPath)).status).toBe(200)
  })

  it('takes the token from the page of this origin alone, once, however many hand it over at the same moment', async () => {
    const { redeem, pageHeaders, tokenPath } = await startHost()
    const token = tokenPath.slice('/?token='.length)
    const { 'x-provision-console': _mark, ...unmarked } = pageHeaders
    for (const headers of [
      { ...pageHeaders, origin: 'http://127.0.0.1:1' },
      { ...pageHeaders, 'sec-fetch-site': 'same-site' },
      unmarked
    ])
      expect((await redeem(token, headers)).status).toBe(403)
    for (const wrong of [7, null, { $bytes: '' }]) expect((await redeem(wrong)).status).toBe(400)
    const answers = await Promise.all(Array.from({ length: 8 }, () => redeem(token)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 403)).toHaveLength(7)
    expect(answers.filter(({ headers }) => headers['set-cookie'])).toHaveLength(1)
  })

  it('never logs the token, the cookie or the secret of the tab', async () => {
    const { ask, call, signIn, tokenPath, pageHeaders, console } = await startHost()
    const cookie = await signIn()
    await ask(tokenPath)
    await call('version:get', {}, cookie)
    await ask('/api/call/version:get', { method: 'POST', headers: { ...pageHeaders, cookie, 'x-provision-tab': 'no' } })
    const secrets = [tokenPath.slice('/?token='.length), cookie.split('=')[1], pageHeaders['x-provision-tab']]
    for (const secret of secrets) expect(console.log.lines.join('\n')).not.toContain(secret)
  })
})

describe('without a session', () => {
  it.each(['/', '/?x=1', '/assets/index-1a2b.js', '/api/events', '/nothing'])('%s is refused', async (target) => {
    const { ask, origin } = await startHost()
    expect((await ask(target, { headers: { origin } })).status).toBe(401)
  })

  it('says at the bare address how to sign in', async () => {
    const { ask } = await startHost()
    expect((await ask('/')).body).toContain('Open the address that was printed in the terminal')
  })

  it('refuses a call, a made-up session and the session of another host', async () => {
    const [one, other] = [await startHost(), await startHost()]
    const foreign = (await other.signIn()).split('=')[1]
    for (const cookie of ['', `provision-console-${one.port}=x`, `provision-console-${one.port}=${foreign}`]) {
      const answer = await one.call('users:list', {}, cookie)
      expect(answer.status).toBe(401)
      expect(JSON.parse(answer.body)).toMatchObject({ ok: false, error: { code: 'forbidden' } })
    }
  })

  it('asks a browser that followed a link once more, since its strict cookie stayed behind', async () => {
    const { ask } = await startHost()
    const answer = await ask('/', { headers: { 'sec-fetch-site': 'cross-site' } })
    expect(answer.body).toContain('http-equiv="refresh"')
    const again = await ask('/', { headers: { 'sec-fetch-site': 'same-origin' } })
    expect(again.body).not.toContain('http-equiv="refresh"')
  })
})

describe('who holds the cookie alone, as any port of this machine is sent it', () => {
  it('makes no call and hears no event, whatever origin it names', async () => {
    const { ask, signIn, pageHeaders, console } = await startHost()
    const cookie = await signIn()
    const { 'x-provision-tab': tab = '', ...forged } = pageHeaders
    for (const secret of [undefined, '', 'x', `${tab}x`, tab.slice(1), cookie.split('=')[1] ?? '']) {
      const headers = { ...forged, cookie, ...(secret !== undefined && { 'x-provision-tab': secret }) }
      for (const [target, method] of [
        ['/api/call/groups:add', 'POST'],
        ['/api/events', 'GET'],
        ['/api/nothing', 'GET']
      ] as const) {
        const answer = await ask(target, { method, headers, ...(method === 'POST' && { body: '{"name":"Evil"}' }) })
        expect([secret, target, answer.status]).toEqual([secret, target, 401])
      }
    }
    expect((await console.call('groups:list', {})).map(({ name }) => name)).toEqual(['Staff'])
  })

  it('finds the secret of the tab in no page and no file', async () => {
    const { ask, signIn, pageHeaders, tokenPath } = await startHost()
    const cookie = await signIn()
    const secret = pageHeaders['x-provision-tab'] ?? ''
    expect(secret).toMatch(/^[\w-]{43}$/)
    for (const target of [
      '/',
      tokenPath,
      '/?token=x',
      '/sign-in.js',
      '/api/sign-in',
      '/assets/index-1a2b.js',
      '/nothing'
    ]) {
      const { body, headers } = await ask(target, { headers: { ...pageHeaders, 'x-provision-tab': '', cookie } })
      expect(body + JSON.stringify(headers)).not.toContain(secret)
    }
  })

  it('is nobody after a restart, and so is the tab', async () => {
    const [before, after] = [await startHost(), await startHost()]
    const old = await before.signIn()
    const cookie = await after.signIn()
    const stale = { ...after.pageHeaders, 'x-provision-tab': before.pageHeaders['x-provision-tab'] ?? '' }
    const send = (headers: Record<string, string>) =>
      after.ask('/api/call/version:get', { method: 'POST', headers, body: '{}' })
    expect((await send({ ...stale, cookie })).status).toBe(401)
    const renamed = `provision-console-${after.port}=${old.split('=')[1]}`
    expect((await send({ ...after.pageHeaders, cookie: renamed })).status).toBe(401)
    expect((await send({ ...after.pageHeaders, cookie })).status).toBe(200)
  })
})

describe('requests of strangers', () => {
  it.each([
    'evil.example',
    'evil.example:PORT',
    '127.0.0.1',
    '127.0.0.1:1',
    '127.0.0.1.evil.example:PORT',
    'localhost.:PORT'
  ])('refuses the host %s, even with token or session (DNS rebinding)', async (name) => {
    const { ask, port, tokenPath, signIn } = await startHost()
    const host = name.replace('PORT', String(port))
    expect((await ask(tokenPath, { headers: { host } })).status).toBe(403)
    const cookie = await signIn()
    expect((await ask('/', { headers: { host, cookie } })).status).toBe(403)
  })

  it.each(['127.0.0.1', 'localhost', '[::1]'])('answers to the name %s', async (name) => {
    const { ask, port, signIn } = await startHost()
    const cookie = await signIn()
    expect((await ask('/', { headers: { host: `${name}:${port}`, cookie } })).status).toBe(200)
  })

  it('refuses calls without Origin or from another one, such as another port of this machine', async () => {
    const { ask, pageHeaders, signIn, console, port } = await startHost()
    const cookie = await signIn()
    const { origin: _own, ...noOrigin } = pageHeaders
    const headersOf = (extra: Record<string, string>) => ({ ...noOrigin, cookie, ...extra })
    const refused: Record<string, string>[] = [
      {},
      { 'sec-fetch-site': 'same-origin' },
      { origin: 'null' },
      { origin: 'http://evil.example' },
      { origin: `http://localhost:${port}` },
      { origin: 'http://127.0.0.1:1' },
      { origin: `https://127.0.0.1:${port}` },
      { origin: pageHeaders.origin, 'sec-fetch-site': 'cross-site' },
      { origin: pageHeaders.origin, 'sec-fetch-site': 'same-site' }
    ]
    for (const extra of refused) {
      const answer = await ask('/api/call/groups:add', {
        method: 'POST',
        headers: headersOf(extra),
        body: '{"name":"Evil"}'
      })
      expect([extra, answer.status]).toEqual([extra, 403])
    }
    expect((await console.call('groups:list', {})).map(({ name }) => name)).toEqual(['Staff'])
  })

  it('refuses a call without the header that only a script of the same origin can set', async () => {
    const { ask, pageHeaders, signIn } = await startHost()
    const cookie = await signIn()
    const { 'x-provision-console': _header, ...headers } = pageHeaders
    const answer = await ask('/api/call/version:get', { method: 'POST', headers: { ...headers, cookie }, body: '{}' })
    expect(answer.status).toBe(403)
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonp'])(
    'refuses the content type %s, which a form could send',
    async (type) => {
      const { ask, pageHeaders, signIn } = await startHost()
      const cookie = await signIn()
      const headers = { ...pageHeaders, cookie, 'content-type': type }
      expect((await ask('/api/call/version:get', { method: 'POST', headers, body: '{}' })).status).toBe(415)
    }
  )

  it('refuses the event stream to other origins and to those that do not say where they come from', async () => {
    const { ask, signIn } = await startHost()
    const cookie = await signIn()
    for (const extra of [{}, { origin: 'http://evil.example' }, { 'sec-fetch-site': 'same-site' }]) {
      expect((await ask('/api/events', { headers: { cookie, ...extra } })).status).toBe(403)
    }
  })

  it('sends no answer that allows another origin to read, not even to a preflight', async () => {
    const { ask, signIn } = await startHost()
    const headers = {
      cookie: await signIn(),
      origin: 'http://evil.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-provision-console'
    }
    const answer = await ask('/api/call/version:get', { method: 'OPTIONS', headers })
    expect(answer.status).toBe(403)
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })
})

describe('calls', () => {
  it('carries a call and its answer', async () => {
    const { call, signIn, console } = await startHost()
    const answer = await call('groups:add', { name: 'Sales' }, await signIn())
    expect(JSON.parse(answer.body)).toMatchObject({ ok: true, value: { name: 'Sales' } })
    expect((await console.call('groups:list', {})).map(({ name }) => name)).toContain('Sales')
  })

  it('carries bytes both ways', async () => {
    const { call, signIn, console } = await startHost()
    const cookie = await signIn()
    const content = { $bytes: Buffer.from('username,group\njdoe,Staff\n').toString('base64') }
    expect(JSON.parse((await call('users:import', { content }, cookie)).body)).toMatchObject({ value: { added: 1 } })
    const { body } = await call('qr:issue', { username: 'jdoe', format: 'png' }, cookie)
    const image = Buffer.from(JSON.parse(body).value.image.$bytes, 'base64')
    expect((await console.call('qr:decode', { image }))[0]?.username).toBe('jdoe')
  })

  it('acts under the name it was given', async () => {
    const { call, signIn, console } = await startHost()
    await console.call('users:add', { username: 'jdoe', group: 'Staff' })
    await call('codes:issue', { selection: { usernames: ['jdoe'] } }, await signIn())
    const { timeline } = await console.call('users:show', { username: 'jdoe' })
    expect(timeline.map(({ actor }) => actor)).toContain('anna (browser)')
  })

  it.each(['users:destroy', '__proto__', 'toString', 'x'.repeat(150), 'users%3Adestroy'])(
    'refuses the unlisted call %s and goes on',
    async (name) => {
      const { call, signIn } = await startHost()
      const cookie = await signIn()
      const refused = JSON.parse((await call(name, {}, cookie)).body)
      expect(refused).toMatchObject({ ok: false, error: { code: 'unknown-call' } })
      expect(JSON.parse((await call('version:get', {}, cookie)).body)).toMatchObject({ ok: true })
    }
  )

  it('refuses what is no JSON, and what the call does not take', async () => {
    const { ask, call, pageHeaders, signIn } = await startHost()
    const cookie = await signIn()
    const headers = { ...pageHeaders, cookie }
    for (const body of ['', '{', '{"$bytes":"%"}', '{"__proto__":{}}', Buffer.from([0xff, 0xfe])]) {
      const answer = await ask('/api/call/version:get', { method: 'POST', headers, body })
      expect([answer.status, JSON.parse(answer.body).error.code]).toEqual([400, 'invalid-input'])
    }
    const answer = await call('users:list', { limit: 'many' }, cookie)
    expect(JSON.parse(answer.body)).toMatchObject({ ok: false, error: { code: 'invalid-input' } })
  })

  it('refuses more than it takes at once', async () => {
    const { ask, pageHeaders, signIn } = await startHost({ bodyBytes: 1000 })
    const cookie = await signIn()
    const headers = { ...pageHeaders, cookie }
    const body = JSON.stringify({ name: 'x'.repeat(1000) })
    const answer = await ask('/api/call/groups:add', { method: 'POST', headers, body })
    expect(answer.status).toBe(413)
    expect(JSON.parse(answer.body)).toMatchObject({ ok: false, error: { code: 'invalid-input' } })
  })
})

describe('a call with a large file', () => {
  const csv = Buffer.from(`username,group\n${Array.from({ length: 100 }, (_, n) => `u${n},Staff`).join('\n')}\n`)

  it('is taken as it is, without base64', async () => {
    const { ask, pageHeaders, signIn } = await startHost()
    const cookie = await signIn()
    const headers = { ...pageHeaders, cookie, 'content-type': framesType }
    const body = Buffer.concat(encodeFrame({ content: csv, dryRun: true }))
    const answer = await ask('/api/call/users:import', {
      method: 'POST',
      headers: { ...headers, ...sizeOf(body) },
      body
    })
    expect(JSON.parse(answer.body)).toMatchObject({ ok: true, value: { added: 100 } })
  })

  it('is refused where it is too large, of unknown size, or written wrong', async () => {
    const { ask, pageHeaders, signIn } = await startHost({ uploadBytes: 1000 })
    const cookie = await signIn()
    const headers = { ...pageHeaders, cookie, 'content-type': framesType }
    const send = (more: Record<string, string>, body: Buffer) =>
      ask('/api/call/users:import', { method: 'POST', headers: { ...headers, ...more }, body })
    const large = Buffer.alloc(1001)
    expect((await send(sizeOf(large), large)).status).toBe(413)
    expect((await send({ 'transfer-encoding': 'chunked' }, csv)).status).toBe(400)
    const wrong = Buffer.from('no frame')
    expect((await send(sizeOf(wrong), wrong)).status).toBe(400)
    const other = { ...sizeOf(wrong), 'content-type': `${framesType}; charset=utf-8` }
    expect((await send(other, wrong)).status).toBe(415)
  })

  it('waits for no other: both together may not be larger than one, and one that breaks off makes room', async () => {
    const { ask, request, pageHeaders, signIn, console } = await startHost({ uploadBytes: 2000 })
    const cookie = await signIn()
    const headers = { ...pageHeaders, cookie, 'content-type': framesType }
    const body = Buffer.concat(encodeFrame({ content: csv, dryRun: true }))
    const send = () => ask('/api/call/users:import', { method: 'POST', headers: { ...headers, ...sizeOf(body) }, body })
    const slow = request('/api/call/users:import', {
      method: 'POST',
      headers: { ...headers, 'content-length': '1500' }
    })
    slow.on('error', () => undefined)
    slow.write('half')
    await expect.poll(async () => (await send()).status).toBe(503)
    slow.destroy()
    await expect.poll(async () => (await send()).status).toBe(200)
    expect(console.log.lines.filter((line) => line.startsWith('error'))).toEqual([])
  })
})

describe('files', () => {
  it('serves what was built, with its type and no guessing', async () => {
    const { ask, signIn } = await startHost()
    const { status, headers, body } = await ask('/assets/index-1a2b.js', { headers: { cookie: await signIn() } })
    expect([status, body]).toEqual([200, 'start()'])
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8')
    expect(headers['x-content-type-options']).toBe('nosniff')
  })

  it.each([
    '/../secret.js',
    '/assets/../../secret.js',
    '/%2e%2e/secret.js',
    '/..%2fsecret.js',
    '/..%5csecret.js',
    '/assets/%252e%252e/%252e%252e/secret.js',
    '//secret.js',
    '/%00',
    '/assets',
    '/%zz'
  ])('does not find %s', async (target) => {
    const { ask, signIn } = await startHost()
    const { status, body } = await ask(target, { headers: { cookie: await signIn() } })
    expect(status).toBe(404)
    expect(body).not.toContain('secret')
  })
})

describe('events', () => {
  async function listen(host: Awaited<ReturnType<typeof startHost>>) {
    const cookie = await host.signIn()
    const headers = { ...host.pageHeaders, cookie, 'sec-fetch-site': 'same-origin' }
    const sent = host.request('/api/events', { headers })
    sent.on('error', () => undefined)
    sent.end()
    const [response] = (await once(sent, 'response')) as [http.IncomingMessage]
    response.on('error', () => undefined)
    response.setEncoding('utf8')
    let text = ''
    response.on('data', (chunk: string) => (text += chunk))
    const expectText = async (part: string) => {
      while (!text.includes(part)) await once(response, 'data')
    }
    return { sent, response, expectText }
  }

  it('streams what changes, whoever changed it', async () => {
    const host = await startHost()
    const { response, expectText } = await listen(host)
    expect(response.headers['content-type']).toBe('text/event-stream; charset=utf-8')
    await expectText(': listening\n\n')
    await host.console.call('groups:add', { name: 'Sales' })
    await expectText('event: groups-changed\ndata: {}\n\n')
  })

  it('sends a sign of life while nothing changes', async () => {
    const { expectText } = await listen(await startHost({ heartbeatMs: 10 }))
    await expectText('\n\n:\n\n:\n\n')
  })

  it('stops listening to the console once the browser is gone', async () => {
    const host = await startHost()
    const subscribed: (() => void)[] = []
    let ended = 0
    const { subscribe } = host.console
    host.console.subscribe = (listener) => {
      const unsubscribe = subscribe(listener)
      subscribed.push(unsubscribe)
      return () => {
        ended++
        unsubscribe()
      }
    }
    const { sent, expectText } = await listen(host)
    await expectText('listening')
    expect([subscribed.length, ended]).toEqual([1, 0])
    sent.destroy()
    await expect.poll(() => ended).toBe(1)
  })

  it('cuts off a browser that does not read', async () => {
    const host = await startHost({ unreadBytes: 1000, heartbeatMs: 5 })
    const cookie = await host.signIn()
    const socket = net.connect(host.port, '127.0.0.1')
    const closed = once(socket, 'close')
    socket.on('error', () => undefined)
    socket.pause()
    socket.write(
      `GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nSec-Fetch-Site: same-origin\r\nX-Provision-Tab: ${host.pageHeaders['x-provision-tab']}\r\nCookie: ${cookie}\r\n\r\n`
    )
    let publish: Parameters<typeof host.console.subscribe>[0] | undefined
    host.console.subscribe = (listener) => {
      publish = listener
      return () => undefined
    }
    await expect.poll(() => publish !== undefined).toBe(true)
    // More than the system's own buffers hold between the two.
    for (let sent = 0; sent < 2000; sent++)
      publish?.('task-progress', { taskId: 'x'.repeat(10_000), done: 0, total: 0 })
    socket.resume()
    await closed
  })

  it('ends the stream when the host closes', async () => {
    const host = await startHost()
    const { response, expectText } = await listen(host)
    await expectText('listening')
    const ended = once(response, 'end')
    await host.host.close()
    await expect(ended).resolves.toEqual([])
  })
})

describe('the port', () => {
  it('says that it is taken', async () => {
    const [one, other] = [await startHost(), await startHost()]
    await other.host.close()
    const { createBrowserHost } = await import('../../../src/main/host/browser-host.ts')
    const third = createBrowserHost({
      console: one.console,
      files: { answer: async () => ({ status: 404, headers: {}, body: Buffer.alloc(0) }) },
      log: one.console.log,
      actor: 'anna'
    })
    await expect(third.listen({ port: one.port })).rejects.toMatchObject({ code: 'port-taken' })
    await expect(third.listen({ port: 0 })).resolves.toMatchObject({ port: expect.any(Number) })
    await third.close()
  })

  it('is one of loopback only', async () => {
    const { url } = await startHost()
    expect(new URL(url).hostname).toBe('127.0.0.1')
  })
})

describe('strangers on this machine', () => {
  /** Connections over which nothing is said; settles once the host has closed all but so many. */
  const saySilence = (port: number, { opened, kept }: { opened: number; kept: number }) =>
    new Promise<void>((resolve) => {
      let closed = 0
      for (let number = 0; number < opened; number++) {
        const socket = net.connect(port, '127.0.0.1').on('error', () => undefined)
        // One that is closed is told of it only where its end is read.
        socket.resume().once('close', () => ++closed === opened - kept && resolve())
        onTestFinished(() => void socket.destroy())
      }
    })

  it('who say nothing keep nobody else out', async () => {
    const { ask, tokenPath, port } = await startHost({ connections: 4 })
    await saySilence(port, { opened: 20, kept: 4 })
    expect((await ask(tokenPath)).status).toBe(200)
  })

  it('who say nothing are thrown out', async () => {
    const { port } = await startHost({ headersTimeoutMs: 100, checkIntervalMs: 20 })
    await expect(saySilence(port, { opened: 20, kept: 0 })).resolves.toBeUndefined()
  })

  it('who name two hosts are refused', async () => {
    const { port } = await startHost()
    const socket = net.connect(port, '127.0.0.1')
    socket.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`)
    let text = ''
    for await (const chunk of socket) text += String(chunk)
    expect(text).toMatch(/^HTTP\/1\.1 400 /)
  })
})
