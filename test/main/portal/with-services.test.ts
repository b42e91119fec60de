import path from 'node:path'
import { readdirSync, readFileSync } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Random } from '../../../src/main/system/clock.ts'
import {
  downloadAgain,
  provisionReferenceApp,
  type FailedApp,
  type ProvisionedApp
} from '../../../src/main/diagnostics/reference-app.ts'
import { createPortal } from '../../../src/main/portal/portal.ts'
import { formatXml, parseXmlRecord } from '../../../src/main/system/xml.ts'
import { formatProvisionText, parseProvisionText } from '../../../src/shared/provision-url.ts'
import { createCli } from '../../support/cli.ts'
import { createTestClock, openTestConsole, type TestConsole } from '../../support/console.ts'
import { startPortalProcess } from '../../support/portal-process.ts'

const users = `username,group
ada,Staff
bob,Staff
cy,No Mobile
dee,Staff
`

async function addUsers(console: TestConsole): Promise<void> {
  await console.call('users:import', { content: Buffer.from(users), createGroups: true })
  await console.call('groups:set', { name: 'No Mobile', change: { mobileClient: false } })
}

/** Apps are sent to this port, as they are to the public address of a server. */
async function sendAppsTo(console: TestConsole, port: number): Promise<void> {
  const changes = { 'server.host': '127.0.0.1', 'server.port': port, 'server.usesSsl': false }
  await console.call('settings:set', { changes })
}

async function issue(console: TestConsole, username: string): Promise<{ code: string; url: string }> {
  const { issued } = await console.call('codes:issue', { selection: { usernames: [username] }, reveal: true })
  return { code: issued[0]?.code ?? '', url: issued[0]?.url ?? '' }
}

/** A portal in a process of its own over the folder of a console that is open in this one, as an administrator's is. */
async function startServer(random?: Random) {
  const console = await openTestConsole({ clock: createTestClock(Date.now()), ...(random && { random }) })
  await addUsers(console)
  const portal = await startPortalProcess(console.folder)
  await sendAppsTo(console, portal.port)
  return { console, portal }
}

/** A portal in this process, whose clock the test owns. */
async function startServerWithClock() {
  const console = await openTestConsole()
  await addUsers(console)
  const portal = createPortal(console.portal)
  onTestFinished(() => portal.close())
  const { url, port } = await portal.listen({ host: '127.0.0.1', port: 0 })
  await sendAppsTo(console, port)
  const codeOf = async (username: string) => (await console.call('users:show', { username })).user
  return { console, url, codeOf }
}

/** One request of an app to provision: PASS, or the error that it is answered with. */
async function attempt(url: string, username: string, code: string): Promise<string> {
  const body = formatXml('SASRequest', [
    { name: 'Version', content: '3.6' },
    { name: 'Action', content: 'provision' },
    { name: 'Username', content: username },
    { name: 'ProvisionCode', content: code }
  ])
  const response = await fetch(`${url}/proxy/AgentXML`, { method: 'POST', body })
  const answer = parseXmlRecord(await response.text(), 'SASResponse', ['Result', 'Error'])
  return answer.Result === 'PASS' ? 'PASS' : (answer.Error ?? '')
}

function provisioned(app: ProvisionedApp | FailedApp): ProvisionedApp {
  if (!app.ok) throw new Error(`${app.errorText}: ${app.reason}`)
  return app
}

const wrongCode = 'Invalid Provision Code'

