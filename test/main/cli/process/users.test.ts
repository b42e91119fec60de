import path from 'node:path'
import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  createCli,
  createCliFolder,
  expectRefusals,
  expectWrongUsage,
  readError,
  type Cli
} from '../../../support/cli.ts'
import { createTestFolder } from '../../../support/console.ts'

interface ShownUser {
  username: string
  name: string
  email: string
  phone: string
  group: string
  disabled: boolean
  app: string
  provisionedAt: string | null
  code: string
  codeIssuedAt: string | null
  codeExpiresAt: string | null
  lockedUntil: string | null
  timeline: { at: string; kind: string; actor: string; detail: Record<string, unknown> }[]
}

/** Lines of username, name, email, group and phone. */
const folderWith = (lines: string[]) => createCliFolder(['username,name,email,group,phone', ...lines].join('\n'))

const namesOf = ({ users }: { users: { username: string }[] }) => users.map(({ username }) => username)
const list = async (cli: Cli, ...options: string[]) =>
  namesOf(await cli.json<{ users: { username: string }[] }>(['users', 'list', ...options]))

describe('provision users list', () => {
  it('gives each user exactly once, page after page, until there is no next one', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `${index % 2 ? 'User' : 'user'}${index}`)
    const { cli } = await folderWith(names.map((name) => `${name},,,Staff,`))
    const seen: string[][] = []
    let after: string[] = []
    for (;;) {
      const page = await cli.json<{ users: { username: string }[]; next: string | null }>([
        'users',
        'list',
        '--limit',
        '4',
        ...after
      ])
      seen.push(namesOf(page))
      if (page.next === null) break
      after = ['--after', page.next]
    }
    expect(seen.map((page) => page.length)).toEqual([4, 4, 4])
    expect(seen.flat().toSorted()).toEqual(names.toSorted())

    const asText = await cli.run(['users', 'list', '--limit', '11'])
    expect(asText.stdout.split('\n')[0]).toMatch(/^USERNAME +NAME +GROUP +APP +CODE$/)
    expect(asText.stderr).toMatch(/^More: --after \S+\n$/)
    expect((await cli.run(['users', 'list', '--limit', '11', '--quiet'])).stderr).toBe('')
    expect(await cli.refusal(['users', 'list', '--after', 'zzz'])).toMatchObject({ code: 'invalid-input' })
  })

  it('searches, and filters by group and by the words of the two states', async () => {
    const { console, cli } = await folderWith([
      'ada,Ada Dvořák,ada@example.com,Night,+44 7700 900177',
      'bob,Bob,,Staff,',
      'cy,Cy,,Staff,',
      'dee,Dee,,Staff,',
      'eve,Eve,,Staff,'
    ])
    await console.call('users:disable', { selection: { usernames: ['bob'] } })
    const { issued } = await console.call('codes:issue', {
      selection: { usernames: ['ada', 'cy', 'dee'] },
      reveal: true
    })
    const attempt = (username: string, code: string) =>
      console.portal.provisioning.provision({ username, code, address: '192.0.2.1' })
    await attempt('cy', issued.find(({ username }) => username === 'cy')?.code ?? '')
    await console.call('codes:withdraw', { selection: { usernames: ['dee'] } })

    const found = [
      [['--query', 'dvorak'], ['ada']],
      [['--query', '7700900'], ['ada']],
      [['--group', 'NIGHT'], ['ada']],
      [['--state', 'disabled'], ['bob']],
      [['--state', 'set-up'], ['cy']],
      [['--state', 'set up, no strings yet'], ['cy']],
      [
        ['--state', 'used,withdrawn'],
        ['cy', 'dee']
      ],
      [
        ['--state', 'none'],
        ['bob', 'eve']
      ],
      [['--state', 'app:none,withdrawn'], ['dee']],
      [['--state', 'locked'], []]
    ] as const
    const listed = await Promise.all(found.map(async ([options]) => [options, await list(cli, ...options)]))
    expect(listed).toEqual(found)

    expect(await cli.refusal(['users', 'list', '--group', 'Nigth'])).toMatchObject({ code: 'group-not-found' })
    const wrong = await cli.run(['users', 'list', '--state', 'asleep', '--json'])
    expect(wrong.exitCode).toBe(2)
    expect(readError(wrong.stderr).message).toMatch(/“asleep” is no state\. States are .*live.*locked/)
  })
})

