import path from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { transportFieldNames, transportSecretFields } from '../../../src/shared/transport.ts'
import { settingDefaults, settingKeys, type SettingKey } from '../../../src/shared/settings.ts'
import { readAuditEntries } from '../../support/audit-entries.ts'
import { createTestFolder, openTestConsole, testStartMs, type TestConsole } from '../../support/console.ts'
import { refusalOf } from '../../support/refusal.ts'

const urlOf = (name: string) => `policy.selfReset.${name}` as SettingKey

async function readAll(console: TestConsole): Promise<Record<string, unknown>> {
  return Object.fromEntries((await console.call('settings:list', {})).map(({ key, value }) => [key, value]))
}

const set = (console: TestConsole, changes: Record<string, unknown>) => console.call('settings:set', { changes })

const transportKeys = [...transportFieldNames, ...transportSecretFields].map((field) => `transport.default.${field}`)
const readChanges = (console: TestConsole) => readAuditEntries(console.folder, 'settings.changed')

describe('the settings of a new folder', () => {
  it('are the documented defaults, a Site ID of nine digits, and URLs of this machine', async () => {
    const console = await openTestConsole()
    const entries = await console.call('settings:list', {})
    expect(entries.map(({ key }) => key)).toEqual([...settingKeys, ...transportKeys])
    expect(entries.filter(({ isDefault }) => !isDefault).map(({ key }) => key)).toEqual(['server.siteId'])
    const { 'server.siteId': siteId, ...all } = await readAll(console)
    const others = Object.fromEntries(Object.entries(all).filter(([key]) => !key.startsWith('transport.')))
    expect(String(siteId)).toMatch(/^[1-9]\d{8}$/)
    expect(others).toEqual({
      'portal.enabled': true,
      'portal.tls': true,
      'portal.certificateFile': '',
      'portal.keyFile': '',
      'portal.trustedProxies': [],
      'server.name': 'Provision Console',
      'server.host': '127.0.0.1',
      'server.port': 8443,
      'server.usesSsl': true,
      'server.connectionType': 'proxy',
      'policy.codes.alphabet': 'base32',
      'policy.codes.length': 10,
      'policy.codes.wrongAttempts': 5,
      'policy.codes.endAfterWrongAttempts': 'off',
      'policy.codes.firstLock': '30s',
      'policy.codes.longestLock': '1h',
      'policy.codes.perAddressPerMinute': 10,
      'policy.codes.trustedNetworks': [],
      'policy.selfReset.mailValidity': '24h',
      'policy.selfReset.sheetValidity': '7d',
      'policy.selfReset.portalValidity': '10m',
      'policy.selfReset.selfService': false,
      'policy.selfReset.notifyProvisioned': true,
      'policy.selfReset.appLink': 'mobileclient:{url3}',
      'policy.selfReset.provisioningUrl': 'https://127.0.0.1:8443/userportal/provision/',
      'policy.selfReset.settingsUrl': 'https://127.0.0.1:8443/userportal/getsettings/',
      'policy.selfReset.completeUrl': 'https://127.0.0.1:8443/userportal/complete/',
      'policy.selfReset.qrCodeUrl': 'https://127.0.0.1:8443/userportal/getQRCode?text=',
      'policy.mobileClient.allowPinEntry': false,
      'policy.mobileClient.allowOtcExtractionChoice': false,
      'policy.mobileClient.allowStringBrowsing': false,
      'policy.hideUnknownUsers': false,
      'policy.log.keep': 'off',
      'portal.address': '127.0.0.1',
      'portal.port': 8443
    })
  })

  it('have another Site ID in each folder', async () => {
    const siteIds = await Promise.all(
      [1, 2, 3].map(async () => (await readAll(await openTestConsole()))['server.siteId'])
    )
    expect(new Set(siteIds).size).toBe(3)
  })
})

