import { describe, expect, it } from 'vitest'
import { createQrMatrix } from '../../../src/main/qr/matrix.ts'
import { renderQrPng } from '../../../src/main/qr/png.ts'
import { parseProvisionText } from '../../../src/shared/provision-url.ts'
import { openTestConsole, type TestConsole } from '../../support/console.ts'

async function withCodes(...usernames: string[]) {
  const console = await openTestConsole()
  for (const username of usernames) await console.call('users:add', { username, group: 'Staff' })
  const urls = new Map<string, string>()
  for (const username of usernames) urls.set(username, await issue(console, username))
  return { console, urlOf: (username: string) => urls.get(username) ?? '' }
}

async function issue(console: TestConsole, username: string): Promise<string> {
  const { issued } = await console.call('codes:issue', { selection: { usernames: [username] }, reveal: true })
  return issued[0]?.url ?? ''
}

async function decode(console: TestConsole, text: string) {
  const found = await console.call('qr:decode', { image: renderQrPng(createQrMatrix(text), { scale: 4 }) })
  expect(found).toHaveLength(1)
  return found[0]
}

const attempt = (console: TestConsole, username: string, url: string) =>
  console.portal.provisioning.provision({ username, code: parseProvisionText(url)?.code ?? '', address: '192.0.2.1' })

const siteIdOf = async (console: TestConsole) => (await console.call('status:get', {})).siteId

