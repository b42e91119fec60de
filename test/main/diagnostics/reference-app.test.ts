import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { FailedApp, ProvisionedApp } from '../../../src/main/diagnostics/reference-app.ts'
import { downloadAgain, oneTimeCode, provisionReferenceApp } from '../../../src/main/diagnostics/reference-app.ts'
import { createPortal } from '../../../src/main/portal/portal.ts'
import { AppError } from '../../../src/shared/errors.ts'
import { formatProvisionText } from '../../../src/shared/provision-url.ts'
import { createPortalPages } from '../../support/portal-parts.ts'
import { createInMemoryProvisioning, samplePolicies } from '../portal/in-memory-provisioning.ts'

const closers: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

const username = `004211 O'Neil/ü😀`
const code = 'ABCDE12345'

async function startPortal() {
  const provisioning = createInMemoryProvisioning({ [username]: code })
  const server = { siteId: 4711, host: '127.0.0.1', port: 0, usesSsl: false, connectionType: 'proxy' }
  const portal = createPortal({
    ...createPortalPages(),
    provisioning,
    readServer: async () => server,
    checkHealth: async () => 'ok',
    log: { info() {}, warn() {}, error() {} }
  })
  closers.push(() => portal.close())
  const { url, port } = await portal.listen({ host: '127.0.0.1', port: 0 })
  server.port = port
  const textFor = (changes: Partial<{ siteId: number; username: string; code: string }> = {}) =>
    formatProvisionText({ completeUrl: `${url}/userportal/complete/`, siteId: 4711, username, code, ...changes })
  return { portal, provisioning, server, url, textFor }
}

/** A server that answers one of the four requests in its own way and the others as it should. */
async function startHostileServer(hostileStep: string, answer: RequestListener) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const step = /<Action>(\w+)</.exec(body)?.[1] ?? 'server-details'
      asked.push(`${request.method} ${request.url} ${step}`)
      if (step === hostileStep) answer(request, response)
      else answerWell(step, response)
    })
  })
  const answerWell = (step: string, response: ServerResponse) =>
    response.end(
      {
        'server-details': detailsXml({ port: String(port()) }),
        ping: '<SASResponse><Result>PASS</Result></SASResponse>',
        provision: '<SASResponse><Result>PASS</Result><Id>some id</Id></SASResponse>',
        SecurityStrings: `<SASResponse><Result>PASS</Result><SecurityStrings>${strings(100)}</SecurityStrings></SASResponse>`
      }[step]
    )
  const port = () => (server.address() as AddressInfo).port
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { url: `http://127.0.0.1:${port()}`, text: `http://127.0.0.1:${port()}/complete/1/jdoe/X`, asked }
}

const strings = (count: number) => Array.from({ length: count }, () => '0123456789').join(';')

function detailsXml(changes: Record<string, string>): string {
  const details = { hostname: '127.0.0.1', usingSSL: 'NO', port: '1', connectionType: 'proxy', ...changes }
  const leaves = Object.entries(details).map(([name, text]) => `<${name}>${text}</${name}>`)
  return `<getServerDetailsResponse><responseCode>0</responseCode><SSDetails>${leaves.join('')}</SSDetails></getServerDetailsResponse>`
}

async function succeed(text: string): Promise<ProvisionedApp> {
  const outcome = await provisionReferenceApp(text)
  if (!outcome.ok) throw new Error(`${outcome.step}: ${outcome.reason}`)
  return outcome
}

async function fail(text: string, options = {}): Promise<FailedApp> {
  const outcome = await provisionReferenceApp(text, options)
  if (outcome.ok) throw new Error('it was provisioned')
  return outcome
}

