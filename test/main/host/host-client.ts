import { once } from 'node:events'
import http from 'node:http'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { createBrowserHost } from '../../../src/main/host/browser-host.ts'
import type { HostLimits } from '../../../src/main/host/limits.ts'
import { createRendererFiles } from '../../../src/main/http/renderer-files.ts'
import { createTestFolder, openTestConsole } from '../../support/console.ts'

export interface Answer {
  status: number
  headers: http.IncomingHttpHeaders
  body: string
}

export interface Ask {
  method?: string
  headers?: Record<string, string>
  body?: string | Buffer
}

/** A renderer of two files, beside a file that no request may reach. */
export function createRendererFolder(): string {
  const folder = path.join(createTestFolder(), 'renderer')
  mkdirSync(path.join(folder, 'assets'), { recursive: true })
  writeFileSync(path.join(folder, 'index.html'), '<meta nonce="__CSP_NONCE__"><title>Console</title>')
  writeFileSync(path.join(folder, 'assets', 'index-1a2b.js'), 'start()')
  writeFileSync(path.join(folder, '..', 'secret.js'), 'secret')
  return folder
}

/** A host over a real console on a free port, and a client that says in its requests what the test wants. */
export async function startHost(limits: Partial<HostLimits> = {}) {
  const console = await openTestConsole()
  const host = createBrowserHost({
    console,
    files: createRendererFiles(createRendererFolder()),
    log: console.log,
    actor: 'anna (browser)',
    clock: console.clock,
    limits: { closeGraceMs: 100, ...limits }
  })
  const { url, port } = await host.listen({ port: 0 })
  onTestFinished(() => host.close())

  const request = (target: string, { method = 'GET', headers = {} }: Ask = {}) =>
    http.request({ port, host: '127.0.0.1', path: target, method, agent: false, headers })
  const ask = async (target: string, options: Ask = {}): Promise<Answer> => {
    const sent = request(target, options)
    // An early refusal may close the connection while the body is still being sent.
    sent.on('error', () => undefined)
    sent.end(options.body)
    const [response] = (await once(sent, 'response')) as [http.IncomingMessage]
    const chunks: Buffer[] = []
    for await (const chunk of response) chunks.push(chunk as Buffer)
    return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }
  }
  const origin = `http://127.0.0.1:${port}`
  /** What the console's own page sends with a call. */
  const pageHeaders: Record<string, string> & { origin: string } = {
    origin,
    'content-type': 'application/json',
    'x-provision-console': '1'
  }
  const redeem = (token: unknown, headers: Record<string, string> = pageHeaders): Promise<Answer> =>
    ask('/api/sign-in', { method: 'POST', headers, body: JSON.stringify({ token }) })
  /** Gives the cookie; from then on the page's headers carry the secret of its tab. */
  const signIn = async (): Promise<string> => {
    const { headers, body } = await redeem(new URL(url).searchParams.get('token'))
    const { value } = JSON.parse(body) as { value?: { tab: string } }
    if (value) pageHeaders['x-provision-tab'] = value.tab
    return headers['set-cookie']?.[0]?.split(';')[0] ?? ''
  }
  const call = (name: string, input: unknown, cookie: string): Promise<Answer> =>
    ask(`/api/call/${name}`, { method: 'POST', headers: { ...pageHeaders, cookie }, body: JSON.stringify(input) })
  return {
    console,
    host,
    url,
    port,
    origin,
    redeem,
    tokenPath: url.slice(origin.length),
    request,
    ask,
    signIn,
    call,
    pageHeaders
  }
}
