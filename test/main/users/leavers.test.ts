import { describe, expect, it } from 'vitest'
import { openTestConsole, type TestConsole } from '../../support/console.ts'
import { refusalCode } from '../../support/refusal.ts'

async function openServer(): Promise<TestConsole> {
  const console = await openTestConsole()
  const lines = ['username,group', 'ann,Staff', 'Bob,Staff', 'cy,Staff', 'dee,Night', 'eve,Staff']
  await console.call('users:import', { content: Buffer.from(lines.join('\n')), createGroups: true })
  await console.call('users:disable', { selection: { usernames: ['eve'] } })
  return console
}

const file = (...lines: string[]) => Buffer.from(['username,email,group', ...lines].join('\n'))

async function disabled(console: TestConsole): Promise<string[]> {
  const { users } = await console.call('users:list', { filter: { disabled: true } })
  return users.map(({ username }) => username)
}

describe('an import that disables who is missing', () => {
  it('disables the users of the group whom the file does not name, and ends their codes', async () => {
    const console = await openServer()
    await console.call('codes:issue', { selection: { filter: {} } })
    const content = file('BOB,,Staff', 'new,,Staff')
    const dry = await console.call('users:import', { content, disableMissing: 'staff', dryRun: true })
    expect(dry).toMatchObject({
      added: 1,
      unchanged: 0,
      updated: 1,
      disabled: 2,
      leavers: ['ann', 'cy'],
      written: false
    })
    expect(await disabled(console)).toEqual(['eve'])

    const report = await console.call('users:import', { content, disableMissing: 'staff' })
    expect(report).toMatchObject({ added: 1, disabled: 2, leavers: ['ann', 'cy'], written: true, stopped: null })
    expect(await disabled(console)).toEqual(['ann', 'cy', 'eve'])
    expect((await console.call('users:show', { username: 'ann' })).user.code).toBe('withdrawn')
    expect((await console.call('users:show', { username: 'dee' })).user).toMatchObject({
      disabled: false,
      code: 'live'
    })
    // Again: there is nobody left to disable.
    expect(await console.call('users:import', { content, disableMissing: 'Staff' })).toMatchObject({ disabled: 0 })
  })

  it('takes nobody for a leaver whom a bad line names, and does nothing where a bad line may name anybody', async () => {
    const console = await openServer()
    const named = file('ann,not an address,Staff', 'bob,,Staff')
    expect(
      await console.call('users:import', { content: named, disableMissing: 'Staff', skipBad: true })
    ).toMatchObject({ leavers: ['cy'], disabled: 1, hasNameless: false, written: true })

    const nameless = file('bob,,Staff', '<cy>,,Staff')
    const report = await console.call('users:import', { content: nameless, disableMissing: 'Staff', skipBad: true })
    expect(report).toMatchObject({ written: false, disabled: 0, leavers: [], hasNameless: true })
    expect(report.rejected).toHaveLength(1)
    expect(await disabled(console)).toEqual(['cy', 'eve'])
  })

  it('is refused for a group that does not exist, and for a file that names nobody', async () => {
    const console = await openServer()
    const code = (content: Buffer, disableMissing: string) =>
      refusalCode(() => console.call('users:import', { content, disableMissing }))
    expect(await code(file('ann,,Staff'), 'Nowhere')).toBe('group-not-found')
    expect(await code(file(), 'Staff')).toBe('import-unreadable')
    expect(await disabled(console)).toEqual(['eve'])
  })

  it('names the first thousand of many and counts them all', async () => {
    const console = await openTestConsole()
    const names = Array.from({ length: 1300 }, (_, number) => `user${number}`)
    await console.call('users:import', { content: Buffer.from(['username', ...names].join('\n')) })
    const report = await console.call('users:import', {
      content: Buffer.from('username\nuser0\n'),
      disableMissing: 'Staff'
    })
    expect([report.disabled, report.leavers.length]).toEqual([1299, 1000])
  })
})