describe('provision users', () => {
  it('adds, shows, changes and refuses a user, in words', async () => {
    const cli = createCli(createTestFolder())
    const added = await cli.json<ShownUser>(['users', 'add', 'Jo', '--name', 'Jo Doe', '--email', 'jo@example.com'])
    expect(added).toMatchObject({
      username: 'Jo',
      name: 'Jo Doe',
      email: 'jo@example.com',
      group: 'Staff',
      app: 'none'
    })
    expect((await cli.run(['users', 'add', '--', '-dash'])).stdout).toBe('Added -dash.\n')

    await expectRefusals(cli, [
      [['users', 'add', 'JO'], { code: 'user-exists', message: 'There is already a user “Jo”.' }],
      [
        ['users', 'add', 'a/b', '--email', 'x'],
        {
          code: 'invalid-input',
          message: 'The username contains “/”; the email has no “@”.',
          details: { username: 'contains “/”', email: 'has no “@”' }
        }
      ],
      [['users', 'add', 'kay', '--group', 'Night'], { code: 'group-not-found' }],
      [['users', 'show', 'nobody'], { code: 'user-not-found', message: 'There is no user “nobody”.' }],
      [['users', 'set', 'nobody', 'name=x'], { code: 'user-not-found' }],
      [['users', 'set', 'jo', 'username=-DASH'], { code: 'user-exists' }]
    ])

    const changed = await cli.json(['users', 'set', 'jo', 'username=Joe', 'email=', 'phone=+44 1', 'name=a=b'])
    expect(changed).toMatchObject({ username: 'Joe', name: 'a=b', email: '', phone: '+44 1' })
    const shown = await cli.json<ShownUser>(['users', 'show', 'JOE'])
    expect(shown).toMatchObject({ username: 'Joe', disabled: false, code: 'none', lockedUntil: null })
    expect(shown.timeline.map(({ kind }) => kind)).toEqual(['user.changed', 'user.added'])
    expect(shown.timeline[0]?.actor).toMatch(/ \(command line\)$/)
    const asText = (await cli.run(['users', 'show', 'joe'])).stdout
    expect(asText).toMatch(/^Username {2}Joe\nName {6}a=b\nPhone {5}\+44 1\n/)
    expect(asText).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d UTC {2}user\.added {2}/m)
  })

  it('disables, enables and removes a selection; what was left out is named, with exit code 3', async () => {
    const { cli } = await folderWith(['ada,,,Night,', 'bob,,,Night,', 'cy,,,Staff,'])
    const some = await cli.run(['users', 'disable', 'ada', 'nobody', '--json'])
    expect(some.exitCode).toBe(3)
    const skipped = [{ username: 'nobody', reason: 'there is no such user' }]
    expect(JSON.parse(some.stdout)).toEqual({ changed: 1, skipped, stopped: null })
    expect(readError(some.stderr)).toMatchObject({ code: 'partial', details: { skipped } })
    expect(await cli.run(['users', 'disable', 'nobody'])).toMatchObject({
      exitCode: 1,
      stdout: 'Disabled 0 users.\n',
      stderr: 'provision: Left out 1: nobody (there is no such user).\n'
    })

    expect(await cli.json(['users', 'enable', '--group', 'night'])).toMatchObject({ changed: 1 })
    const names = path.join(createTestFolder(), 'names.txt')
    writeFileSync(names, '\ufeffADA\r\n\r\n  bob\r\n')
    expect(await cli.json(['users', 'remove', '--file', names])).toEqual({ changed: 2, skipped: [], stopped: null })
    expect(await list(cli)).toEqual(['cy'])
    expect(await cli.json(['users', 'disable', '--file', '-'], { input: 'CY\n' })).toMatchObject({ changed: 1 })
    expect(await cli.refusal(['users', 'remove', '--group', 'Nigth'])).toMatchObject({ code: 'group-not-found' })
    await expectWrongUsage(cli, [
      ['users', 'remove'],
      ['users', 'remove', 'cy', '--all'],
      ['users', 'remove', '--file', names, '--state', 'none']
    ])
    expect(await list(cli)).toEqual(['cy'])
  })

  it('moves a selection to another group', async () => {
    const { cli } = await folderWith(['ada,,,Staff,', 'bob,,,Night,', 'cy,,,Night,'])
    expect(await cli.json(['users', 'move', '--group', 'night', '--to', 'STAFF'])).toEqual({
      changed: 2,
      skipped: [],
      stopped: null
    })
    expect(await list(cli, '--group', 'Staff')).toEqual(['ada', 'bob', 'cy'])
    expect(await cli.run(['users', 'move', 'bob', '--to', 'Night'])).toMatchObject({
      exitCode: 0,
      stdout: 'Moved 1 user.\n'
    })
    const partial = await cli.run(['users', 'move', 'ada', 'nobody', '--to', 'Night', '--json'])
    expect([partial.exitCode, readError(partial.stderr)]).toMatchObject([3, { code: 'partial' }])
    await expectRefusals(cli, [[['users', 'move', 'ada', '--to', 'Nowhere'], { code: 'group-not-found' }]])
    await expectWrongUsage(cli, [['users', 'move', 'ada']])
  })

  it('frees a removed user’s name, and nothing of the old user’s life is the new one’s', async () => {
    const { console, cli } = await folderWith(['ada,Ada,ada@example.com,Night,+44 1'])
    const issue = { selection: { usernames: ['ada'] }, reveal: true }
    const attempt = async (code = '') =>
      console.portal.provisioning.provision({ username: 'ada', code, address: '192.0.2.1' })
    const first = await attempt((await console.call('codes:issue', issue)).issued[0]?.code)
    const id = 'id' in first ? first.id : ''
    expect(id).not.toBe('')
    const { issued } = await console.call('codes:issue', issue)

    expect(await cli.json(['users', 'remove', 'ada'])).toMatchObject({ changed: 1 })
    expect(await cli.refusal(['users', 'show', 'ada'])).toMatchObject({ code: 'user-not-found' })
    expect(await attempt(issued[0]?.code)).toEqual({ error: 'invalid-username' })
    await cli.json(['users', 'add', 'ADA'])

    const shown = await cli.json<ShownUser>(['users', 'show', 'ada'])
    expect(shown).toEqual({
      username: 'ADA',
      name: '',
      email: '',
      phone: '',
      group: 'Staff',
      disabled: false,
      app: 'none',
      provisionedAt: null,
      code: 'none',
      codeIssuedAt: null,
      codeExpiresAt: null,
      lockedUntil: null,
      device: null,
      timeline: [expect.objectContaining({ kind: 'user.added' })]
    })
    expect(await attempt(issued[0]?.code)).toEqual({ error: 'invalid-provision-code' })
    expect(await console.portal.provisioning.downloadSecurityStrings({ id, address: '192.0.2.1' })).toEqual({
      error: 'downloading-security-strings'
    })
  })
})

