import { createHash } from 'node:crypto'
import net from 'node:net'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { formatProvisionLinks } from '../../../src/main/links/provision-links.ts'
import { createPortal } from '../../../src/main/portal/portal.ts'
import { checkUsername, usernameKey } from '../../../src/main/users/user-rules.ts'
import { readQrPicture } from '../../../src/main/qr/decode.ts'
import { html, type Html } from '../../../src/main/portal/html.ts'
import { formatXml } from '../../../src/main/system/xml.ts'
import { percentEncode } from '../../../src/shared/provision-url.ts'
import { openTestConsole } from '../../support/console.ts'

/** A portal over a real folder with a user `ada`, and the addresses of a code that was issued to her. */
async function openPortal({ username = 'ada', name = 'Ada <b>& "Co"</b>' } = {}) {
  const console = await openTestConsole()
  await console.call('users:add', { username, name, group: 'Staff' })
  const portal = createPortal(console.portal)
  onTestFinished(() => portal.close())
  const { url, port } = await portal.listen({ host: '127.0.0.1', port: 0 })
  await console.call('settings:set', {
    changes: { 'server.host': '127.0.0.1', 'server.port': port, 'server.usesSsl': false }
  })
  const issue = async () => {
    const { issued } = await console.call('codes:issue', { selection: { usernames: [username] }, reveal: true })
    const { user } = await console.call('users:show', { username })
    const code = issued[0]?.code ?? ''
    const links = formatProvisionLinks(await console.portal.readSettings(), console.portal.signing, {
      userId: user.id,
      username,
      code
    })
    return { code, ...links }
  }
  const stateOf = async () => (await console.call('users:show', { username })).user.code
  const kindsOf = async () => (await console.call('users:show', { username })).timeline.map(({ kind }) => kind)
  const provision = (code: string) => console.portal.provisioning.provision({ username, code, address: '192.0.2.7' })
  return { console, url, issue, stateOf, kindsOf, provision }
}

const read = async (address: string, init?: RequestInit) => {
  const answer = await fetch(address, { redirect: 'manual', ...init })
  return { status: answer.status, headers: answer.headers, body: Buffer.from(await answer.arrayBuffer()) }
}
const textOf = async (address: string, init?: RequestInit) => (await read(address, init)).body.toString()

