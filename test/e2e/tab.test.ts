import { createServer, request, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createTestFolder } from '../support/console.ts'
import { browserHost, type OpenedConsole } from './hosts.ts'

describe.skipIf(browserHost.missing !== null)('the session of a tab in Chromium', () => {
  it('is not that of another port of this machine, which is sent the cookie', async () => {
    const { page, origin } = await openSignedIn()
    const thief = await listenAsThief()
    const other = await page.context().newPage()
    await other.goto(thief.url)
    await other.getByRole('heading', { name: 'Taken' }).waitFor()
    const { cookie } = thief.heard.at(-1) ?? {}
    expect(cookie).toMatch(/^provision-console-\d+=[\w-]{43}$/)
    const own = { cookie: cookie ?? '', origin, 'content-type': 'application/json', 'x-provision-console': '1' }
    expect(await send(`${origin}/api/call/users:list`, 'POST', own)).toBe(401)
    expect(
      await send(`${origin}/api/call/users:list`, 'POST', { ...own, 'x-provision-tab': cookie?.split('=')[1] ?? '' })
    ).toBe(401)
    expect(await send(`${origin}/api/events`, 'GET', own)).toBe(401)
    expect(await other.evaluate('sessionStorage.length')).toBe(0)
    expect(await page.evaluate(call)).toBe(200)
  })

  it('lasts through a reload, hears events, and is in no address', async () => {
    const { page, origin } = await openSignedIn()
    for (let reloads = 0; reloads < 2; reloads++) {
      await page.reload()
      await page.getByRole('navigation').waitFor()
    }
    expect(await page.evaluate(call)).toBe(200)
    expect(page.url()).toMatch(new RegExp(`^${origin}/(#|$)`))
    const addresses = (await page.evaluate(`performance.getEntries().map(({ name }) => name).join(' ')`)) as string
    expect(addresses).not.toContain(await page.evaluate(`sessionStorage.getItem('provision-console.tab')`))
    const heard = page.evaluate(`(async () => {
      const headers = { 'x-provision-tab': sessionStorage.getItem('provision-console.tab') }
      const reader = (await fetch('/api/events', { headers })).body.getReader()
      let text = ''
      while (!text.includes('groups-changed')) text += new TextDecoder().decode((await reader.read()).value)
      return true
    })()`)
    await page.evaluate(`(async () => {
      const headers = { 'content-type': 'application/json', 'x-provision-console': '1', 'x-provision-tab': sessionStorage.getItem('provision-console.tab') }
      for (const name of ['One', 'Two', 'Three']) await fetch('/api/call/groups:add', { method: 'POST', headers, body: JSON.stringify({ name }) })
    })()`)
    expect(await heard).toBe(true)
  })

  it('is not there in a second tab, which says where to go', async () => {
    const { page, origin } = await openSignedIn()
    const second = await page.context().newPage()
    await second.goto(origin)
    await second.getByRole('heading', { name: 'This tab is not signed in' }).waitFor()
    expect(await second.evaluate(call)).toBe(401)
    expect(await page.evaluate(call)).toBe(200)
  })
})

const call = `fetch('/api/call/version:get', {
  method: 'POST',
  headers: {
    'content-type': 'application/json',
    'x-provision-console': '1',
    'x-provision-tab': sessionStorage.getItem('provision-console.tab') ?? ''
  },
  body: '{}'
}).then(({ status }) => status)`

async function openSignedIn(): Promise<OpenedConsole> {
  const opened = await browserHost.open(createTestFolder())
  onTestFinished(() => opened.close())
  await opened.page.getByRole('navigation').waitFor()
  return opened
}

/** Leads the browser on by a page of its own, which makes the second request one of the same site. */
async function listenAsThief(): Promise<{ url: string; heard: IncomingHttpHeaders[] }> {
  const heard: IncomingHttpHeaders[] = []
  const server = createServer((asked, response) => {
    heard.push(asked.headers)
    response.setHeader('content-type', 'text/html')
    response.end(asked.url === '/' ? '<meta http-equiv="refresh" content="0; url=/taken">' : '<h1>Taken</h1>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, heard }
}

/** As a program that is no browser: it says of its origin what it likes. */
function send(url: string, method: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers }, (response) => {
      response.destroy()
      resolve(response.statusCode ?? 0)
    })
    asked.on('error', reject)
    asked.end(method === 'POST' ? '{}' : undefined)
  })
}