describe('provision groups', () => {
  it('adds, changes and removes groups, and keeps one that has users', async () => {
    const { cli } = await folderWith(['ada,,,Staff,'])
    const night = {
      id: expect.any(Number),
      name: 'Night',
      mobileClient: false,
      selfProvision: true,
      transport: 'default',
      users: 0
    }
    const staff = {
      id: expect.any(Number),
      name: 'Staff',
      mobileClient: true,
      selfProvision: false,
      transport: 'default',
      users: 1
    }
    expect(await cli.json(['groups', 'add', 'Night', '--no-mobile-client', '--self-provision'])).toEqual(night)
    expect(await cli.refusal(['groups', 'add', 'NIGHT'])).toMatchObject({ code: 'group-exists' })
    expect(await cli.json(['groups', 'list'])).toEqual([night, staff])
    const day = { ...night, name: 'Day', mobileClient: true, selfProvision: false }
    const changes = ['name=Day', 'mobileClient=true', 'selfProvision=no']
    expect(await cli.json(['groups', 'set', 'night', ...changes])).toEqual(day)
    expect((await cli.run(['groups', 'set', 'day', 'mobileClient=perhaps'])).exitCode).toBe(2)
    expect(await cli.refusal(['groups', 'remove', 'staff'])).toMatchObject({ code: 'group-not-empty' })
    expect(await cli.json(['groups', 'remove', 'day'])).toEqual({ removed: 'day', moved: 0, stopped: null })
    expect(await cli.refusal(['groups', 'remove', 'day'])).toMatchObject({ code: 'group-not-found' })
  })
})