describe('getQRCode', () => {
  it('draws what the QR code of the mail holds, at any scale, and ends nothing', async () => {
    const { issue, stateOf } = await openPortal()
    const { imageUrl, qrText } = await issue()
    for (const scale of ['', '&scale=1', '&scale=20']) {
      const { status, headers, body } = await read(imageUrl + scale)
      expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
        200,
        'image/png',
        'no-store'
      ])
      if (scale !== '&scale=1') expect((await readQrPicture(body))[0]?.text).toBe(qrText)
    }
    expect(await stateOf()).toBe('live')
  })

  it('answers HEAD, and a request for a part with the whole', async () => {
    const { imageUrl } = await (await openPortal()).issue()
    const whole = await read(imageUrl)
    const head = await read(imageUrl, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(whole.body.length)])
    const part = await read(imageUrl, { headers: { range: 'bytes=0-10' } })
    expect([part.status, part.body.equals(whole.body)]).toEqual([200, true])
  })

  it('shows one and the same picture, and no error, once the code has ended, however it has', async () => {
    const { console, issue, provision } = await openPortal()
    const used = await issue()
    await provision(used.code)
    const superseded = await issue()
    const withdrawn = await issue()
    await console.call('codes:withdraw', { selection: { usernames: ['ada'] } })
    const expired = await issue()
    console.clock.advance(25 * 3_600_000)
    const disabled = await issue()
    await console.call('users:disable', { selection: { usernames: ['ada'] } })
    const pictures = await Promise.all(
      [used, superseded, withdrawn, expired, disabled].map((one) => read(one.imageUrl))
    )
    await console.call('users:remove', { selection: { usernames: ['ada'] } })
    pictures.push(await read(disabled.imageUrl))
    expect(new Set(pictures.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(pictures.map(({ body }) => body.toString('hex'))).size).toBe(1)
    await expect(readQrPicture(pictures[0]?.body ?? Buffer.alloc(0))).rejects.toThrow('No QR code was found')
  })

  it('goes on showing a mailed code after the public address has changed', async () => {
    const { console, url, issue } = await openPortal()
    const { imageUrl, code } = await issue()
    await console.call('settings:set', { changes: { 'server.host': 'portal.example.com' } })
    const { pathname, search } = new URL(imageUrl)
    const [seen] = await readQrPicture((await read(`${url}${pathname}${search}`)).body)
    expect(seen?.text).toMatch(new RegExp(`^http://portal\\.example\\.com:\\d+/userportal/complete/\\d+/ada/${code}$`))
  })

  it('gives one and the same 404 to everything that this server did not sign', async () => {
    const { url, issue, console } = await openPortal()
    const { qrText, signature, imageUrl } = await issue()
    const { siteId } = await console.call('status:get', {})
    const address = (text: string, s: string) => `${url}/userportal/getQRCode?text=${percentEncode(text)}&s=${s}`
    const refused = [
      address(qrText, 'A'.repeat(27)),
      address(qrText, signature.slice(0, -1)),
      address(qrText.replace('/ada/', '/bob/'), signature),
      address(qrText.replace(`/${siteId}/`, '/1/'), signature),
      address(`${qrText.slice(0, -1)}${qrText.endsWith('Z') ? 'Y' : 'Z'}`, signature),
      address('https://evil.example/', signature),
      address(`${qrText}${'x'.repeat(800)}`, signature),
      `${url}/userportal/getQRCode`,
      `${url}/userportal/getQRCode?text=a&text=b&s=c`,
      `${imageUrl}&scale=0`,
      `${imageUrl}&scale=21`,
      `${imageUrl}&scale=4px`
    ]
    const answers = await Promise.all(refused.map((one) => read(one)))
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.toString()}`))).toEqual(
      new Set(['404 There is nothing at this address.'])
    )
  })

  it('writes into the timeline that a picture was fetched, once for each client', async () => {
    const { issue, kindsOf, console } = await openPortal()
    const { imageUrl } = await issue()
    for (const agent of ['Mail Reader/1', 'Mail Reader/1', 'Other Reader/2']) {
      await read(imageUrl, { headers: { 'user-agent': agent } })
    }
    await expect.poll(async () => (await kindsOf()).filter((kind) => kind === 'image.fetched').length).toBe(2)
    const { timeline } = await console.call('users:show', { username: 'ada' })
    expect(timeline.find(({ kind }) => kind === 'image.fetched')?.detail).toEqual({
      address: '127.0.0.1',
      agent: 'Other Reader/2',
      code: 'live'
    })
  })

  it('is there for a name of any script', async () => {
    const username = `O'Neil (ü) ليلى 王*!`
    const { issue } = await openPortal({ username, name: '' })
    const { imageUrl, pageUrl, qrText } = await issue()
    expect((await readQrPicture((await read(imageUrl)).body))[0]?.text).toBe(qrText)
    expect(await textOf(pageUrl)).toContain('getQRCode?text=')
  })
})

