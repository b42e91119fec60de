import path from 'node:path'
import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { settingKeys } from '../../../../src/shared/settings.ts'
import { createCli, createCliFolder, expectRefusals, expectWrongUsage } from '../../../support/cli.ts'
import { createTestFolder } from '../../../support/console.ts'

describe('provision settings', () => {
  it('sets a server up without a question in a new folder, and gives all settings or one, each in its type', async () => {
    const cli = createCli(path.join(createTestFolder(), 'made', 'on first use'))
    await cli.json(['settings', 'set', 'server.name='])
    const all = await cli.json<Record<string, unknown>>(['settings', 'get'])
    expect(Object.keys(all).filter((key) => !key.startsWith('transport.'))).toEqual(settingKeys)
    expect(all).toMatchObject({
      'server.siteId': expect.any(Number) as number,
      'server.usesSsl': true,
      'policy.codes.length': 10,
      'policy.codes.endAfterWrongAttempts': 'off',
      'policy.selfReset.completeUrl': 'https://127.0.0.1:8443/userportal/complete/',
      'policy.selfReset.mailValidity': '24h',
      'portal.address': '127.0.0.1',
      'portal.port': 8443
    })
    expect(await cli.json(['settings', 'get', 'server.siteId'])).toEqual({ 'server.siteId': all['server.siteId'] })
    expect(await cli.run(['settings', 'get', 'server.host'])).toMatchObject({ exitCode: 0, stdout: '127.0.0.1\n' })
    expect((await cli.run(['settings', 'get'])).stdout).toMatch(/^policy\.codes\.alphabet=base32 {2}\(default\)$/m)
  })

  it('sets several at once, typed; KEY= puts the default back and KEY=@FILE takes a file’s text', async () => {
    const cli = createCli(createTestFolder())
    const host = path.join(createTestFolder(), 'host.txt')
    writeFileSync(host, 'portal.example.com\n')
    expect(
      await cli.json([
        'settings',
        'set',
        'policy.codes.length=12',
        'policy.hideUnknownUsers=Yes',
        'server.name=42',
        'policy.codes.endAfterWrongAttempts=3',
        'policy.selfReset.mailValidity=90m',
        `server.host=@${host}`
      ])
    ).toEqual({
      'policy.codes.length': 12,
      'policy.hideUnknownUsers': true,
      'server.name': '42',
      'policy.codes.endAfterWrongAttempts': 3,
      'policy.selfReset.mailValidity': '1h30m',
      'server.host': 'portal.example.com'
    })
    expect(await cli.json(['settings', 'get', 'policy.selfReset.qrCodeUrl'])).toEqual({
      'policy.selfReset.qrCodeUrl': 'https://portal.example.com:8443/userportal/getQRCode?text='
    })
    expect((await cli.run(['settings', 'set', 'policy.codes.length=', 'server.name=a=b'])).stdout).toBe(
      'server.name=a=b\npolicy.codes.length=10  (default)\n'
    )
  })

  it('refuses an unknown key, a wrong type and a missing file, and then sets none of them', async () => {
    const { cli } = await createCliFolder('username\nann\n')
    const set = (...changes: string[]) => ['settings', 'set', 'server.port=9000', ...changes]
    const wrong = {
      'policy.codes.length': 'must be a whole number from 6 to 24',
      'policy.codes.alphabet': 'must be one of base32, digits, alphanumeric',
      'server.usesSsl': 'must be true or false',
      'server.siteId': 'has no default: apps already know the server by it'
    }
    const reasons = Object.entries(wrong).map(([key, reason]) => `${key} ${reason}`)
    const unknown = (key: string) => ({
      code: 'setting-unknown',
      message: `There is no setting “${key}”. “provision settings get” lists them all.`
    })
    await expectRefusals(cli, [
      [set('no.such=1'), unknown('no.such')],
      [set('__proto__=1'), unknown('__proto__')],
      [['settings', 'get', 'toString'], unknown('toString')],
      [
        set('policy.codes.length=12.5', 'policy.codes.alphabet=hex', 'server.usesSsl=maybe', 'server.siteId='),
        { code: 'setting-invalid', message: `${reasons.join('; ')}.`, details: wrong }
      ],
      [set('server.host=@/no/such/file'), { code: 'file-unreadable' }]
    ])
    await expectWrongUsage(cli, [['settings', 'set', 'server.port']])
    expect(await cli.json(['settings', 'get', 'server.port'])).toEqual({ 'server.port': 8443 })
  })
})
