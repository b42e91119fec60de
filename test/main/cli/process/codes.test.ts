import path from 'node:path'
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createCliFolder, expectRefusals, expectWrongUsage, readError } from '../../../support/cli.ts'
import { createTestFolder } from '../../../support/console.ts'

interface Issued {
  username: string
  code: string
  url: string
  expiresAt: string
}

async function folderWithUsers() {
  const made = await createCliFolder('username,group\nada,Night\nbob,Night\nDOMAIN\\cy o’neil,Staff\ndee,Staff\n')
  await made.console.call('users:disable', { selection: { usernames: ['dee'] } })
  return made
}

const hoursAhead = (time: string) => (Date.parse(time) - Date.now()) / 3_600_000

describe('provision codes issue', () => {
  it('reveals code and URL only when told to, and records it', async () => {
    const { cli } = await folderWithUsers()
    const siteId = (await cli.json<Record<string, number>>(['settings', 'get', 'server.siteId']))['server.siteId']
    const [one, ...others] = await cli.json<Issued[]>(['codes', 'issue', 'domain\\CY O’NEIL', '--reveal'])
    expect(others).toEqual([])
    expect(Object.keys(one ?? {})).toEqual(['username', 'code', 'url', 'expiresAt'])
    expect(one?.username).toBe('DOMAIN\\cy o’neil')
    expect(one?.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{10}$/)
    expect(one?.url).toBe(
      `https://127.0.0.1:8443/userportal/complete/${siteId}/DOMAIN%5Ccy%20o%E2%80%99neil/${one?.code}`
    )
    expect(hoursAhead(one?.expiresAt ?? '')).toBeCloseTo(24, 1)

    const asText = await cli.run(['codes', 'issue', 'ada', '--reveal'])
    expect(asText).toMatchObject({ exitCode: 0, stderr: '' })
    expect(asText.stdout).toMatch(/^USERNAME +CODE +UNTIL +URL\nada +(\w{10}) +\S+ \S+ UTC +https:\S+\/ada\/\1\n$/)

    const quiet = await cli.json<object[]>(['codes', 'issue', 'ada'])
    expect(quiet).toEqual([{ username: 'ada', expiresAt: expect.any(String) as string }])
    expect(await cli.run(['codes', 'issue', 'ada'])).toMatchObject({
      exitCode: 0,
      stdout: 'Issued 1 code.\n',
      stderr: ''
    })

    const { timeline } = await cli.json<{ timeline: { kind: string }[] }>(['users', 'show', 'ada'])
    expect(timeline.map(({ kind }) => kind).filter((kind) => kind === 'code.revealed')).toHaveLength(1)
  })

  it('writes codes into a file that is its owner’s alone', async () => {
    const { cli } = await folderWithUsers()
    const file = path.join(createTestFolder(), 'codes.csv')
    const { exitCode, stdout, stderr } = await cli.run(['codes', 'issue', 'ada', 'dee', '--out', file, '--json'])
    expect([exitCode, readError(stderr).code]).toEqual([3, 'partial'])
    const skipped = [{ username: 'dee', reason: 'the user is disabled' }]
    expect(JSON.parse(stdout)).toEqual({ file, issued: 1, skipped, stopped: null })
    expect(readFileSync(file, 'utf8')).toMatch(
      /^\ufeffusername,name,email,code,until,url\r\nada,,,(\w{10}),[^,]+,https:\S+\/ada\/\1\r\n$/
    )
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const toStdout = await cli.run(['codes', 'issue', 'ada', '--out', '-'])
    expect(toStdout.stdout).toMatch(/^username,.*\r\nada,/)
    expect((await cli.run(['codes', 'issue', 'ada', '--out', '-', '--json'])).exitCode).toBe(2)
    await expectWrongUsage(cli, [['codes', 'issue', 'ada', '--out', file, '--reveal']])
  })

  it('issues none where the file cannot be made, and keeps a file that is there until a new one is whole', async () => {
    const { cli } = await folderWithUsers()
    const folder = createTestFolder()
    await cli.json(['codes', 'issue', 'ada'])
    const nowhere = path.join(folder, 'none', 'codes.csv')
    expect(await cli.refusal(['codes', 'issue', '--all', '--out', nowhere])).toEqual({
      code: 'file-unwritable',
      message: `${nowhere} cannot be written: its folder does not exist. No code was issued.`
    })
    const kept = path.join(folder, 'kept.csv')
    writeFileSync(kept, 'earlier codes')
    await cli.refusal(['codes', 'issue', 'ada', '--valid', '90d', '--out', kept])
    expect(readFileSync(kept, 'utf8')).toBe('earlier codes')
    expect(readdirSync(folder)).toEqual(['kept.csv'])
    expect(await cli.json(['codes', 'list'])).toMatchObject([{ username: 'ada', state: 'live' }])
  })

  it.skipIf(!existsSync('/dev/full'))('withdraws codes that did not get onto the disk', async () => {
    const { cli } = await folderWithUsers()
    const full = path.join(createTestFolder(), 'codes.csv')
    symlinkSync('/dev/full', full)
    expect(await cli.refusal(['codes', 'issue', '--group', 'Night', '--out', full])).toEqual({
      code: 'file-unwritable',
      message: `${full} cannot be written: the disk is full. The 2 codes were withdrawn.`
    })
    const listed = await cli.json<{ state: string }[]>(['codes', 'list'])
    expect(listed.map(({ state }) => state)).toEqual(['withdrawn', 'withdrawn'])
  })

  it('takes every form of SELECTION', async () => {
    const { cli } = await folderWithUsers()
    const names = path.join(createTestFolder(), 'names.txt')
    writeFileSync(names, 'bob\n')
    const issuedTo = async (...selection: string[]) =>
      (await cli.json<Issued[]>(['codes', 'issue', ...selection])).map(({ username }) => username)
    expect(await issuedTo('ada', 'BOB', 'Ada')).toEqual(['ada', 'bob'])
    expect(await issuedTo('--group', 'night')).toEqual(['ada', 'bob'])
    expect(await issuedTo('--file', names)).toEqual(['bob'])
    expect(await issuedTo('--state', 'live')).toEqual(['ada', 'bob'])
    expect(await issuedTo('--state', 'live', '--group', 'Staff')).toEqual([])

    const all = await cli.run(['codes', 'issue', '--all', '--quiet'])
    expect(all).toMatchObject({ exitCode: 3, stdout: 'Issued 3 codes.\n' })
    expect(all.stderr).toBe('provision: Left out 1: dee (the user is disabled).\n')
    expect(await cli.refusal(['codes', 'issue', '--group', 'Nigth'])).toMatchObject({ code: 'group-not-found' })
  })

  it('says whom it left out, with exit code 3, or 1 when nobody is left', async () => {
    const { cli } = await folderWithUsers()
    const skipped = [
      { username: 'nobody', reason: 'there is no such user' },
      { username: 'dee', reason: 'the user is disabled' }
    ]
    const some = await cli.run(['codes', 'issue', 'ada', 'nobody', 'dee', '--reveal', '--json'])
    expect(some.exitCode).toBe(3)
    expect((JSON.parse(some.stdout) as Issued[]).map(({ username }) => username)).toEqual(['ada'])
    expect(readError(some.stderr)).toEqual({
      code: 'partial',
      message: 'Left out 2: nobody (there is no such user), dee (the user is disabled).',
      details: { skipped, stopped: null }
    })
    const none = await cli.run(['codes', 'issue', 'nobody', 'dee', '--json'])
    expect([none.exitCode, JSON.parse(none.stdout)]).toEqual([1, []])
  })

  it('takes a validity or a time between one minute and thirty days ahead, and no other', async () => {
    const { cli } = await folderWithUsers()
    const issue = (...life: string[]) => ['codes', 'issue', 'ada', ...life]
    const lives = [
      ['1m', 1 / 60],
      ['1d12h', 36],
      ['30d', 720]
    ] as const
    await Promise.all(
      lives.map(async ([text, hours]) => {
        const [one] = await cli.json<Issued[]>(issue('--valid', text))
        expect(hoursAhead(one?.expiresAt ?? '')).toBeCloseTo(hours, 1)
      })
    )
    const until = new Date(Date.now() + 3 * 3_600_000).toISOString()
    expect(await cli.json(issue('--until', until))).toMatchObject([{ expiresAt: until }])

    const outside = {
      code: 'invalid-input',
      message: expect.stringContaining('one minute to 30 days') as string
    }
    await expectRefusals(cli, [
      [issue('--valid', '59s'), outside],
      [issue('--valid', '30d1s'), outside],
      [issue('--until', '2020-01-01'), outside]
    ])
    await expectWrongUsage(cli, [
      issue('--valid', 'tomorrow'),
      issue('--until', 'tomorrow'),
      issue('--valid', '1h', '--until', until)
    ])
    const listed = await cli.json<{ state: string }[]>(['codes', 'list'])
    expect(listed.map(({ state }) => state)).toEqual(['live', 'superseded', 'superseded', 'superseded'])
  })
})