describe('an app at a portal over the real services', () => {
  it('is provisioned once by the right code, and gets a hundred strings that each download replaces', async () => {
    const { console } = await startServer()
    const { url } = await issue(console, 'ada')
    const app = provisioned(await provisionReferenceApp(url))
    expect(app.securityStrings).toHaveLength(100)
    expect(app.securityStrings.every((text) => /^\d{10}$/.test(text))).toBe(true)
    expect(app.policies.map(({ value }) => value)).toEqual(['NO', 'NO', 'NO'])
    expect((await console.call('users:show', { username: 'ada' })).user).toMatchObject({
      app: 'provisioned',
      code: 'used'
    })

    const again = provisioned(await downloadAgain(app))
    expect(again.securityStrings).toHaveLength(100)
    expect(again.securityStrings.filter((text) => app.securityStrings.includes(text))).toEqual([])

    expect(await provisionReferenceApp(url)).toMatchObject({ error: 'invalid-provision-code', step: 'provision' })
    provisioned(await downloadAgain(app))

    const second = provisioned(await provisionReferenceApp((await issue(console, 'ada')).url))
    expect(await downloadAgain(app)).toMatchObject({ ok: false, error: 'downloading-security-strings' })
    provisioned(await downloadAgain(second))
  })

  it('shows the error that stands for what is wrong', async () => {
    const { console, portal } = await startServer()
    const ada = await issue(console, 'ada')
    const parts = parseProvisionText(ada.url)
    if (!parts) throw new Error('the URL of a code is no provision text')
    const textWith = (change: Partial<typeof parts>) =>
      formatProvisionText({ completeUrl: parts.base, ...parts, ...change })
    const errorOf = async (text: string) => {
      const app = await provisionReferenceApp(text)
      return app.ok ? 'provisioned' : app.errorText
    }
    expect(await errorOf(textWith({ siteId: parts.siteId + 1 }))).toBe('Error Server, Unknown Server ID')
    expect(await errorOf(textWith({ username: 'nobody' }))).toBe('Invalid Username')
    expect(await errorOf(textWith({ code: 'ZZZZZZZZZZ' }))).toBe(wrongCode)
    expect(await errorOf(parts.base)).toBe('Error Server, Unknown Server ID')
    // None of these ended it.
    expect(await errorOf(ada.url)).toBe('provisioned')

    const bob = await issue(console, 'bob')
    await console.call('users:disable', { selection: { usernames: ['bob'] } })
    expect(await errorOf(bob.url)).toBe('Invalid Username')
    await console.call('users:enable', { selection: { usernames: ['bob'] } })
    expect(await errorOf(bob.url)).toBe(wrongCode)
    await console.call('users:remove', { selection: { usernames: ['bob'] } })
    expect(await errorOf(bob.url)).toBe('Invalid Username')

    const cy = await issue(console, 'cy')
    expect(await provisionReferenceApp(cy.url)).toMatchObject({
      errorText: 'Error Downloading Security Strings',
      step: 'security-strings'
    })
    // The attempt itself was right, so it ended the code.
    expect(await errorOf(cy.url)).toBe(wrongCode)

    const earlier = await issue(console, 'dee')
    const withdrawn = await issue(console, 'dee')
    expect(await errorOf(earlier.url)).toBe(wrongCode)
    await console.call('codes:withdraw', { selection: { usernames: ['dee'] } })
    expect(await errorOf(withdrawn.url)).toBe(wrongCode)

    await portal.kill()
    expect(await errorOf(ada.url)).toBe('Error Server Connection')
  })

  it('takes a typed code in lower case, with hyphens and spaces, and with O, I and L for the digits', async () => {
    const symbols = [0, 1, 10, 11, 12, 1, 0, 13, 14, 15]
    let drawn = 0
    const random: Random = { int: () => symbols[drawn++ % 10] ?? 0, bytes: (length) => Buffer.alloc(length, drawn++) }
    const { console, portal } = await startServer(random)
    drawn = 0
    for (const [username, typed] of [
      ['ada', '01abc10def'],
      ['bob', ' 01AB-C10D–EF\n'],
      ['DEE', 'oIABC-loDEF']
    ] as const) {
      const { code } = await issue(console, username)
      expect([username, code]).toEqual([username, '01ABC10DEF'])
      expect(await attempt(portal.url, username, typed)).toBe('PASS')
      expect(await attempt(portal.url, username, code)).toBe(wrongCode)
    }
  })
})

describe('a code', () => {
  it('that passed stays used when the portal is killed the moment it says so, and started again', async () => {
    const { console, portal } = await startServer()
    let running = portal
    for (let round = 0; round < 3; round++) {
      const { code } = await issue(console, 'ada')
      const answers = await Promise.all(
        Array.from({ length: 8 }, async () => {
          const answer = await attempt(running.url, 'ada', code).catch(() => 'connection lost')
          if (answer === 'PASS') void running.kill()
          return answer
        })
      )
      expect(answers.filter((answer) => answer === 'PASS')).toHaveLength(1)
      await running.kill()
      running = await startPortalProcess(console.folder, { port: portal.port })
      expect(await attempt(running.url, 'ada', code)).toBe(wrongCode)
    }
  })

  it('passes exactly once when a hundred apps try it at the same time at two portals', async () => {
    const { console, portal } = await startServer()
    const other = await startPortalProcess(console.folder)
    const { code } = await issue(console, 'ada')
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => attempt(index % 2 ? portal.url : other.url, 'ada', code))
    )
    expect(answers.filter((answer) => answer === 'PASS')).toHaveLength(1)
    expect(answers.filter((answer) => answer === wrongCode)).toHaveLength(99)
  })

  it('is nowhere in the data folder and its logs, whatever was done with it', async () => {
    const { console, portal } = await startServer()
    const cli = createCli(console.folder)
    const [ada] = await cli.json<{ code: string; url: string }[]>(['codes', 'issue', 'ada', '--reveal'])
    const bob = await issue(console, 'bob')
    const dee = await issue(console, 'dee')
    const mistyped = `${bob.code.slice(0, -1)}${bob.code.endsWith('7') ? '8' : '7'}`
    expect(await attempt(portal.url, 'ada', ada?.code ?? '')).toBe('PASS')
    expect(await attempt(portal.url, 'bob', mistyped)).toBe(wrongCode)
    expect(await attempt(portal.url, 'nobody', bob.code)).toBe('Invalid Username')
    const { image } = await console.call('qr:issue', { username: 'bob', format: 'png' })
    const [decoded] = await console.call('qr:decode', { image })
    const again = parseProvisionText(decoded?.text ?? '')?.code ?? ''

    // Now the portal fails in earnest, and logs it.
    const database = new BetterSqlite3(path.join(console.folder, 'console.db'))
    database.exec('alter table codes rename to lost')
    database.close()
    const body = `<SASRequest><Version>1</Version><Action>provision</Action><Username>dee</Username><ProvisionCode>${dee.code}</ProvisionCode></SASRequest>`
    const failed = await fetch(`${portal.url}/proxy/AgentXML`, { method: 'POST', body })
    expect(failed.status).toBe(500)
    const lookup = await fetch(`${portal.url}/ssdserver/getServerDetails?id=${dee.code}`)
    expect(await lookup.text()).not.toContain(dee.code)

    const files = readdirSync(console.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => ({
        name: entry.name,
        bytes: readFileSync(path.join(entry.parentPath, entry.name)).toString('latin1')
      }))
    expect(files.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['console.db', 'console.db-wal', 'key', 'server.key', 'provision.log'])
    )
    const holders = (text: string) => files.filter(({ bytes }) => bytes.includes(text)).map(({ name }) => name)
    // The search finds what is there.
    expect(holders('No Mobile')).not.toEqual([])
    expect(holders('A request to the User Portal failed.')).toEqual(['provision.log'])
    for (const code of [ada?.code ?? '', bob.code, dee.code, mistyped, again]) {
      expect(code).toMatch(/^[0-9A-Z]{10}$/)
      for (const text of [code, code.toLowerCase(), `${code.slice(0, 5)}-${code.slice(5)}`, `/ada/${code}`]) {
        expect([text, holders(text)]).toEqual([text, []])
      }
    }
  })
})