describe('the page of a mailed link', () => {
  it('shows QR code, app link, typed code and end; its picture decodes; a name is only ever text', async () => {
    const { issue, url, stateOf } = await openPortal()
    const { pageUrl, qrText, code } = await issue()
    const { status, headers, body } = await read(pageUrl)
    const source = body.toString()
    expect(status).toBe(200)
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(source).toContain(`href="mobileclient:${qrText}"`)
    expect(source).toContain(`${code.slice(0, 5)} ${code.slice(5)}`)
    expect(source).toContain('Ada &lt;b&gt;&amp; &quot;Co&quot;&lt;/b&gt;')
    expect(source).toMatch(/until \w+, \d+ May 2026 at \d\d:\d\d /)
    expect(source).not.toMatch(/<script|<b>|https?:\/\/(?!127\.0\.0\.1)/)
    // Whole pixels a module, and no wider than a small phone.
    const [scale, width] = [/scale=(\d+)/, /width="(\d+)"/].map((found) => Number(found.exec(source)?.[1]))
    expect([Number(width) % Number(scale), Number(width) <= 320]).toEqual([0, true])
    const image = /src="([^"]+)"/.exec(source)?.[1]?.replaceAll('&amp;', '&') ?? ''
    expect((await readQrPicture((await read(url + image)).body))[0]?.text).toBe(qrText)
    expect(await stateOf()).toBe('live')
  })

  it('names the style sheet of this very version, which browsers keep for a while', async () => {
    const { url } = await openPortal()
    const named = /href="([^"]+\.css[^"]*)"/.exec(await textOf(`${url}/userportal/`))?.[1] ?? ''
    const { headers, body } = await read(url + named)
    expect([headers.get('content-type'), headers.get('cache-control')]).toEqual([
      'text/css; charset=utf-8',
      'public, max-age=3600'
    ])
    const mark = createHash('sha256').update(body).digest('hex')
    expect(new URL(url + named).searchParams.get('v')).toSatisfy((v: string) => v.length === 8 && mark.startsWith(v))
  })

  it('has an icon of its own, where the page names it and where browsers look by themselves', async () => {
    const { url } = await openPortal()
    const named = /rel="icon" href="([^"]+)"/.exec(await textOf(`${url}/userportal/`))?.[1] ?? ''
    for (const address of [url + named, `${url}/favicon.ico`]) {
      const { status, headers } = await read(address)
      expect([status, headers.get('content-type')]).toEqual([200, 'image/svg+xml'])
    }
  })

  it('says the one reason why a code sets up nothing', async () => {
    const { console, issue, provision } = await openPortal()
    const used = await issue()
    await provision(used.code)
    expect(await textOf(used.pageUrl)).toContain('This code has been used')
    const superseded = await issue()
    const expired = await issue()
    expect(await textOf(superseded.pageUrl)).toContain('You have been given a newer code')
    console.clock.advance(25 * 3_600_000)
    expect(await textOf(expired.pageUrl)).toContain('This code has expired on')
    const last = await issue()
    await console.call('codes:withdraw', { selection: { usernames: ['ada'] } })
    expect(await textOf(last.pageUrl)).toContain('This code was withdrawn')
    await console.call('users:disable', { selection: { usernames: ['ada'] } })
    expect(await textOf(last.pageUrl)).toContain('Your account is disabled')
    await console.call('users:remove', { selection: { usernames: ['ada'] } })
    expect(await textOf(last.pageUrl)).toContain('Reprovision URL not retrieved')
  })

  it('without a right signature says how to open it in the app, the same for a live, a wrong and nobody’s code', async () => {
    const { issue, url, console } = await openPortal()
    const { qrText, code } = await issue()
    const { siteId } = await console.call('status:get', {})
    const known = await textOf(qrText)
    expect(known).toContain(`href="mobileclient:${qrText}"`)
    const others = [`ada/${'0'.repeat(10)}`, `nobody/${code}`].map(async (rest) =>
      (await textOf(`${url}/userportal/complete/${siteId}/${rest}?s=x`)).replace(rest, `ada/${code}`)
    )
    expect(await Promise.all(others)).toEqual([known, known])
  })
})

