import { randomBytes } from 'node:crypto'
import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { get, type RequestOptions } from 'node:https'
import net from 'node:net'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { connect, type ConnectionOptions, type PeerCertificate } from 'node:tls'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { selfSignedCertificate } from '../../../src/main/portal/certificate.ts'
import { defaultPortalLimits } from '../../../src/main/portal/limits.ts'
import { createAuthority, createSelfSigned, type ServerCertificate } from '../../support/certificates.ts'
import { createTestFolder, openTestConsole, type TestConsole } from '../../support/console.ts'
import { freePort } from '../../support/free-port.ts'
import { startPortalProcess } from '../../support/portal-process.ts'
import { refusalOf } from '../../support/refusal.ts'

const start = (console: TestConsole, port = 0) => console.portalRunner.start({ host: '127.0.0.1', port })

/** What a client sees that trusts nobody but whom it is told to. */
function shakeHands(
  port: number,
  options: ConnectionOptions = {}
): Promise<{ protocol: string | null; peer: PeerCertificate }> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options }, () => {
      resolve({ protocol: socket.getProtocol(), peer: socket.getPeerCertificate() })
      socket.destroy()
    })
    socket.on('error', reject)
  })
}

/** Certificate and key files, as an administrator has them. */
function writeFiles({ cert, key }: ServerCertificate): { certificateFile: string; keyFile: string } {
  const folder = createTestFolder()
  const files = { certificateFile: path.join(folder, 'portal.crt'), keyFile: path.join(folder, 'portal.key') }
  writeFileSync(files.certificateFile, cert)
  writeFileSync(files.keyFile, key)
  return files
}

const makeFiles = async (name: string) => writeFiles(await createSelfSigned(name))

function headerOf(options: RequestOptions): Promise<unknown> {
  return new Promise((resolve, reject) => {
    get({ ...options, agent: false }, (answer) => {
      answer.resume()
      resolve(answer.headers['strict-transport-security'])
    }).on('error', reject)
  })
}

const useFiles = (console: TestConsole, files: { certificateFile: string; keyFile: string }) =>
  console.call('settings:set', {
    changes: { 'portal.certificateFile': files.certificateFile, 'portal.keyFile': files.keyFile }
  })