describe('provision codes list and withdraw', () => {
  it('shows each code in its state, and withdraws the live ones of a selection', async () => {
    const { cli } = await folderWithUsers()
    await cli.json(['codes', 'issue', 'ada', 'bob'])
    await cli.json(['codes', 'issue', 'ada'])
    const list = async (...options: string[]) =>
      (await cli.json<{ username: string; state: string }[]>(['codes', 'list', ...options])).map(
        ({ username, state }) => `${username} ${state}`
      )
    expect(await list()).toEqual(['ada live', 'bob live', 'ada superseded'])
    expect(await list('--state', 'superseded')).toEqual(['ada superseded'])
    expect(await list('--limit', '1')).toEqual(['ada live'])

    const some = await cli.run(['codes', 'withdraw', 'ada', 'nobody', '--json'])
    expect(some.exitCode).toBe(3)
    expect(JSON.parse(some.stdout)).toMatchObject({ withdrawn: 1 })
    expect(await cli.run(['codes', 'withdraw', '--all'])).toMatchObject({ exitCode: 0, stdout: 'Withdrew 1 code.\n' })
    expect(await list()).toEqual(['ada withdrawn', 'bob withdrawn', 'ada superseded'])
    await expectWrongUsage(cli, [
      ['codes', 'list', '--state', 'asleep'],
      ['codes', 'withdraw']
    ])
  })
})