describe('the other pages', () => {
  it('provision/CODE leads to the app with the code as it was given', async () => {
    const { url } = await openPortal()
    const source = await textOf(`${url}/userportal/provision/ABCDE12345`)
    expect(source).toContain('mobileclient:')
    expect(source).toContain('ABCDE 12345')
    expect(await textOf(`${url}/userportal/provision/AB-CDE-12345`)).toContain('>AB-CDE-12345<')
    expect((await read(`${url}/userportal/provision/%3Cscript%3E`)).status).toBe(404)
  })

  it('getsettings/SITE is XML for an app and a page for a browser', async () => {
    const { url, console } = await openPortal()
    const { siteId } = await console.call('status:get', {})
    const xml = await read(`${url}/userportal/getsettings/${siteId}`)
    expect(xml.headers.get('content-type')).toBe('application/xml; charset=utf-8')
    expect(xml.body.toString()).toContain('<responseCode>0</responseCode>')
    const accept = { headers: { accept: 'text/html,application/xhtml+xml' } }
    expect(await textOf(`${url}/userportal/getsettings/${siteId}`, accept)).toContain('Connection type')
    const other = await read(`${url}/userportal/getsettings/1`, accept)
    expect([other.status, other.body.toString()]).toEqual([404, expect.stringContaining('Unknown Server ID')])
  })

  it('the home page asks for a username only where policy lets users ask', async () => {
    const { url, console } = await openPortal()
    const closed = await textOf(`${url}/userportal/`)
    expect(closed).toContain('Ask your administrator')
    expect(closed).not.toContain('<form')
    await console.call('settings:set', { changes: { 'policy.selfReset.selfService': true } })
    expect(await textOf(`${url}/userportal/`)).toContain('<form')
  })

  it('the form answers everyone alike, and mails a link to whom policy and group let, once in ten minutes', async () => {
    const { url, console } = await openPortal()
    const body = (username: string) => ({ method: 'POST', body: new URLSearchParams({ username }) })
    const ask = (username: string) => textOf(`${url}/userportal/reprovision`, body(username))
    const change = { host: '127.0.0.1', port: 9, security: 'none', sender: 'desk@example.com' }
    await console.call('transports:set', { name: 'default', change })
    await console.call('users:set', { username: 'ada', change: { email: 'ada@example.com' } })
    await console.call('settings:set', { changes: { 'policy.selfReset.selfService': true } })
    const linksOf = async () =>
      (await console.call('users:show', { username: 'ada' })).timeline.filter(({ kind }) => kind === 'link.created')
        .length
    const answers = [await ask('ada'), await ask('nobody'), await ask('x'.repeat(201)), await ask('')]
    await console.call('groups:set', { name: 'Staff', change: { selfProvision: true } })
    answers.push(await ask('ADA'))
    await expect.poll(linksOf).toBe(1)
    answers.push(await ask('ada'))
    console.clock.advance(11 * 60_000)
    answers.push(await ask('ada'))
    await expect.poll(linksOf).toBe(2)
    expect(new Set(answers).size).toBe(1)
    expect(answers[0]).toContain('If this username is known here')
    const { messages } = await console.call('outbox:messages', { limit: 10 })
    expect(messages.map(({ kind, address }) => [kind, address])).toEqual([
      ['link', 'ada@example.com'],
      ['link', 'ada@example.com']
    ])
  })
})

describe('a link to a code of one’s own', () => {
  it('shows a QR code once, and only when its button is pressed', async () => {
    const { console, url, stateOf, provision } = await openPortal()
    const { url: link } = await console.call('links:create', { username: 'ADA' })
    expect(link.startsWith(`${url}/userportal/reprovision/`)).toBe(true)
    for (let opened = 0; opened < 3; opened++) expect(await textOf(link)).toContain('Show my QR code')
    expect(await stateOf()).toBe('none')
    const shown = await textOf(link, { method: 'POST' })
    const code = /<dd><bdi class="mono">(\w{5} \w{5})<\/bdi>/.exec(shown)?.[1] ?? ''
    expect(await stateOf()).toBe('live')
    expect(await textOf(link, { method: 'POST' })).toContain('This link has been used')
    expect(await textOf(link)).toContain('This link has been used')
    expect(await provision(code)).toHaveProperty('id')
    expect(await console.call('users:show', { username: 'ada' })).toMatchObject({
      timeline: expect.arrayContaining([
        expect.objectContaining({ kind: 'link.used' }),
        expect.objectContaining({ kind: 'link.created', actor: 'tester' })
      ])
    })
  })

  it('issues one code to two who press at once', async () => {
    const { console } = await openPortal()
    const { url } = await console.call('links:create', { username: 'ada' })
    const pages = await Promise.all([1, 2, 3, 4].map(() => textOf(url, { method: 'POST' })))
    expect(pages.filter((source) => source.includes('getQRCode'))).toHaveLength(1)
  })

  it('says why it leads nowhere', async () => {
    const { console, url } = await openPortal()
    const first = await console.call('links:create', { username: 'ada' })
    const second = await console.call('links:create', { username: 'ada' })
    expect(await textOf(first.url)).toContain('given a newer one')
    console.clock.advance(25 * 3_600_000)
    expect(await textOf(second.url)).toContain('This link has expired')
    const third = await console.call('links:create', { username: 'ada' })
    await console.call('users:remove', { selection: { usernames: ['ada'] } })
    expect(await textOf(third.url, { method: 'POST' })).toContain('Reprovision URL not retrieved')
    expect(await textOf(`${url}/userportal/reprovision/nothing`)).toContain('This link is not valid')
  })
})