describe('setting a setting', () => {
  it('takes networks as a list or as one text, keeps each once, and records a change only where there is one', async () => {
    const console = await openTestConsole()
    const key = 'policy.codes.trustedNetworks'
    await set(console, { [key]: ' 10.0.0.0/8, 2001:DB8::/32;10.0.0.0/8  192.0.2.7 ' })
    expect((await readAll(console))[key]).toEqual(['10.0.0.0/8', '2001:db8::/32', '192.0.2.7/32'])
    await set(console, { [key]: ['10.0.0.0/8', '2001:db8::/32', '192.0.2.7'] })
    expect(readChanges(console)).toHaveLength(1)
    const error = await refusalOf(() =>
      set(console, { [key]: '10.0.0.0/8, 10.0.0.0/33', 'policy.codes.firstLock': '0s' })
    )
    expect(error.details).toEqual({
      [key]: 'must be networks such as 192.0.2.0/24 or 2001:db8::/32, separated by commas; “10.0.0.0/33” is none',
      'policy.codes.firstLock': 'must be a duration from 1s to 24h, such as 30s or 1h'
    })
    await set(console, { [key]: null })
    expect((await readAll(console))[key]).toEqual([])
  })

  it.each([
    ['policy.codes.trustedNetworks', '0.0.0.0/0', /wider than \/8/],
    ['policy.codes.trustedNetworks', '0.0.0.0/1, 128.0.0.0/1', /wider than \/8/],
    ['policy.codes.trustedNetworks', '::/0', /wider than \/8/],
    ['portal.trustedProxies', '0.0.0.0/1', /wider than \/8/],
    ['server.name', 'My\u202eServer', /text direction/]
  ])('%s does not take %s', async (key, value, reason) => {
    const error = await refusalOf(async () => set(await openTestConsole(), { [key]: value }))
    expect((error.details as Record<string, string>)[key]).toMatch(reason)
  })

  it('a value from before a stricter rule keeps its server open, and stays in force', async () => {
    const folder = createTestFolder()
    await (await openTestConsole({ folder })).close()
    const stored = { 'policy.codes.trustedNetworks': ['0.0.0.0/0'], 'server.name': 'My\u200fServer' }
    const database = new BetterSqlite3(path.join(folder, 'console.db'))
    const insert = database.prepare('insert or replace into settings (key, value, updated_at_ms) values (?, ?, 0)')
    for (const [key, value] of Object.entries(stored)) insert.run(key, JSON.stringify(value))
    database.close()
    expect(await readAll(await openTestConsole({ folder }))).toMatchObject(stored)
  })

  it('is seen at once, after a new start, and by another program', async () => {
    const folder = createTestFolder()
    const [one, other] = [await openTestConsole({ folder }), await openTestConsole({ folder })]
    const entries = await set(one, {
      'policy.codes.length': 12,
      'policy.codes.endAfterWrongAttempts': 3,
      'server.name': ' Café '
    })
    const changed = entries.filter(({ isDefault }) => !isDefault).map(({ key, value }) => [key, value])
    expect(Object.fromEntries(changed)).toMatchObject({
      'server.name': 'Café',
      'policy.codes.length': 12,
      'policy.codes.endAfterWrongAttempts': 3
    })
    expect(await readAll(other)).toEqual(await readAll(one))
    const before = await readAll(one)
    await one.close()
    expect(await readAll(await openTestConsole({ folder }))).toEqual(before)
  })

  it('keeps a validity in its shortest writing', async () => {
    const console = await openTestConsole()
    await set(console, { 'policy.selfReset.mailValidity': '2880m' })
    expect((await readAll(console))['policy.selfReset.mailValidity']).toBe('2d')
  })

  it('goes back to the default with null', async () => {
    const console = await openTestConsole()
    const before = await console.call('settings:list', {})
    await set(console, { 'policy.codes.length': 12, 'server.host': 'host', [urlOf('completeUrl')]: 'https://other/x/' })
    const back = await set(console, { 'policy.codes.length': null, 'server.host': null, [urlOf('completeUrl')]: null })
    expect(back).toEqual(before)
  })

  it('lets every setting but the Site ID go back', async () => {
    const console = await openTestConsole()
    const before = await readAll(console)
    await set(
      console,
      Object.fromEntries(settingKeys.filter((key) => key !== 'server.siteId').map((key) => [key, null]))
    )
    expect(await readAll(console)).toEqual(before)
    const refusal = await refusalOf(() => set(console, { 'server.siteId': null }))
    expect(refusal.code).toBe('setting-invalid')
    expect(refusal.message).toContain('server.siteId has no default')
  })

  it('sets all or none', async () => {
    const console = await openTestConsole()
    const before = await readAll(console)
    for (const wrong of [{ 'server.port': 0 }, { 'server.porT': 1 }, { 'server.siteId': null }]) {
      await refusalOf(() => set(console, { 'server.name': 'New name', ...wrong, 'policy.codes.length': 12 }))
      expect(await readAll(console)).toEqual(before)
    }
    expect(readChanges(console)).toEqual([])
  })

  it('refuses an unknown setting by name', async () => {
    const console = await openTestConsole()
    for (const key of ['server.color', '', 'constructor', 'toString']) {
      const refusal = await refusalOf(() => set(console, { [key]: 'x' }))
      expect([refusal.code, refusal.message.includes(`“${key}”`)]).toEqual(['setting-unknown', true])
    }
  })

  it('takes nothing from a key that would change an object’s prototype', async () => {
    const console = await openTestConsole()
    const before = await readAll(console)
    const changes = JSON.parse('{"__proto__":{"server.name":"x"}}') as Record<string, unknown>
    await set(console, changes).catch(() => undefined)
    expect(await readAll(console)).toEqual(before)
    expect(({} as Record<string, unknown>)['server.name']).toBeUndefined()
  })

  it('says of each wrong value what is wrong with it, in one sentence and by key', async () => {
    const console = await openTestConsole()
    const refusal = await refusalOf(() =>
      set(console, { 'server.port': 70_000, 'server.usesSsl': 'yes', 'server.name': 'fine' })
    )
    expect(refusal.message).toBe(
      'server.port must be a whole number from 1 to 65535; server.usesSsl must be true or false.'
    )
    expect(refusal.details).toEqual({
      'server.port': 'must be a whole number from 1 to 65535',
      'server.usesSsl': 'must be true or false'
    })
  })

  it('is recorded with what was before and after, and by whom', async () => {
    const console = await openTestConsole()
    await console.call(
      'settings:set',
      { changes: { 'policy.codes.length': 12, 'server.name': 'Provision Console' } },
      { actor: 'ann' }
    )
    await set(console, { 'policy.codes.length': 12 })
    await set(console, {})
    expect(readChanges(console)).toMatchObject([
      { actor: 'ann', atMs: testStartMs, detail: { 'policy.codes.length': { before: 10, after: 12 } } }
    ])
    await set(console, { 'policy.codes.length': null })
    expect(readChanges(console).at(-1)?.detail).toEqual({ 'policy.codes.length': { before: 12, after: 10 } })
  })
})