describe('the portal over TLS', () => {
  it('shows itself on its first start with a certificate of its own for the configured host', async () => {
    const console = await openTestConsole()
    const { url, port } = await start(console)
    expect(url).toBe(`https://127.0.0.1:${port}`)
    const { protocol, peer } = await shakeHands(port)
    expect([protocol, peer.subjectaltname]).toEqual(['TLSv1.3', 'IP Address:127.0.0.1'])
    const file = path.join(console.folder, 'tls', 'self-signed.pem')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const { state, certificate } = await console.call('portal:get', {})
    expect(state).toBe('running')
    expect(certificate).toMatchObject({
      source: 'self-signed',
      isSelfSigned: true,
      names: ['127.0.0.1'],
      fingerprint: peer.fingerprint256
    })
  })

  it('takes a client that offers nothing but HTTP/1.0', async () => {
    const { port } = await start(await openTestConsole())
    await expect(shakeHands(port, { ALPNProtocols: ['http/1.0'] })).resolves.toMatchObject({ protocol: 'TLSv1.3' })
  })

  it('keeps its certificate over a restart, and makes another for another host or shortly before its end', async () => {
    const folder = createTestFolder()
    const nowMs = Date.now()
    const first = await selfSignedCertificate(folder, ['portal.example.com', '::1'], nowMs)
    const print = async (names: string[], atMs: number) =>
      (await selfSignedCertificate(folder, names, atMs)).info.fingerprint
    expect(await print(['portal.example.com', '0:0:0:0:0:0:0:1'], nowMs + 86_400_000)).toBe(first.info.fingerprint)
    const other = await print(['portal.example.com'], nowMs)
    expect(other).not.toBe(first.info.fingerprint)
    expect(await print(['portal.example.com'], nowMs + 370 * 86_400_000)).not.toBe(other)
    writeFileSync(path.join(folder, 'tls', 'self-signed.pem'), 'damaged')
    expect((await selfSignedCertificate(folder, ['a.example'], nowMs)).info.names).toEqual(['a.example'])
  })

  it('speaks nothing older than TLS 1.2, and 1.2 only with forward secrecy', async () => {
    const { port } = await start(await openTestConsole())
    await expect(
      shakeHands(port, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })
    ).rejects.toThrow(/alert|protocol/i)
    expect((await shakeHands(port, { maxVersion: 'TLSv1.2' })).protocol).toBe('TLSv1.2')
    await expect(shakeHands(port, { maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA' })).rejects.toThrow(/alert|cipher/i)
  })

  it('takes certificate and key from files, and goes after them when they change, without a restart', async () => {
    const console = await openTestConsole()
    const files = await makeFiles('one.example')
    await useFiles(console, files)
    const { port } = await start(console)
    expect((await shakeHands(port)).peer.subjectaltname).toBe('DNS:one.example')
    const next = await makeFiles('two.example')
    copyFileSync(next.certificateFile, files.certificateFile)
    await console.portalRunner.refresh()
    // Half of the pair is there: the old one goes on.
    expect((await shakeHands(port)).peer.subjectaltname).toBe('DNS:one.example')
    copyFileSync(next.keyFile, files.keyFile)
    await console.portalRunner.refresh()
    expect((await shakeHands(port)).peer.subjectaltname).toBe('DNS:two.example')
  })

  it('asks browsers to insist on TLS only with a certificate that others vouch for', async () => {
    const console = await openTestConsole()
    const authority = await createAuthority()
    const vouched = writeFiles(await authority.issue({ host: 'localhost' }))
    await useFiles(console, vouched)
    const { port } = await start(console)
    const strict = (options: RequestOptions) => headerOf({ port, path: '/healthz', ...options })
    const trusting = { host: 'localhost', ca: authority.certificate, family: 4 }
    expect(await strict(trusting)).toBe('max-age=31536000')
    // Also where there is nothing, and on a page.
    expect(await strict({ ...trusting, path: '/nothing' })).toBe('max-age=31536000')
    expect(await strict({ ...trusting, path: '/userportal/' })).toBe('max-age=31536000')

    const own = await createSelfSigned('localhost')
    writeFileSync(vouched.certificateFile, own.cert)
    writeFileSync(vouched.keyFile, own.key)
    await console.portalRunner.refresh()
    expect(await strict({ ...trusting, ca: own.cert })).toBeUndefined()

    await useFiles(console, { certificateFile: '', keyFile: '' })
    await console.portalRunner.refresh()
    expect(await strict({ host: '127.0.0.1', rejectUnauthorized: false })).toBeUndefined()
  })

  it('serves with a certificate that has expired or soon will, and says so', async () => {
    const console = await openTestConsole()
    const nowMs = console.clock.nowMs()
    const authority = await createAuthority()
    const dayMs = 86_400_000
    const cases = [
      [nowMs - dayMs, /expired on/],
      [nowMs + 20 * dayMs, /expires on/],
      [nowMs + 60 * dayMs, null]
    ] as const
    for (const [validToMs, sentence] of cases) {
      const dates = { validFromMs: nowMs - 90 * dayMs, validToMs }
      await useFiles(console, writeFiles(await authority.issue({ host: '127.0.0.1', ...dates })))
      const before = console.log.lines.length
      await start(console)
      await console.portalRunner.refresh()
      expect(await console.call('portal:get', {})).toMatchObject({ state: 'running', problem: null })
      const warned = console.log.lines.slice(before).filter((line) => line.startsWith('warn'))
      expect(warned).toEqual(sentence === null ? [] : [expect.stringMatching(sentence)])
    }
  })

  it('stays with good clients whatever else is said to its port', async () => {
    const console = await openTestConsole()
    const { port } = await start(console)
    const hello = Buffer.from('160301020001000001fc0303', 'hex')
    const says: (string | Uint8Array)[] = [
      '',
      'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n',
      // A hello that breaks off, one that says it is longer than a record may be, one of SSL 2, and an alert out of nowhere.
      hello,
      Buffer.concat([Buffer.from('1603014fff', 'hex'), Buffer.alloc(20_000, 0xff)]),
      Buffer.from('802e0100020015000000100100800200800300800400800500800600400700c0', 'hex'),
      Buffer.from('15030100020228', 'hex'),
      Buffer.alloc(100_000, 0),
      randomBytes(5_000)
    ]
    const strangers = says.map((said) => {
      const socket = net.connect(port, '127.0.0.1').on('error', () => undefined)
      socket.write(said)
      onTestFinished(() => void socket.destroy())
      return new Promise<string>((resolve) => {
        let answer = ''
        socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')))
        socket.once('close', () => resolve(answer))
      })
    })
    await shakeHands(port)
    // Those that say nothing more are shut out when the time for a handshake is over.
    for (const answer of await Promise.all(strangers)) expect(answer).not.toMatch(/error|node|\.ts/i)
    await shakeHands(port)
    expect(console.log.lines.filter((line) => line.startsWith('error'))).toEqual([])
  })

  it('ends soon although a client has not finished its handshake', async () => {
    const console = await openTestConsole()
    const { port } = await start(console)
    const socket = net.connect(port, '127.0.0.1').on('error', () => undefined)
    onTestFinished(() => void socket.destroy())
    const closed = new Promise((resolve) => socket.resume().once('close', resolve))
    socket.write(Buffer.from('160301020001000001fc0303', 'hex'))
    await shakeHands(port)
    // The grace that requests under way have, not the time that a handshake may take.
    const handshake = delay(defaultPortalLimits.headersTimeoutMs, 'the handshake', { ref: false })
    const stopping = console.portalRunner.stop().then(() => 'the stop')
    expect(await Promise.race([stopping, handshake])).toBe('the stop')
    await closed
  })

  it('takes any hello that fast-check can think of as no reason to stop', async () => {
    const { port } = await start(await openTestConsole())
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.boolean(), async (bytes, isRecord) => {
        const head = isRecord ? Buffer.from([0x16, 3, 1, 0, bytes.length & 0xff]) : Buffer.alloc(0)
        const socket = net.connect(port, '127.0.0.1').on('error', () => undefined)
        socket.end(Buffer.concat([head, bytes]))
        await new Promise((resolve) => socket.resume().once('close', resolve))
      }),
      { numRuns: 60 }
    )
    await expect(shakeHands(port)).resolves.toMatchObject({ protocol: 'TLSv1.3' })
  })
})