describe('time', () => {
  it('ends a code, and a clock set back revives none', async () => {
    const { console, url, codeOf } = await startServerWithClock()
    const { issued } = await console.call('codes:issue', {
      selection: { usernames: ['ada', 'bob'] },
      reveal: true,
      validForMs: 60_000
    })
    const code = (username: string) => issued.find((one) => one.username === username)?.code ?? ''
    console.clock.advance(59_999)
    expect(await attempt(url, 'bob', code('bob'))).toBe('PASS')
    console.clock.advance(1)
    expect(await attempt(url, 'ada', code('ada'))).toBe(wrongCode)
    expect(await codeOf('ada')).toMatchObject({ code: 'expired', app: 'none' })

    const fresh = await issue(console, 'dee')
    console.clock.advance(25 * 3_600_000)
    expect(await attempt(url, 'ada', code('ada'))).toBe(wrongCode)
    console.clock.advance(-25 * 3_600_000)
    expect(await attempt(url, 'dee', fresh.code)).toBe(wrongCode)
    expect(await codeOf('dee')).toMatchObject({ code: 'expired', app: 'none' })
  })

  it('locks a user after five wrong attempts, refuses the right code meanwhile without ending it, and takes it after', async () => {
    const { console, url, codeOf } = await startServerWithClock()
    const { code } = await issue(console, 'ada')
    for (let wrong = 0; wrong < 5; wrong++) expect(await attempt(url, 'ada', 'ZZZZZZZZZZ')).toBe(wrongCode)
    expect((await codeOf('ada')).lockedUntilMs).toBe(console.clock.nowMs() + 30_000)
    expect(await attempt(url, 'ADA', code)).toBe(wrongCode)
    console.clock.advance(29_999)
    expect(await attempt(url, 'ada', code)).toBe(wrongCode)
    expect(await codeOf('ada')).toMatchObject({ code: 'live', app: 'none' })

    console.clock.advance(1)
    for (let wrong = 0; wrong < 5; wrong++) expect(await attempt(url, 'ada', 'ZZZZZZZZZZ')).toBe(wrongCode)
    expect((await codeOf('ada')).lockedUntilMs).toBe(console.clock.nowMs() + 60_000)
    console.clock.advance(60_000)
    expect(await attempt(url, 'ada', code)).toBe('PASS')
    expect((await codeOf('ada')).lockedUntilMs).toBeNull()
  })

  it('locks a name that no user has in the same way; a new code ends the wait', async () => {
    const { console, url, codeOf } = await startServerWithClock()
    for (let wrong = 0; wrong < 5; wrong++) expect(await attempt(url, 'eve', 'ZZZZZZZZZZ')).toBe('Invalid Username')
    expect(await attempt(url, 'eve', 'ZZZZZZZZZZ')).toBe(wrongCode)
    await console.call('users:add', { username: 'Eve', group: 'Staff' })
    expect((await codeOf('eve')).lockedUntilMs).toBe(console.clock.nowMs() + 30_000)
    const { code } = await issue(console, 'eve')
    expect(await attempt(url, 'eve', code)).toBe('PASS')

    await console.call('settings:set', { changes: { 'policy.hideUnknownUsers': true } })
    expect(await attempt(url, 'nobody', 'ZZZZZZZZZZ')).toBe(wrongCode)
  })
})