describe('setting what somebody else may have changed meanwhile', () => {
  it('is refused, and nothing is set, once a value is not the expected one', async () => {
    const console = await openTestConsole()
    await set(console, { 'server.name': 'Theirs' })
    const refusal = await refusalOf(() =>
      console.call('settings:set', {
        changes: { 'server.name': 'Mine', 'server.port': 443 },
        expected: { 'server.name': 'Provision Console', 'server.port': 8443 }
      })
    )
    expect([refusal.code, refusal.details]).toEqual(['changed-meanwhile', { changed: ['server.name'] }])
    expect(await readAll(console)).toMatchObject({ 'server.name': 'Theirs', 'server.port': 8443 })
  })

  it('is done where all is as expected, lists and worked-out defaults too', async () => {
    const console = await openTestConsole()
    const expected = await readAll(console)
    await console.call('settings:set', { changes: { 'server.name': 'Mine' }, expected })
    expect((await readAll(console))['server.name']).toBe('Mine')
  })
})

describe('the four URLs', () => {
  it('follow host, port and scheme until one is set by hand', async () => {
    const console = await openTestConsole()
    await set(console, { 'server.host': 'mfa.example', 'server.port': 443 })
    expect((await readAll(console))[urlOf('qrCodeUrl')]).toBe('https://mfa.example:443/userportal/getQRCode?text=')
    await set(console, { [urlOf('completeUrl')]: 'https://short.example/c/' })
    await set(console, { 'server.host': 'new.example', 'server.port': 8080, 'server.usesSsl': false })
    expect(await readAll(console)).toMatchObject({
      [urlOf('provisioningUrl')]: 'http://new.example:8080/userportal/provision/',
      [urlOf('settingsUrl')]: 'http://new.example:8080/userportal/getsettings/',
      [urlOf('completeUrl')]: 'https://short.example/c/',
      [urlOf('qrCodeUrl')]: 'http://new.example:8080/userportal/getQRCode?text='
    })
    await set(console, { [urlOf('completeUrl')]: null })
    expect((await readAll(console))[urlOf('completeUrl')]).toBe('http://new.example:8080/userportal/complete/')
  })

  it('put an IPv6 address in brackets, however it was written', async () => {
    const console = await openTestConsole()
    for (const host of ['2001:db8::7', '[2001:db8::7]']) {
      await set(console, { 'server.host': host })
      expect((await readAll(console))[urlOf('completeUrl')]).toBe('https://[2001:db8::7]:8443/userportal/complete/')
    }
  })

  it('are in the record of a change of host, which changes them too', async () => {
    const console = await openTestConsole()
    await set(console, { 'server.host': 'mfa.example' })
    expect(readChanges(console).at(-1)?.detail).toMatchObject({
      'server.host': { before: '127.0.0.1', after: 'mfa.example' },
      [urlOf('completeUrl')]: {
        before: 'https://127.0.0.1:8443/userportal/complete/',
        after: 'https://mfa.example:8443/userportal/complete/'
      }
    })
  })
})

describe('every default', () => {
  it('can be set by hand, and is then no default any more', async () => {
    const console = await openTestConsole()
    const entries = await set(console, settingDefaults)
    const byHand = entries.filter(({ isDefault }) => !isDefault).map(({ key }) => key)
    expect(byHand.toSorted()).toEqual(['server.siteId', ...Object.keys(settingDefaults)].toSorted())
  })
})