describe('the reference app and the real portal', () => {
  it('goes from the text of a QR code to one hundred strings and the policies', async () => {
    const { textFor, url, provisioning } = await startPortal()
    const app = await succeed(textFor())
    expect(app.id).toBe(`id-of-${username}`)
    expect(app.securityStrings).toHaveLength(100)
    expect(app.policies).toEqual(samplePolicies)
    expect(provisioning.asked).toEqual([
      { username, code, address: '127.0.0.1' },
      { id: app.id, address: '127.0.0.1' }
    ])
    expect(app.steps.map(({ name, url: stepUrl, status }) => [name, stepUrl, status])).toEqual([
      ['server-details', `${url}/ssdserver/getServerDetails?id=4711`, 200],
      ['ping', `${url}/proxy/AgentXML`, 200],
      ['provision', `${url}/proxy/AgentXML`, 200],
      ['security-strings', `${url}/proxy/AgentXML`, 200]
    ])
    expect(app.steps[1]?.request).toBe('<SASRequest><Version>3.6</Version><Action>ping</Action></SASRequest>')
    expect(app.steps[2]?.response).toContain('<Result>PASS</Result><Id>')
  })

  it('downloads again with the same Id and gets other strings', async () => {
    const { textFor } = await startPortal()
    const app = await succeed(textFor())
    const again = await downloadAgain(app)
    if (!again.ok) throw new Error(again.reason)
    expect(again.id).toBe(app.id)
    expect(again.securityStrings).toHaveLength(100)
    expect(again.securityStrings.filter((text) => app.securityStrings.includes(text))).toEqual([])
    expect(again.steps.map(({ name }) => name)).toEqual(['security-strings'])
  })

  it('shows Invalid Provision Code for a wrong and for a used code', async () => {
    const { textFor } = await startPortal()
    const shown = { ok: false, error: 'invalid-provision-code', errorText: 'Invalid Provision Code', step: 'provision' }
    expect(await fail(textFor({ code: 'WRONG' }))).toMatchObject(shown)
    await succeed(textFor())
    expect(await fail(textFor())).toMatchObject(shown)
  })

  it('shows Invalid Username for a user whom the server does not know', async () => {
    const { textFor } = await startPortal()
    expect(await fail(textFor({ username: 'nobody' }))).toMatchObject({
      error: 'invalid-username',
      errorText: 'Invalid Username',
      step: 'provision'
    })
  })

  it('shows Unknown Server ID for a Site ID that is not the server’s, and sends no code', async () => {
    const { textFor, provisioning } = await startPortal()
    expect(await fail(textFor({ siteId: 4712 }))).toMatchObject({
      error: 'unknown-server-id',
      errorText: 'Error Server, Unknown Server ID',
      step: 'server-details',
      steps: [{ name: 'server-details', status: 200 }]
    })
    expect(provisioning.asked).toEqual([])
  })

  it.each(['', 'hello', 'WIFI:S:x;;', 'https://example.org/', 'http://127.0.0.1:1/complete/x/jdoe/CODE'])(
    'shows Unknown Server ID when %j was scanned, and asks nobody',
    async (text) => {
      expect(await fail(text)).toMatchObject({ error: 'unknown-server-id', step: 'text', steps: [] })
    }
  )

  it('shows Error Downloading Security Strings when the download is refused', async () => {
    const { textFor, provisioning } = await startPortal()
    const app = await succeed(textFor())
    provisioning.devices.clear()
    expect(await downloadAgain(app)).toMatchObject({
      ok: false,
      error: 'downloading-security-strings',
      errorText: 'Error Downloading Security Strings',
      step: 'security-strings'
    })
  })

  it('shows Error Server Connection when the connection type of the settings is wrong', async () => {
    const { textFor, portal, url } = await startPortal()
    const { url: directory } = await startHostileServer('server-details', (_request, response) =>
      response.end(detailsXml({ port: new URL(url).port, connectionType: 'other' }))
    )
    const shown = { error: 'server-connection', errorText: 'Error Server Connection' }
    expect(await fail(textFor(), { serverDetailsOrigin: directory })).toMatchObject({
      ...shown,
      step: 'ping',
      reason: 'The server answered with HTTP status 404.'
    })
    await portal.close()
    expect(await fail(textFor())).toMatchObject({ ...shown, step: 'server-details', steps: [{ status: null }] })
  })

  it('asks a central directory for the settings when told so', async () => {
    const { textFor, url } = await startPortal()
    const { url: directory, asked } = await startHostileServer('server-details', (_request, response) =>
      response.end(detailsXml({ port: new URL(url).port }))
    )
    expect(await provisionReferenceApp(textFor(), { serverDetailsOrigin: `${directory}/whatever` })).toMatchObject({
      ok: true
    })
    expect(asked).toEqual(['GET /ssdserver/getServerDetails?id=4711 server-details'])
  })
})

