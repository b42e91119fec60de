import { readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { createCliFolder, expectWrongUsage } from '../../../support/cli.ts'
import { createTestFolder } from '../../../support/console.ts'

const users = 'username,name,group,phone\nann,Ann,Staff,+44 1\nbob,Bob,Staff,\ncy,Cy,Night,\n'

describe('provision users', () => {
  it('exports everybody, or a selection, as a file that import reads back', async () => {
    const { cli } = await createCliFolder(users)
    const file = path.join(createTestFolder(), 'users.csv')
    expect(await cli.json(['users', 'export', '--out', file])).toEqual({ file, users: 3 })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(await cli.json(['users', 'import', file])).toMatchObject({ unchanged: 3, rejected: [] })
    const some = await cli.run(['users', 'export', '--group', 'Night', '--out', '-'])
    expect(some.stdout.split('\r\n')).toEqual([
      'username,name,email,group,phone,disabled,app,code,code ends,app set up',
      'cy,Cy,,Night,,no,none,none,,',
      ''
    ])
    expect(readFileSync(file, 'utf8').startsWith('\ufeffusername,')).toBe(true)
    await expectWrongUsage(cli, [['users', 'export']])
    expect(readFileSync(file, 'utf8')).toContain("'+44 1")
  })

  it('disables leavers of a group, counted and named first by a dry run', async () => {
    const { cli } = await createCliFolder(users)
    const file = path.join(createTestFolder(), 'users.csv')
    writeFileSync(file, 'username\nann\n')
    const args = ['users', 'import', file, '--disable-missing', 'staff']
    expect(await cli.json([...args, '--dry-run'])).toMatchObject({ disabled: 1, leavers: ['bob'], written: false })
    expect((await cli.run([...args, '--dry-run'])).stdout).toContain('1 to disable, not in the file: bob\n')
    expect(await cli.json(args)).toMatchObject({ disabled: 1, leavers: ['bob'], written: true })
    expect(await cli.json(['users', 'list', '--state', 'disabled'])).toMatchObject({ users: [{ username: 'bob' }] })
    expect(await cli.refusal([...args.slice(0, -1), 'Nowhere'])).toMatchObject({ code: 'group-not-found' })
  })

  it('shows the device, takes it away, and unlocks', async () => {
    const { console, cli } = await createCliFolder(users)
    const { issued } = await console.call('codes:issue', { selection: { usernames: ['ann'] }, reveal: true })
    const provision = (username: string, code: string) =>
      console.portal.provisioning.provision({ username, code, address: '192.0.2.1' })
    await provision('ann', issued[0]?.code ?? '')
    for (let wrong = 0; wrong < 5; wrong++) await provision('bob', 'ZZZZZZZZZZ')
    expect(await cli.json(['users', 'show', 'ann'])).toMatchObject({
      device: { address: '192.0.2.1', code: { channel: 'desk' }, stringsDownloaded: 0 }
    })
    expect((await cli.run(['users', 'show', 'ann'])).stdout).toMatch(/^Set up {4}.* from 192\.0\.2\.1, by the code/m)
    expect(await cli.json(['users', 'unprovision', 'ann', 'bob'])).toMatchObject({ changed: 1 })
    expect(await cli.json(['users', 'show', 'ann'])).toMatchObject({ device: null, app: 'none' })
    expect(await cli.json(['users', 'list', '--state', 'locked'])).toMatchObject({ users: [{ username: 'bob' }] })
    expect(await cli.json(['users', 'unlock', '--state', 'locked'])).toMatchObject({ changed: 1 })
    expect(await cli.json(['users', 'list', '--state', 'locked'])).toMatchObject({ users: [] })
  })
})

describe('provision settings', () => {
  it('takes trusted networks as a list with commas, and puts the default back', async () => {
    const { cli } = await createCliFolder(users)
    const key = 'policy.codes.trustedNetworks'
    expect(await cli.json(['settings', 'set', `${key}=10.0.0.0/8,2001:db8::/32`])).toEqual({
      [key]: ['10.0.0.0/8', '2001:db8::/32']
    })
    expect((await cli.run(['settings', 'get', key])).stdout).toBe('10.0.0.0/8,2001:db8::/32\n')
    expect(await cli.json(['settings', 'set', `${key}=`])).toEqual({ [key]: [] })
    expect(await cli.json(['settings', 'set', 'policy.codes.perAddressPerMinute=0'])).toEqual({
      'policy.codes.perAddressPerMinute': 0
    })
    expect(await cli.refusal(['settings', 'set', `${key}=10.0.0.0/8,nonsense`])).toMatchObject({
      code: 'setting-invalid',
      details: { [key]: expect.stringContaining('“nonsense” is none') as string }
    })
  })
})