describe('a portal that cannot start', () => {
  it('says in one sentence which file is to blame, and the console goes on', async () => {
    const console = await openTestConsole()
    const [one, two] = [await makeFiles('one.example'), await makeFiles('two.example')]
    const missing = path.join(console.folder, 'nothing.pem')
    const cases = [
      [
        { ...one, certificateFile: missing },
        new RegExp(`certificate file ${missing} cannot be read: there is no such file\\.$`)
      ],
      [
        { ...one, keyFile: console.folder },
        new RegExp(`key file ${console.folder} cannot be read: it is a folder\\.$`)
      ],
      [{ ...one, keyFile: two.keyFile }, /does not belong to the certificate/],
      [{ ...one, keyFile: one.certificateFile }, /holds no private key/],
      [{ ...one, certificateFile: one.keyFile }, /holds no certificate/],
      [{ ...one, keyFile: '' }, /needs both files/]
    ] as const
    for (const [files, sentence] of cases) {
      await useFiles(console, files)
      const { code, message } = await refusalOf(() => start(console))
      expect([code, message]).toEqual(['tls-unavailable', expect.stringMatching(sentence)])
      expect(await console.call('portal:get', {})).toMatchObject({
        state: 'failed',
        problem: message,
        certificate: null
      })
    }
    await useFiles(console, one)
    await console.portalRunner.refresh()
    expect((await console.call('portal:get', {})).state).toBe('running')
  })

  it('says that the port is taken, or that a portal of this program is there already', async () => {
    const [first, second] = [await openTestConsole(), await openTestConsole()]
    const stranger = net.createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
    onTestFinished(() => void stranger.close())
    await new Promise((resolve) => stranger.once('listening', resolve))
    const { port: taken } = stranger.address() as net.AddressInfo
    expect((await refusalOf(() => start(second, taken))).message).toContain(`Port ${taken} on 127.0.0.1 is taken`)
    expect((await second.call('portal:get', {})).state).toBe('failed')
    const { port } = await start(first)
    await refusalOf(() => start(second, port))
    expect(await second.call('portal:get', {})).toMatchObject({ state: 'elsewhere', problem: null })
    const third = await openTestConsole()
    await third.call('settings:set', { changes: { 'portal.port': port } })
    expect((await third.call('portal:get', {})).state).toBe('elsewhere')
  })

  it('is known to a console over the same folder also where the settings do not say that it runs', async () => {
    const console = await openTestConsole()
    await console.call('settings:set', { changes: { 'portal.port': await freePort() } })
    expect((await console.call('portal:get', {})).state).toBe('off')
    const { url, terminate } = await startPortalProcess(console.folder)
    expect(await console.call('portal:get', {})).toMatchObject({ state: 'elsewhere', url })
    await terminate()
    await expect.poll(async () => (await console.call('portal:get', {})).state, { timeout: 40_000 }).toBe('off')
  })

  it('leaves an empty or unreadable folder for certificates with a reason', async () => {
    const console = await openTestConsole()
    writeFileSync(path.join(console.folder, 'tls'), 'a file where a folder should be')
    const { code, message } = await refusalOf(() => start(console))
    expect([code, message]).toEqual(['tls-unavailable', expect.stringContaining('cannot be written')])
  })
})

