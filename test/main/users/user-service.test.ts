import { describe, expect, it } from 'vitest'
import { openTestConsole, type TestConsole } from '../../support/console.ts'

async function withUsers(lines: string[]): Promise<TestConsole> {
  const console = await openTestConsole()
  const content = Buffer.from(['username,name,email,group,phone', ...lines].join('\n'))
  const report = await console.call('users:import', { content, createGroups: true })
  expect(report.rejected).toEqual([])
  return console
}

async function find(console: TestConsole, query: string): Promise<string[]> {
  return (await console.call('users:list', { filter: { query } })).users.map(({ username }) => username)
}

describe('the list of users', () => {
  it('gives each user exactly once over pages of any size, in the order of usernames without case', async () => {
    const console = await withUsers(
      Array.from({ length: 53 }, (_, i) => `${i % 2 ? 'U' : 'u'}ser${(i * 7) % 53},,,Staff,`)
    )
    for (const limit of [1, 7, 52, 53, 54]) {
      const seen: string[] = []
      let after: string | null = null
      do {
        const page: { users: { username: string }[]; next: string | null } = await console.call('users:list', {
          limit,
          ...(after === null ? {} : { after })
        })
        seen.push(...page.users.map(({ username }) => username))
        after = page.next
      } while (after !== null)
      expect(new Set(seen).size).toBe(53)
      expect(seen.map((name) => name.toLowerCase())).toEqual(seen.map((name) => name.toLowerCase()).toSorted())
    }
  })

  it('jumps ahead from a cursor', async () => {
    const console = await withUsers(['a,,,Staff,', 'b,,,Staff,', 'c,,,Staff,', 'd,,,Staff,', 'e,,,Staff,'])
    const first = await console.call('users:list', { limit: 1 })
    const jumped = await console.call('users:list', { limit: 2, after: first.next ?? '', skip: 2 })
    expect(jumped.users.map(({ username }) => username)).toEqual(['d', 'e'])
  })

  it('refuses a cursor that it never gave', async () => {
    const console = await openTestConsole()
    for (const after of ['x', 'bm90IGpzb24', Buffer.from('[1,2]').toString('base64url')]) {
      await expect(console.call('users:list', { after })).rejects.toMatchObject({ code: 'invalid-input' })
    }
  })

  it('searches username, name, address and phone, without case and accents, every word somewhere', async () => {
    const console = await withUsers([
      'pdvorak,Petra Dvořák,petra@example.com,Staff,+44 7700 900177',
      'jlodz,Jan Łódź,jan@example.org,Staff,',
      'odd%name,100% Real_Name,,Staff,'
    ])
    expect(await find(console, 'dvorak')).toEqual(['pdvorak'])
    expect(await find(console, 'DVOŘÁK petra')).toEqual(['pdvorak'])
    expect(await find(console, '900177')).toEqual(['pdvorak'])
    expect(await find(console, '+447700900177')).toEqual(['pdvorak'])
    expect(await find(console, 'lodz')).toEqual(['jlodz'])
    expect(await find(console, 'example.org')).toEqual(['jlodz'])
    expect(await find(console, '%')).toEqual(['odd%name'])
    expect(await find(console, 'l_n')).toEqual(['odd%name'])
    expect(await find(console, 'petra jan')).toEqual([])
  })

  it('filters by group and by both states, and counts what it lists', async () => {
    const console = await withUsers(['a,,,Staff,', 'b,,,Finance,', 'c,,,Finance,'])
    await console.call('codes:issue', { selection: { usernames: ['b'] }, validForMs: 60_000 })
    const list = async (filter: object) => {
      const { users } = await console.call('users:list', { filter })
      expect(await console.call('users:count', { filter })).toEqual({ users: users.length })
      return users.map(({ username }) => username)
    }
    expect(await list({ group: 'FINANCE' })).toEqual(['b', 'c'])
    expect(await list({ code: ['live'] })).toEqual(['b'])
    expect(await list({ code: ['none'], group: 'Finance' })).toEqual(['c'])
    console.clock.advance(60_000)
    expect(await list({ code: ['live'] })).toEqual([])
    expect(await list({ code: ['expired', 'used'] })).toEqual(['b'])
    expect(await list({ app: ['provisioned'] })).toEqual([])
  })
})

describe('a change to a user', () => {
  it('is refused when somebody else changed the user since it was read', async () => {
    const console = await withUsers(['jdoe,Jo Doe,,Staff,'])
    const { revision } = (await console.call('users:show', { username: 'jdoe' })).user
    await console.call('users:set', { username: 'jdoe', change: { name: 'Jo Roe' }, revision })
    const late = console.call('users:set', { username: 'jdoe', change: { name: 'Jo Poe' }, revision })
    await expect(late).rejects.toMatchObject({ code: 'changed-meanwhile' })
    expect((await console.call('users:show', { username: 'jdoe' })).user.name).toBe('Jo Roe')
  })

  it('is refused when somebody else changed the same field, and goes beside a change of another', async () => {
    const console = await withUsers(['jdoe,Jo Doe,,Staff,'])
    const set = (change: object, expected: object) => console.call('users:set', { username: 'jdoe', change, expected })
    await set({ email: 'jo@example.com' }, { email: '' })
    expect(await set({ name: 'Jo Roe' }, { name: 'Jo Doe' })).toMatchObject({ email: 'jo@example.com' })
    await expect(set({ name: 'Jo Poe' }, { name: 'Jo Doe' })).rejects.toMatchObject({
      code: 'changed-meanwhile',
      details: { changed: ['name'] }
    })
  })

  it('leaves the user to be found by id, until removed', async () => {
    const console = await withUsers(['jdoe,Jo Doe,,Staff,'])
    const { id } = (await console.call('users:show', { username: 'jdoe' })).user
    await console.call('users:set', { username: 'jdoe', change: { username: 'jroe' } })
    expect((await console.call('users:show', { username: 'jdoe', id })).user.username).toBe('jroe')
    await console.call('users:remove', { selection: { usernames: ['jroe'] } })
    await expect(console.call('users:show', { username: 'jdoe', id })).rejects.toMatchObject({ code: 'user-not-found' })
  })

  it('names every field that is wrong and changes nothing', async () => {
    const console = await withUsers(['jdoe,Jo Doe,,Staff,'])
    const bad = console.call('users:set', { username: 'jdoe', change: { username: 'j/doe', email: 'nowhere' } })
    await expect(bad).rejects.toMatchObject({
      code: 'invalid-input',
      details: { username: expect.any(String) as string, email: expect.any(String) as string }
    })
    expect((await console.call('users:show', { username: 'jdoe' })).user.email).toBe('')
  })

  it('cannot take a name that another user has in other letters', async () => {
    const console = await withUsers(['jdoe,,,Staff,', 'straße,,,Staff,'])
    const taken = { code: 'user-exists', details: { username: expect.stringContaining('already') as string } }
    await expect(console.call('users:add', { username: 'JDOE', group: 'Staff' })).rejects.toMatchObject(taken)
    await expect(
      console.call('users:set', { username: 'jdoe', change: { username: 'STRASSE' } })
    ).rejects.toMatchObject(taken)
    await expect(console.call('users:add', { username: 'ann', group: 'None' })).rejects.toMatchObject({
      code: 'group-not-found',
      details: { group: expect.stringContaining('“None”') as string }
    })
    expect((await console.call('users:set', { username: 'jdoe', change: { username: 'JDoe' } })).username).toBe('JDoe')
  })
})