const steps = [
  ['server-details', 'server-details'],
  ['ping', 'ping'],
  ['provision', 'provision'],
  ['SecurityStrings', 'security-strings']
] as const

describe.each(steps)('the reference app and a server that is hostile at %s', (hostileStep, step) => {
  const meet = async (answer: (response: ServerResponse, request: IncomingMessage) => void, options = {}) => {
    const server = await startHostileServer(hostileStep, (request, response) => answer(response, request))
    const outcome = await fail(server.text, options)
    expect(outcome).toMatchObject({ error: 'server-connection', step })
    return { ...outcome, asked: server.asked }
  }

  it('follows no redirect', async () => {
    for (const status of [301, 302, 303, 307, 308]) {
      const { reason, asked } = await meet((response) => response.writeHead(status, { location: '/elsewhere' }).end())
      expect(reason).toBe(`The server answered with HTTP status ${status}.`)
      expect(asked.join()).not.toContain('elsewhere')
    }
  })

  it('stops reading an answer without end', async () => {
    let sentBytes = 0
    const { reason, steps: taken } = await meet((response) => {
      const block = Buffer.alloc(64 * 1024, ' ')
      const send = () => {
        while (sentBytes < 1e9 && !response.destroyed) {
          sentBytes += block.length
          if (!response.write(block)) return
        }
        response.end()
      }
      response.on('drain', send)
      send()
    })
    expect(reason).toBe('The answer is longer than 262144 bytes.')
    expect(sentBytes).toBeLessThan(100e6)
    expect(taken.at(-1)?.response).toBeNull()
  })

  it('reads no HTML, no JSON and no document with a DTD', async () => {
    for (const body of ['<html><p>Sign in<br></html>', '<!DOCTYPE html><html/>', '{"Result":"PASS"}', '', '<a/>']) {
      expect((await meet((response) => response.end(body))).reason).toMatch(/^The answer is not the XML/)
    }
    await meet((response) => response.end('<!DOCTYPE SASResponse><SASResponse><Result>PASS</Result></SASResponse>'))
  })

  it('waits no longer than its limit for headers or for the rest', async () => {
    expect((await meet(() => {}, { stepTimeoutMs: 300 })).reason).toBe('No complete answer came within 0.3 s.')
    const { reason, steps: taken } = await meet((response) => void response.write('<SASResponse>'), {
      stepTimeoutMs: 300
    })
    expect(reason).toBe('No complete answer came within 0.3 s.')
    expect(taken.at(-1)?.status).toBe(200)
  })

  it('survives a connection that breaks', async () => {
    const broken = await meet((response) => response.socket?.destroy())
    expect(broken.reason).toBe('The server hung up before the answer was complete.')
    await meet((response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('<SASResponse>')
      setTimeout(() => response.socket?.destroy(), 20)
    })
  })

  it('takes nothing but status 200', async () => {
    for (const status of [201, 400, 404, 500]) {
      const pass = '<SASResponse><Result>PASS</Result></SASResponse>'
      const { reason } = await meet((response) => response.writeHead(status).end(pass))
      expect(reason).toBe(`The server answered with HTTP status ${status}.`)
    }
  })
})