describe('the settings of the portal', () => {
  it('are followed while it runs', async () => {
    const console = await openTestConsole()
    const free = net.createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => free.once('listening', resolve))
    const { port } = free.address() as net.AddressInfo
    await new Promise((resolve) => free.close(resolve))
    await console.call('settings:set', { changes: { 'portal.port': port } })
    await console.portalRunner.start()
    await console.call('settings:set', { changes: { 'portal.tls': false } })
    await expect.poll(async () => (await console.call('portal:get', {})).url).toBe(`http://127.0.0.1:${port}`)
    await console.call('settings:set', { changes: { 'portal.enabled': false } })
    await expect.poll(async () => (await console.call('portal:get', {})).state).toBe('off')
    expect((await refusalOf(() => console.portalRunner.start())).code).toBe('portal-off')
  })

  it('say whose X-Forwarded-For is believed: nobody’s by default', async () => {
    const console = await openTestConsole()
    await console.call('users:add', { username: 'ada', group: 'Staff' })
    const { url } = await console.portalRunner.start({ host: '127.0.0.1', port: 0, tls: false })
    const attempt = (forwarded: string) =>
      fetch(`${url}/proxy/AgentXML`, {
        method: 'POST',
        headers: { 'x-forwarded-for': forwarded },
        body: '<SASRequest><Version>3</Version><Action>provision</Action><Username>ada</Username><ProvisionCode>WRONG</ProvisionCode></SASRequest>'
      }).then((answer) => answer.text())
    const lastAddress = async () =>
      (await console.call('users:show', { username: 'ada' })).timeline.find(({ kind }) => kind === 'attempt.refused')
        ?.detail.address
    await attempt('203.0.113.9')
    expect(await lastAddress()).toBe('127.0.0.1')
    await console.call('settings:set', { changes: { 'portal.trustedProxies': '127.0.0.0/8' } })
    await console.portalRunner.refresh()
    await attempt('198.51.100.1, 203.0.113.9')
    expect(await lastAddress()).toBe('203.0.113.9')
  })
})

describe('the live log of requests', () => {
  it('names kinds of requests and never what was in their address', async () => {
    const console = await openTestConsole()
    const { url } = await console.portalRunner.start({ host: '127.0.0.1', port: 0, tls: false })
    await fetch(`${url}/userportal/complete/1/ada/SECRETCODE`)
    await fetch(`${url}/SECRETCODE/SECRETCODE`)
    await expect.poll(async () => (await console.call('portal:requests', {})).length).toBe(2)
    const requests = await console.call('portal:requests', {})
    expect(requests).toMatchObject([
      { method: 'GET', status: 404, address: '127.0.0.1' },
      { method: 'GET', route: '/userportal/complete/:site/:user/:code', status: 200 }
    ])
    expect(JSON.stringify([requests, console.log.lines])).not.toContain('SECRET')
    expect((await console.call('portal:get', {})).requests).toBe(2)
    expect(readFileSync(path.join(console.folder, 'console.db')).includes('SECRETCODE')).toBe(false)
  })
})