describe('every username', () => {
  const name = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 20 })
    .map((text) => text.toWellFormed().normalize('NFC').trim())
    .filter((text) => 'value' in checkUsername(text))

  it('leads through page, picture and the app’s own protocol like any other', async () => {
    const { console, url } = await openPortal()
    const settings = await console.portal.readSettings()
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(name, async (given) => {
        fc.pre(!seen.has(usernameKey(given)))
        seen.add(usernameKey(given))
        const { id, username: kept } = await console.call('users:add', { username: given, group: 'Staff' })
        const { issued } = await console.call('codes:issue', { selection: { usernames: [kept] }, reveal: true })
        const code = issued[0]?.code ?? ''
        const links = formatProvisionLinks(settings, console.portal.signing, { userId: id, username: kept, code })
        expect((await readQrPicture((await read(links.imageUrl)).body))[0]?.text).toBe(links.qrText)
        expect(await textOf(links.pageUrl)).toContain('getQRCode?text=')
        expect((await read(links.qrText)).status).toBe(200)
        const children = Object.entries({ Version: '3.6', Action: 'provision', Username: kept, ProvisionCode: code })
        const body = formatXml(
          'SASRequest',
          children.map(([element, content]) => ({ name: element, content }))
        )
        expect(await textOf(`${url}/proxy/AgentXML`, { method: 'POST', body })).toContain('<Result>PASS</Result>')
        expect(await textOf(links.pageUrl)).toContain('This code has been used')
      }),
      { numRuns: 25 }
    )
  })
})

/** The status of a request whose target goes over the line as it is: a client library would tidy it up. */
async function statusOfTarget(port: number, target: string): Promise<number> {
  const socket = net.connect(port, '127.0.0.1')
  socket.end(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, 'latin1')
  let answer = ''
  for await (const chunk of socket) answer += String(chunk)
  return Number(/^HTTP\/1\.1 (\d+) /.exec(answer)?.[1])
}

describe('what strangers send', () => {
  it('over the line as it is, dots and encoded slashes and all, finds nothing or a plain page', async () => {
    const { url, console, issue } = await openPortal()
    const { code } = await issue()
    const { siteId } = await console.call('status:get', {})
    const port = Number(new URL(url).port)
    const complete = `/userportal/complete/${siteId}`
    // What an encoded slash stands for is part of a name, never of the path; a name cannot hold one.
    for (const target of [
      `${complete}%2Fada/${code}`,
      `${complete}/..%2Fada%2F${code}`,
      `/userportal/..%2f..%2fetc/passwd`
    ]) {
      expect([target, await statusOfTarget(port, target)]).toEqual([target, 404])
    }
    const piece = fc.constantFrom(
      'complete',
      'provision',
      'getQRCode',
      '..',
      '.',
      '%2e%2e',
      '%2F',
      '%5c',
      '%00',
      '%c0%ae',
      '%',
      '//',
      '?',
      '#',
      'ü',
      ';'
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 6 }), async (pieces) => {
        expect([200, 400, 404]).toContain(await statusOfTarget(port, `/userportal/${pieces.join('/')}`))
      }),
      { numRuns: 150 }
    )
    expect(console.log.lines.filter((line) => line.startsWith('error'))).toEqual([])
  })

  it('never gets anything but a refusal or a page, and nothing of it into the log', async () => {
    const { url, console } = await openPortal()
    const segment = fc
      .string({ unit: 'grapheme', maxLength: 40 })
      .map((text) => encodeURIComponent(text.toWellFormed()))
    const route = fc.constantFrom('complete', 'provision', 'getsettings', 'reprovision', 'getQRCode', '..', '%2e%2e')
    await fc.assert(
      fc.asyncProperty(
        route,
        fc.array(fc.oneof(segment, fc.constantFrom('%', '%ff', '%2F', '%00', '..')), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom('s', 'text', 'scale'), fc.string({ maxLength: 60 })),
        async (name, segments, query) => {
          const address = `${url}/userportal/${[name, ...segments].join('/')}?${new URLSearchParams(query).toString()}`
          const { status, headers } = await read(address)
          expect([200, 400, 404]).toContain(status)
          expect(headers.get('cache-control')).toMatch(/no-store|max-age/)
        }
      ),
      { numRuns: 150 }
    )
    expect(console.log.lines.filter((line) => line.startsWith('error'))).toEqual([])
  })

  it('is only ever text in HTML', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const { source }: Html = html`<p title="${text}">${text}</p>`
        const plain = source.replace(/&(amp|lt|gt|quot|#39);/g, '')
        expect(plain.match(/[<>"]/g)?.length).toBe(6)
      })
    )
  })
})