describe('the reference app and answers that are XML but wrong', () => {
  it.each([
    { hostname: '' },
    { hostname: 'a/b' },
    { hostname: 'user@host' },
    { hostname: 'a b' },
    { hostname: 'host:80' },
    { port: '' },
    { port: '0x50' },
    { port: '65536' },
    { port: '-1' },
    { usingSSL: '' },
    { usingSSL: 'yes' },
    { connectionType: '' },
    { connectionType: '..' },
    { connectionType: 'a/b' },
    { connectionType: 'a?b' },
    { hostname: '<b>127.0.0.1</b>' }
  ])('shows Error Server Connection for the settings %j, and sends no code', async (changes) => {
    const { text, asked } = await startHostileServer('server-details', (_request, response) =>
      response.end(detailsXml(changes))
    )
    expect(await fail(text)).toMatchObject({ error: 'server-connection', step: 'server-details' })
    expect(asked).toHaveLength(1)
  })

  it.each([
    '<getServerDetailsResponse/>',
    '<getServerDetailsResponse><responseCode>0</responseCode></getServerDetailsResponse>',
    '<getServerDetailsResponse><responseCode>0</responseCode><responseCode>1</responseCode></getServerDetailsResponse>'
  ])('shows Error Server Connection for %s', async (xml) => {
    const { text } = await startHostileServer('server-details', (_request, response) => response.end(xml))
    expect(await fail(text)).toMatchObject({ error: 'server-connection', step: 'server-details' })
  })

  it('shows Error Server Connection for the wrong scheme or port', async () => {
    const { text } = await startHostileServer('server-details', (request, response) =>
      response.end(detailsXml({ usingSSL: 'YES', port: String(request.socket.localPort) }))
    )
    expect(await fail(text)).toMatchObject({ error: 'server-connection', step: 'ping' })
    const other = await startHostileServer('server-details', (_request, response) => response.end(detailsXml({})))
    expect(await fail(other.text)).toMatchObject({ error: 'server-connection', step: 'ping' })
  })

  it.each([
    ['ping', '<Result>FAIL</Result>', 'server-connection'],
    ['ping', '', 'server-connection'],
    ['provision', '<Result>PASS</Result>', 'server-connection'],
    ['provision', '<Result>PASS</Result><Id/>', 'server-connection'],
    ['provision', '<Result>FAIL</Result><Error>Unknown Action</Error>', 'server-connection'],
    ['provision', '<Result>FAIL</Result><Error>Invalid Username</Error>', 'invalid-username'],
    ['provision', '<Result>FAIL</Result><Error>Invalid Provision Code</Error>', 'invalid-provision-code'],
    ['SecurityStrings', '<Result>FAIL</Result>', 'downloading-security-strings'],
    ['SecurityStrings', '<Result>PASS</Result>', 'downloading-security-strings'],
    [
      'SecurityStrings',
      `<Result>PASS</Result><SecurityStrings>${strings(99)}</SecurityStrings>`,
      'downloading-security-strings'
    ],
    [
      'SecurityStrings',
      `<Result>PASS</Result><SecurityStrings>${strings(101)}</SecurityStrings>`,
      'downloading-security-strings'
    ],
    [
      'SecurityStrings',
      `<Result>PASS</Result><SecurityStrings>${strings(100)} </SecurityStrings>`,
      'downloading-security-strings'
    ]
  ])('maps the answer to %s %s to %s', async (action, inner, error) => {
    const { text } = await startHostileServer(action, (_request, response) =>
      response.end(`<SASResponse>${inner}</SASResponse>`)
    )
    expect(await fail(text)).toMatchObject({ error })
  })
})

describe('oneTimeCode', () => {
  it('picks the digits that the PIN names and adds the index', () => {
    expect(oneTimeCode('9132', '0123456789', 6)).toBe('802106')
    expect(oneTimeCode('1000', '5555555557', 99)).toBe('577799')
  })

  it.each([
    ['', '0123456789', 1],
    ['12a4', '0123456789', 1],
    ['1234', '012345678', 1],
    ['1234', '0123456789', 100],
    ['1234', '0123456789', -1],
    ['1234', '0123456789', 1.5]
  ])('refuses PIN %j, string %j, index %j', (pin, securityString, index) => {
    expect(() => oneTimeCode(pin, securityString, index)).toThrow(AppError)
  })
})
