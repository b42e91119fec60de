import { connect, createServer as createTcpServer, type AddressInfo, type Server } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { stepTimeoutMs } from '../../../src/main/diagnostics/probe.ts'
import { provisionReferenceApp } from '../../../src/main/diagnostics/reference-app.ts'
import { createPortal } from '../../../src/main/portal/portal.ts'
import type { Cause, CauseId, Symptom } from '../../../src/shared/diagnostics.ts'
import { createAuthority, createSelfSigned, trust, type ServerCertificate } from '../../support/certificates.ts'
import { transportTo } from '../../support/mail-console.ts'
import { openSmtpSink } from '../../support/smtp-sink.ts'
import { createTestClock, openTestConsole, type TestConsole } from '../../support/console.ts'
import { freePort } from '../../support/free-port.ts'

/** A server as it runs in a house where all is well, over plain HTTP. */
interface Healthy {
  console: TestConsole
  port: number
  stopPortal: () => Promise<void>
  set(changes: Record<string, unknown>): Promise<unknown>
  issue(username?: string): Promise<{ code: string; url: string }>
  /** What the user's app does with what it scanned. */
  scan(url: string): Promise<unknown>
}

async function startHealthy(startMs = Date.now()): Promise<Healthy> {
  const console = await openTestConsole({ clock: createTestClock(startMs) })
  const portal = createPortal(console.portal)
  let isStopped = false
  const stopPortal = async () => {
    if (!isStopped) await portal.close()
    isStopped = true
  }
  onTestFinished(stopPortal)
  const { port } = await portal.listen({ host: '127.0.0.1', port: 0 })
  const set = (changes: Record<string, unknown>) => console.call('settings:set', { changes })
  await set({ 'server.host': '127.0.0.1', 'server.port': port, 'server.usesSsl': false, 'portal.port': port })
  await console.call('users:add', { username: 'ada', group: 'Staff' })
  return {
    console,
    port,
    stopPortal,
    set,
    async issue(username = 'ada') {
      const { issued } = await console.call('codes:issue', { selection: { usernames: [username] }, reveal: true })
      return { code: issued[0]?.code ?? '', url: issued[0]?.url ?? '' }
    },
    scan: (url) => provisionReferenceApp(url)
  }
}