describe('what a QR code is said to be', () => {
  it('is a live code of ours and when it ends; looking does not end it', async () => {
    const { console, urlOf } = await withCodes('DOMAIN\\Jo O’Neil')
    const text = urlOf('DOMAIN\\Jo O’Neil')
    for (let look = 0; look < 3; look++) {
      expect(await decode(console, text)).toEqual({
        text,
        siteId: await siteIdOf(console),
        username: 'DOMAIN\\Jo O’Neil',
        isOurs: true,
        code: 'live',
        expiresAtMs: console.clock.nowMs() + 24 * 3_600_000,
        finding: 'The code of DOMAIN\\Jo O’Neil is live.'
      })
    }
    expect(await attempt(console, 'domain\\jo o’neil', text)).toHaveProperty('id')
  })

  it('is a dead code of ours, with what ended it', async () => {
    const { console, urlOf } = await withCodes('used', 'superseded', 'withdrawn', 'disabled', 'expired', 'failed')
    await attempt(console, 'used', urlOf('used'))
    await issue(console, 'superseded')
    await console.call('codes:withdraw', { selection: { usernames: ['withdrawn'] } })
    await console.call('users:disable', { selection: { usernames: ['disabled'] } })
    await console.call('settings:set', { changes: { 'policy.codes.endAfterWrongAttempts': 1 } })
    await console.portal.provisioning.provision({ username: 'failed', code: 'ZZZZZZZZZZ', address: '192.0.2.1' })
    console.clock.advance(24 * 3_600_000)
    const said = async (username: string) => {
      const { code, isOurs, finding } = (await decode(console, urlOf(username))) ?? {}
      expect(isOurs).toBe(true)
      return [code, finding]
    }
    expect(await said('used')).toEqual(['used', 'The code of used has been used.'])
    expect(await said('superseded')).toEqual(['superseded', 'The code of superseded was superseded by a newer one.'])
    expect(await said('withdrawn')).toEqual(['withdrawn', 'The code of withdrawn was withdrawn.'])
    expect(await said('disabled')).toEqual(['withdrawn', 'The code of disabled was withdrawn. The user is disabled.'])
    expect(await said('expired')).toEqual(['expired', 'The code of expired has expired.'])
    expect(await said('failed')).toEqual(['failed', 'The code of failed ended by a failed attempt.'])
  })

  it('is none of ours: another text, another server, another user, another user’s code', async () => {
    const { console, urlOf } = await withCodes('ada', 'bob')
    const siteId = await siteIdOf(console)
    const code = parseProvisionText(urlOf('ada'))?.code
    const base = 'https://127.0.0.1:8443/userportal/complete/'
    expect(await decode(console, 'WIFI:S:guests;;')).toEqual({
      text: 'WIFI:S:guests;;',
      siteId: null,
      username: null,
      isOurs: false,
      code: null,
      expiresAtMs: null,
      finding: 'This is no provision code.'
    })
    expect(await decode(console, `${base}${siteId + 1}/ada/${code}`)).toMatchObject({
      siteId: siteId + 1,
      username: 'ada',
      isOurs: false,
      code: null,
      finding: `This is for the server with Site ID ${siteId + 1}; ours is ${siteId}.`
    })
    expect(await decode(console, `${base}${siteId}/nobody/${code}`)).toMatchObject({
      siteId,
      username: 'nobody',
      isOurs: false,
      code: null,
      finding: 'This is for “nobody”, and there is no such user.'
    })
    expect(await decode(console, `${base}${siteId}/bob/${code}`)).toMatchObject({
      siteId,
      username: 'bob',
      isOurs: true,
      code: null,
      finding: 'This names bob, but its code is none that was issued to this user.'
    })
    await console.call('users:remove', { selection: { usernames: ['ada'] } })
    await console.call('users:add', { username: 'ada', group: 'Staff' })
    expect(await decode(console, urlOf('ada'))).toMatchObject({ isOurs: true, code: null })
  })

  it('is the same for a mailed link, the link that opens the app, and a code in lower case', async () => {
    const { console, urlOf } = await withCodes('ada')
    const url = urlOf('ada')
    const lowerCase = url.replace(/[^/]+$/, (code) => code.toLowerCase())
    for (const text of [`${url}?s=c2lnbmF0dXJl`, `mobileclient:${url}`, lowerCase]) {
      expect(await decode(console, text)).toMatchObject({
        text,
        username: 'ada',
        isOurs: true,
        code: 'live',
        finding: 'The code of ada is live.'
      })
    }
  })

  it('is a code of ours that leads the app to another address than ours, after a change or in a forgery', async () => {
    const { console, urlOf } = await withCodes('ada')
    await console.call('settings:set', { changes: { 'server.host': 'new.example.com' } })
    const leads =
      ' It leads the app to https://127.0.0.1:8443/userportal/complete/; ' +
      'our address is https://new.example.com:8443/userportal/complete/.'
    expect(await decode(console, urlOf('ada'))).toMatchObject({
      code: 'live',
      finding: `The code of ada is live.${leads}`
    })
    await console.call('codes:withdraw', { selection: { usernames: ['ada'] } })
    expect((await decode(console, urlOf('ada')))?.finding).toBe(`The code of ada was withdrawn.${leads}`)
  })

  it('is said of each of several in one picture', async () => {
    const { console, urlOf } = await withCodes('ada')
    const codes = [createQrMatrix(urlOf('ada')), createQrMatrix('https://example.com/')]
    // One above the other, as on a photographed sheet.
    const size = codes.reduce((sum, code) => sum + code.size + 8, -8)
    const modules = new Uint8Array(size * size)
    let top = 0
    for (const code of codes) {
      for (let y = 0; y < code.size; y++) {
        modules.set(code.modules.subarray(y * code.size, (y + 1) * code.size), (top + y) * size)
      }
      top += code.size + 8
    }
    const found = await console.call('qr:decode', { image: renderQrPng({ size, modules, version: 1 }, { scale: 4 }) })
    expect(found.map(({ finding }) => finding).toSorted()).toEqual([
      'The code of ada is live.',
      'This is no provision code.'
    ])
  })

  it('is refused for what is no picture', async () => {
    const { console } = await withCodes()
    await expect(console.call('qr:decode', { image: Buffer.from('no picture') })).rejects.toMatchObject({
      code: 'picture-unreadable'
    })
  })
})