/** Forwards connections to the portal behind TLS, and optionally answers none of some paths, as a proxy does. */
async function startTlsProxy(portalPort: number, certificate: ServerCertificate): Promise<number> {
  const server = createTlsServer(certificate, (client) => {
    const portal = connect({ host: '127.0.0.1', port: portalPort })
    client.pipe(portal).pipe(client)
    for (const socket of [client, portal]) socket.on('error', () => [client, portal].forEach((each) => each.destroy()))
  })
  server.on('tlsClientError', () => undefined)
  return listen(server)
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

const authority = await createAuthority()
trust(authority)

async function behindTls(healthy: Healthy, certificate: ServerCertificate, changes: Record<string, unknown> = {}) {
  const port = await startTlsProxy(healthy.port, certificate)
  await healthy.set({ 'server.port': port, 'server.usesSsl': true, ...changes })
}

/** How each fault is made, what the caller reads from the phone, the cause to be named first, and where its button leads. */
interface Fault {
  name: string
  symptom: Symptom
  cause: CauseId
  cure: Partial<Record<string, unknown>>
  username?: string
  breakIt: (healthy: Healthy) => Promise<unknown>
}

const issueToAda = { kind: 'user', act: 'issue', username: 'ada' }

const faults: Fault[] = [
  {
    name: 'the Site ID was changed after the code was sent',
    symptom: 'unknown-server-id',
    cause: 'site-id-changed',
    cure: issueToAda,
    async breakIt({ issue, set, scan, console }) {
      const { url } = await issue()
      console.clock.advance(60_000)
      await set({ 'server.siteId': 4711 })
      expect(await scan(url)).toMatchObject({ error: 'unknown-server-id' })
    }
  },
  {
    name: 'a portal over another data folder answers at the address',
    symptom: 'unknown-server-id',
    cause: 'site-id-foreign',
    cure: { kind: 'setting', key: 'server.siteId' },
    async breakIt({ set }) {
      const other = await startHealthy()
      await set({ 'server.port': other.port })
    }
  },
  {
    name: 'the port is wrong',
    symptom: 'server-connection',
    cause: 'port-wrong',
    cure: { kind: 'setting', key: 'server.port' },
    breakIt: async ({ set }) => set({ 'server.port': await freePort() })
  },
  {
    name: 'the portal is down',
    symptom: 'server-connection',
    cause: 'portal-down',
    cure: { kind: 'screen', screen: 'portal' },
    breakIt: ({ stopPortal }) => stopPortal()
  },
  {
    name: 'the name is not in the DNS',
    symptom: 'server-connection',
    cause: 'name-unresolved',
    cure: { kind: 'setting', key: 'server.host' },
    breakIt: ({ set }) => set({ 'server.host': 'no-such-host.invalid' })
  },
  {
    name: 'the certificate has expired',
    symptom: 'server-connection',
    cause: 'certificate-expired',
    cure: { kind: 'screen', screen: 'portal' },
    async breakIt(healthy) {
      const validToMs = Date.now() - 3_600_000
      await behindTls(healthy, await authority.issue({ host: '127.0.0.1', validToMs }))
    }
  },
  {
    name: 'the certificate is for another host',
    symptom: 'server-connection',
    cause: 'certificate-name',
    cure: { kind: 'screen', screen: 'portal' },
    breakIt: async (healthy) => behindTls(healthy, await authority.issue({ host: 'old.example.com' }))
  },
  {
    name: 'the certificate is self-signed',
    symptom: 'server-connection',
    cause: 'certificate-self-signed',
    cure: { kind: 'screen', screen: 'portal' },
    breakIt: async (healthy) => behindTls(healthy, await createSelfSigned('127.0.0.1'))
  },
  {
    name: 'the certificate is of an authority that nobody knows',
    symptom: 'server-connection',
    cause: 'certificate-untrusted',
    cure: { kind: 'screen', screen: 'portal' },
    breakIt: async (healthy) => behindTls(healthy, await (await createAuthority()).issue({ host: '127.0.0.1' }))
  },
  {
    name: 'phones are told to use HTTPS where plain HTTP answers',
    symptom: 'server-connection',
    cause: 'scheme-wrong',
    cure: { kind: 'setting', key: 'server.usesSsl' },
    breakIt: ({ set }) => set({ 'server.usesSsl': true })
  },
  {
    name: 'phones are told to use plain HTTP where HTTPS answers',
    symptom: 'server-connection',
    cause: 'scheme-wrong',
    cure: { kind: 'setting', key: 'server.usesSsl' },
    async breakIt(healthy) {
      await behindTls(healthy, await authority.issue({ host: '127.0.0.1' }), { 'server.usesSsl': false })
    }
  },
  {
    name: 'the connection type is none that the proxy before the portal passes on',
    symptom: 'server-connection',
    cause: 'connection-type-wrong',
    cure: { kind: 'setting', key: 'server.connectionType' },
    async breakIt({ set, port }) {
      const proxy = await startPathProxy(port, /^(POST|GET) \/(ssdserver|userportal|proxy)\//)
      await set({ 'server.port': proxy, 'server.connectionType': 'pinsafe' })
    }
  },
  {
    name: 'the address is a private one that is not reached from elsewhere',
    symptom: 'server-connection',
    cause: 'address-private',
    cure: { kind: 'setting', key: 'server.host' },
    breakIt: async ({ set }) => set({ 'server.host': '10.255.255.1', 'server.port': await freePort() })
  },
  {
    name: 'the user is missing',
    symptom: 'invalid-username',
    cause: 'user-unknown',
    cure: { kind: 'add-user', username: 'eve' },
    username: 'eve',
    breakIt: async () => undefined
  },
  {
    name: 'the user was removed',
    symptom: 'reprovision-url',
    cause: 'user-unknown',
    cure: { kind: 'add-user', username: 'ada' },
    breakIt: ({ console }) => console.call('users:remove', { selection: { usernames: ['ada'] } })
  },
  {
    name: 'self-service is off',
    symptom: 'reprovision-url',
    cause: 'self-service-off',
    cure: { kind: 'setting', key: 'policy.selfReset.selfService' },
    breakIt: ({ issue }) => issue()
  },
  {
    name: 'the group may not provision itself',
    symptom: 'reprovision-url',
    cause: 'no-self-provision-right',
    cure: { kind: 'group', group: 'Staff' },
    async breakIt({ issue, set }) {
      await set({ 'policy.selfReset.selfService': true })
      await issue()
    }
  },
  {
    name: 'the user is disabled',
    symptom: 'invalid-username',
    cause: 'user-disabled',
    cure: { kind: 'user', act: 'enable', username: 'ada' },
    async breakIt({ console, issue, scan }) {
      const { url } = await issue()
      await console.call('users:disable', { selection: { usernames: ['ada'] } })
      expect(await scan(url)).toMatchObject({ error: 'invalid-username' })
    }
  },
  {
    name: 'the name was mistyped',
    symptom: 'invalid-username',
    cause: 'name-mistyped',
    cure: issueToAda,
    async breakIt({ issue, scan }) {
      const { url } = await issue()
      expect(await scan(url.replace('/ada/', '/adda/'))).toMatchObject({ error: 'invalid-username' })
    }
  },
  {
    name: 'the user is locked',
    symptom: 'invalid-provision-code',
    cause: 'user-locked',
    cure: { kind: 'user', act: 'unlock', username: 'ada' },
    async breakIt({ issue, scan, set }) {
      await set({ 'policy.codes.perAddressPerMinute': 0 })
      const { url } = await issue()
      for (let wrong = 0; wrong < 5; wrong++) await scan(url.replace(/.{10}$/, 'ZZZZZZZZZZ'))
      expect(await scan(url)).toMatchObject({ error: 'invalid-provision-code' })
    }
  },
  {
    name: 'the group has no Mobile Client right',
    symptom: 'downloading-security-strings',
    cause: 'no-mobile-client-right',
    cure: { kind: 'user', act: 'change-group', username: 'ada' },
    async breakIt({ console, issue, scan }) {
      await console.call('groups:set', { name: 'Staff', change: { mobileClient: false } })
      expect(await scan((await issue()).url)).toMatchObject({ error: 'downloading-security-strings' })
    }
  },
  {
    name: 'the code has been used',
    symptom: 'invalid-provision-code',
    cause: 'code-used',
    cure: issueToAda,
    async breakIt({ issue, scan }) {
      const { url } = await issue()
      await scan(url)
      expect(await scan(url)).toMatchObject({ error: 'invalid-provision-code' })
    }
  },
  {
    name: 'the code has expired',
    symptom: 'invalid-provision-code',
    cause: 'code-expired',
    cure: issueToAda,
    async breakIt({ console, scan }) {
      const { issued } = await console.call('codes:issue', {
        selection: { usernames: ['ada'] },
        reveal: true,
        validForMs: 60_000
      })
      console.clock.advance(61_000)
      expect(await scan(issued[0]?.url ?? '')).toMatchObject({ error: 'invalid-provision-code' })
    }
  },
  {
    name: 'the code has expired and nobody has tried it',
    symptom: 'invalid-provision-code',
    cause: 'code-expired',
    cure: issueToAda,
    async breakIt({ console }) {
      await console.call('codes:issue', { selection: { usernames: ['ada'] }, validForMs: 60_000 })
      console.clock.advance(61_000)
    }
  },
  {
    name: 'the code has been superseded',
    symptom: 'invalid-provision-code',
    cause: 'code-superseded',
    cure: issueToAda,
    async breakIt({ issue, scan, console }) {
      const { url } = await issue()
      console.clock.advance(60_000)
      await issue()
      expect(await scan(url)).toMatchObject({ error: 'invalid-provision-code' })
    }
  },
  {
    name: 'the code has been withdrawn',
    symptom: 'invalid-provision-code',
    cause: 'code-withdrawn',
    cure: issueToAda,
    async breakIt({ issue, scan, console }) {
      const { url } = await issue()
      await console.call('codes:withdraw', { selection: { usernames: ['ada'] } })
      expect(await scan(url)).toMatchObject({ error: 'invalid-provision-code' })
    }
  },
  {
    name: 'the code was mistyped',
    symptom: 'invalid-provision-code',
    cause: 'code-mistyped',
    cure: issueToAda,
    async breakIt({ issue, scan }) {
      const { url } = await issue()
      expect(await scan(url.replace(/.{10}$/, 'ZZZZZZZZZZ'))).toMatchObject({ error: 'invalid-provision-code' })
    }
  },
  {
    name: 'the clock jumped ahead by 25 hours and was set back',
    symptom: 'invalid-provision-code',
    cause: 'clock-wrong',
    cure: { kind: 'set-time-right' },
    async breakIt({ issue, scan, console }) {
      const { url } = await issue()
      console.clock.advance(25 * 3_600_000)
      await console.call('settings:set', { changes: { 'server.name': 'Later' } })
      console.clock.advance(-25 * 3_600_000)
      expect(await scan(url)).toMatchObject({ error: 'invalid-provision-code' })
    }
  },
  {
    name: 'the clock is 25 hours ahead of the world’s',
    symptom: 'invalid-provision-code',
    cause: 'clock-wrong',
    cure: { kind: 'elsewhere' },
    async breakIt({ issue, scan, console }) {
      const { url } = await issue()
      console.clock.advance(25 * 3_600_000)
      expect(await scan(url)).toMatchObject({ error: 'invalid-provision-code' })
    }
  },
  {
    name: 'the address was changed after the code was sent, and the phone still asks the old one',
    symptom: 'server-connection',
    cause: 'address-changed',
    cure: issueToAda,
    async breakIt({ issue, set, console, port }) {
      await set({ 'server.host': 'localhost' })
      await issue()
      console.clock.advance(60_000)
      await set({ 'server.host': '127.0.0.1', 'server.port': port })
    }
  }
]

const mailFaults: Fault[] = [
  {
    name: 'the template holds no url4',
    symptom: 'mail-image',
    cause: 'template-without-code',
    cure: { kind: 'screen', screen: 'transport' },
    async breakIt({ console }) {
      await console.call('templates:set', { kind: 'code', subject: 'Code', html: '<p>url3</p>', text: null })
    }
  },
  {
    name: 'HTML is off',
    symptom: 'mail-image',
    cause: 'html-off',
    cure: { kind: 'screen', screen: 'transport' },
    breakIt: ({ set }) => set({ 'transport.default.html': false })
  },
  {
    name: 'the mail server refuses the sender',
    symptom: 'mail-image',
    cause: 'sender-refused',
    cure: { kind: 'screen', screen: 'transport' },
    async breakIt({ set }) {
      const sink = await openSmtpSink({ mail: () => '550 sender not allowed' })
      await set({ 'transport.default.port': sink.port })
    }
  },
  {
    name: 'no mail server is set',
    symptom: 'mail-image',
    cause: 'transport-missing',
    cure: { kind: 'screen', screen: 'transport' },
    breakIt: ({ set }) => set({ 'transport.default.host': null })
  },
  {
    name: 'the user has no mail address',
    symptom: 'mail-image',
    cause: 'mail-no-address',
    cure: { kind: 'user', act: 'open', username: 'bob' },
    username: 'bob',
    breakIt: ({ console }) => console.call('users:add', { username: 'bob', group: 'Staff' })
  },
  {
    name: 'the QR Code URL leads to a wrong path',
    symptom: 'mail-image',
    cause: 'qr-url-wrong',
    cure: { kind: 'setting', key: 'policy.selfReset.qrCodeUrl' },
    breakIt: ({ set, port }) =>
      set({
        'transport.default.qrImage': 'linked',
        'policy.selfReset.qrCodeUrl': `http://127.0.0.1:${port}/userportall/getQRCode?text=`
      })
  },
  {
    name: 'the host of the QR Code URL is private',
    symptom: 'mail-image',
    cause: 'address-private',
    cure: { kind: 'setting', key: 'policy.selfReset.qrCodeUrl' },
    async breakIt({ set }) {
      const host = `10.255.255.1:${await freePort()}`
      await set({
        'transport.default.qrImage': 'linked',
        'policy.selfReset.qrCodeUrl': `https://${host}/userportal/getQRCode?text=`
      })
    }
  }
]

/** Passes on what matches and answers everything else with 404, as a proxy that was set up for some paths does. */
async function startPathProxy(portalPort: number, passes: RegExp): Promise<number> {
  const server = createTcpServer((client) => {
    client.on('error', () => client.destroy())
    client.once('data', (first: Buffer) => {
      if (!passes.test(first.toString('latin1'))) {
        client.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
        return
      }
      const portal = connect({ host: '127.0.0.1', port: portalPort })
      portal.on('error', () => client.destroy())
      portal.write(first)
      client.pipe(portal).pipe(client)
    })
  })
  return listen(server)
}

describe('each known fault', () => {
  it.each(mailFaults)(
    'of the mail is named first when $name',
    async ({ symptom, cause, cure, username = 'ada', breakIt }) => {
      const healthy = await startHealthy()
      const sink = await openSmtpSink()
      await healthy.set(transportTo(sink.port))
      await healthy.console.call('users:set', { username: 'ada', change: { email: 'ada@example.com' } })
      await breakIt(healthy)
      const { causes } = await healthy.console.call('diagnostics:explain', { symptom, username })
      expect([causes[0]?.id, causes.map(({ id }) => id)]).toEqual([cause, expect.anything()])
      expect(causes[0]?.cure).toMatchObject(cure)
    }
  )

  it.each(faults)('is named first when $name', async ({ symptom, cause, cure, username = 'ada', breakIt }) => {
    const healthy = await startHealthy()
    await breakIt(healthy)
    const { causes } = await healthy.console.call('diagnostics:explain', { symptom, username })
    const [first] = causes
    expect([first?.id, causes.map(({ id }) => id)]).toEqual([cause, expect.anything()])
    expect(first?.cure).toMatchObject(cure)
    expect(first?.sentence).toMatch(/^[\p{Lu}\p{L}\d].*\.$/u)
  })
})

describe('a server and a user where all is well', () => {
  const certain = (causes: Cause[]) => causes.filter(({ weight }) => weight === 'fault').map(({ id }) => id)

  it('are not blamed, and being the phone leaves nothing behind but entries in the log', async () => {
    const { console, issue } = await startHealthy()
    await issue()
    const before = await contents(console)
    const run = await console.call('diagnostics:bePhone', {})
    expect(run.steps.map(({ step, outcome }) => [step, outcome])).toEqual(
      ['dns', 'tcp', 'server-details', 'ping', 'provision', 'security-strings', 'policies'].map((step) => [
        step,
        'passed'
      ])
    )
    expect([run.ok, run.appShows, certain(run.causes)]).toEqual([true, null, []])
    expect(await contents(console)).toEqual(before)
    for (const symptom of [
      'server-connection',
      'unknown-server-id',
      'invalid-username',
      'invalid-provision-code'
    ] as const) {
      const { causes } = await console.call('diagnostics:explain', { symptom, username: 'ada' })
      expect([symptom, certain(causes)]).toEqual([symptom, []])
      expect(causes.length).toBeGreaterThan(0)
    }
    expect(await console.call('diagnostics:checkUser', { username: 'ada' })).toEqual([])
    expect((await console.call('log:verify', {})).brokenRow).toBeNull()
  })

  it('are well behind TLS too, and a self-signed certificate is refused while the rest of the way is shown', async () => {
    const healthy = await startHealthy()
    await behindTls(healthy, await authority.issue({ host: '127.0.0.1' }))
    const good = await healthy.console.call('diagnostics:bePhone', {})
    expect([good.ok, good.steps.find(({ step }) => step === 'tls')?.outcome]).toEqual([true, 'passed'])
    await behindTls(healthy, await createSelfSigned('127.0.0.1'))
    const refused = await healthy.console.call('diagnostics:bePhone', {})
    expect([refused.ok, refused.appShows]).toEqual([false, 'Error Server Connection'])
    expect(refused.steps.map(({ step, outcome }) => [step, outcome])).toContainEqual(['tls', 'failed'])
    expect(refused.steps.at(-1)).toMatchObject({ step: 'policies', outcome: 'passed' })
    const shown = refused.steps.find(({ step }) => step === 'tls')?.certificates
    expect(shown).toMatchObject([{ isSelfSigned: true, names: ['IP Address:127.0.0.1'] }])
  })

  it('make no user where the server is not reached, and delete one that a killed check left', async () => {
    const { console, stopPortal } = await startHealthy(Date.now() - 11 * 60_000)
    await console.call('users:add', { username: `provision-test-${'0'.repeat(24)}`, group: 'Staff' })
    console.clock.advance(11 * 60_000)
    expect((await console.call('diagnostics:bePhone', {})).ok).toBe(true)
    expect((await console.call('users:list', {})).users.map(({ username }) => username)).toEqual(['ada'])
    await stopPortal()
    const entries = async () => (await console.call('log:list', { limit: 500 })).entries.length
    const before = await entries()
    expect(await console.call('diagnostics:bePhone', {})).toMatchObject({
      ok: false,
      appShows: 'Error Server Connection'
    })
    expect(await entries()).toBe(before)
  })
})

describe('a check that runs as a task', () => {
  it('tells each step as it is taken, without what went over the wire', async () => {
    const { console } = await startHealthy()
    const told: unknown[] = []
    onTestFinished(console.subscribe((name, data) => name === 'check-progress' && told.push(data)))
    const { steps } = await console.call('diagnostics:bePhone', { taskId: 'check' })
    expect(told).toEqual(
      steps.map(({ step, outcome, durationMs, sentence }) => ({
        taskId: 'check',
        step: { step, outcome, durationMs, sentence }
      }))
    )
  })

  it('tells of the step that fails', async () => {
    const { console, set } = await startHealthy()
    const other = await startHealthy()
    await set({ 'server.port': other.port })
    const told: string[] = []
    onTestFinished(
      console.subscribe((name, data) => {
        if (name === 'check-progress' && 'step' in data) told.push(`${data.step.step} ${data.step.outcome}`)
      })
    )
    await console.call('diagnostics:explain', { symptom: 'unknown-server-id', taskId: 'check' })
    expect(told).toEqual(['dns passed', 'tcp passed', 'server-details failed'])
  })

  it('ends at once when it is cancelled, and leaves no user behind', async () => {
    const { console, set, port } = await startHealthy()
    const [proxy, isProvisioning] = await startProxyThatHangsAtProvisioning(port)
    await set({ 'server.port': proxy })
    const run = console.call('diagnostics:bePhone', { taskId: 'check' })
    await isProvisioning
    const startedMs = performance.now()
    await console.call('tasks:cancel', { taskId: 'check' })
    await expect(run).rejects.toMatchObject({ code: 'cancelled' })
    expect(performance.now() - startedMs).toBeLessThan(stepTimeoutMs)
    expect((await console.call('users:list', {})).users.map(({ username }) => username)).toEqual(['ada'])
  })
})

/** Passes everything on but an app's attempt to provision, to which nothing is ever answered. */
async function startProxyThatHangsAtProvisioning(portalPort: number): Promise<[port: number, reached: Promise<void>]> {
  let tell = () => {}
  const reached = new Promise<void>((resolve) => (tell = resolve))
  const server = createTcpServer((client) => {
    client.on('error', () => client.destroy())
    const portal = connect({ host: '127.0.0.1', port: portalPort })
    portal.on('error', () => client.destroy())
    portal.pipe(client)
    client.on('data', (piece: Buffer) => {
      if (piece.includes('<Action>provision</Action>')) tell()
      else portal.write(piece)
    })
    client.on('close', () => portal.destroy())
  })
  return [await listen(server), reached]
}

describe('the test of an address', () => {
  it.each([
    ['provisioningUrl', 'text/html; charset=utf-8'],
    ['settingsUrl', 'text/html; charset=utf-8'],
    ['completeUrl', 'text/html; charset=utf-8'],
    ['qrCodeUrl', 'image/png']
  ] as const)('finds the portal’s %s well and leaves nothing behind', async (link, contentType) => {
    const { console, issue } = await startHealthy()
    await issue()
    const before = await contents(console)
    const tested = await console.call('diagnostics:testLink', { link })
    expect([tested.ok, tested.contentType]).toEqual([true, contentType])
    expect(tested.steps.map(({ step, outcome }) => [step, outcome])).toEqual(
      ['dns', 'tcp', 'http'].map((step) => [step, 'passed'])
    )
    // What came is told by its kind and its size alone.
    expect(tested.steps.at(-1)?.response).toMatch(/^200\ncontent-type: [^\n]+\n\n\(\d+ bytes\)$/)
    expect(tested.decoded).toEqual(link === 'qrCodeUrl' ? expect.stringContaining('/provision-test-') : null)
    expect(await contents(console)).toEqual(before)
  })

  it('says what mail readers make of a picture behind plain HTTP at a loopback address', async () => {
    const { console } = await startHealthy()
    const { ok, causes } = await console.call('diagnostics:testLink', { link: 'qrCodeUrl' })
    expect([ok, causes.map(({ id }) => id)]).toEqual([true, ['address-loopback', 'qr-url-plain', 'picture-blocked']])
  })

  it('asks no other server in the house than its own portal, and shows nothing of what is there', async () => {
    const { console, set } = await startHealthy()
    const other = await startHealthy()
    for (const host of [
      `127.0.0.1:${other.port}`,
      `localhost:${other.port}`,
      `0.0.0.0:${other.port}`,
      `[::ffff:127.0.0.1]:${other.port}`
    ]) {
      await set({ 'policy.selfReset.qrCodeUrl': `http://${host}/userportal/getQRCode?text=` })
      const { ok, causes, steps } = await console.call('diagnostics:testLink', { link: 'qrCodeUrl' })
      expect([host, ok, steps.map(({ step }) => step)]).toEqual([host, false, ['dns']])
      expect(causes.find(({ id }) => id === 'qr-url-wrong')?.cure).toEqual({
        kind: 'setting',
        key: 'policy.selfReset.qrCodeUrl'
      })
    }
  })
})

async function contents(console: TestConsole) {
  return {
    users: await console.call('users:list', {}),
    codes: await console.call('codes:list', {}),
    groups: await console.call('groups:list', {}),
    settings: await console.call('settings:list', {})
  }
}
