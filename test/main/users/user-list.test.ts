import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  userSortColumns,
  type AppState,
  type CodeState,
  type User,
  type UserFilter,
  type UserSort
} from '../../../src/shared/user.ts'
import { foldCase } from '../../../src/main/system/fold-case.ts'
import { foldForSearch } from '../../../src/main/users/search-text.ts'
import { openTestConsole, type TestConsole } from '../../support/console.ts'
import { refusalCode } from '../../support/refusal.ts'

const rank = {
  app: { none: 0, 'set-up': 1, provisioned: 2 },
  code: { none: 0, withdrawn: 1, failed: 2, superseded: 2.5, expired: 3, live: 4, used: 5 }
}

/** By what a person would say that the column is in order, apart from the username. */
function keyOf(user: User, column: UserSort['column']): string | number {
  switch (column) {
    case 'username':
      return foldCase(user.username)
    case 'name':
      return foldForSearch(user.name)
    case 'email':
      return user.email.toLowerCase()
    case 'group':
      return foldCase(user.group)
    case 'app':
      return rank.app[user.app]
    case 'code':
      return rank.code[user.code]
    default:
      return Number.isFinite(Number(user[column])) && column !== 'phone' ? Number(user[column]) : String(user[column])
  }
}

/** Several hundred users in every state, some of them equal in everything but the username. */
async function openServer(): Promise<TestConsole> {
  const console = await openTestConsole()
  const names = ['Zoë', 'zoe', 'Ängström', 'angela', 'Łukasz', 'دانا', '山田', '', 'O’Hara', 'anna']
  const groups = ['Staff', 'night shift', 'Accounts', 'Émigrés']
  const lines = Array.from({ length: 300 }, (_, number) => {
    const name = names[number % names.length] ?? ''
    return `${number % 2 ? 'U' : 'u'}ser${(number * 37) % 300},${name},${number % 3 ? `U${number}@example.com` : ''},${groups[number % 4]},+44 ${number % 5}`
  })
  const content = Buffer.from(['username,name,email,group,phone', ...lines].join('\n'))
  await console.call('users:import', { content, createGroups: true })
  await console.call('settings:set', { changes: { 'policy.codes.perAddressPerMinute': 0 } })
  const some = (from: number, to: number) => ({
    usernames: Array.from({ length: to - from }, (_, index) => `user${from + index}`)
  })
  const attempt = (username: string, code: string) =>
    console.portal.provisioning.provision({ username, code, address: '192.0.2.1' })
  await console.call('codes:issue', { selection: some(0, 20), validForMs: 60_000 })
  console.clock.advance(61_000)
  await console.call('codes:issue', { selection: some(20, 60), validForMs: 120_000 })
  console.clock.advance(1000)
  await console.call('codes:issue', { selection: some(40, 90), validForMs: 3_600_000 })
  await console.call('codes:withdraw', { selection: some(80, 95) })
  const { issued } = await console.call('codes:issue', { selection: some(100, 130), reveal: true })
  for (const { username, code = '' } of issued) {
    console.clock.advance(1000)
    const outcome = await attempt(username, code)
    if ('id' in outcome && username.endsWith('7')) {
      await console.portal.provisioning.downloadSecurityStrings({ id: outcome.id, address: '192.0.2.1' })
    }
  }
  for (let number = 60; number < 75; number++) {
    for (let wrong = 0; wrong < 5; wrong++) await attempt(`user${number}`, 'ZZZZZZZZZZ')
  }
  await console.call('users:disable', { selection: some(140, 160) })
  await console.call('users:remove', { selection: some(290, 300) })
  // Ends the codes of the second batch, whose state nobody has written down.
  console.clock.advance(95_000)
  // Locks are over by now but for the ones of these.
  for (let number = 70; number < 80; number++) {
    for (let wrong = 0; wrong < 5; wrong++) await attempt(`user${number}`, 'ZZZZZZZZZZ')
  }
  return console
}

const orders: UserSort[] = userSortColumns.flatMap((column) => [
  { column, descending: false },
  { column, descending: true }
])

async function readAll(console: TestConsole, sort: UserSort, limit: number, filter: UserFilter = {}): Promise<User[]> {
  const users: User[] = []
  let after: string | null = null
  do {
    const page: { users: User[]; next: string | null } = await console.call('users:list', {
      filter,
      sort,
      limit,
      ...(after !== null && { after })
    })
    users.push(...page.users)
    after = page.next
  } while (after !== null)
  return users
}

describe('the list of users in the order of a column', () => {
  it('gives every user once over pages of any size, and jumps land where turning the pages would', async () => {
    const console = await openServer()
    for (const sort of orders) {
      const all = await readAll(console, sort, 500)
      expect([sort, new Set(all.map(({ username }) => username)).size, all.length]).toEqual([sort, 290, 290])
      const keys = all.map((user) => keyOf(user, sort.column))
      const sorted = keys.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
      expect([sort, keys]).toEqual([sort, sort.descending ? sorted.toReversed() : sorted])
      for (const limit of [7, 289, 290]) expect(await readAll(console, sort, limit)).toEqual(all)

      const names = all.map(({ username }) => username)
      for (const skip of [0, 1, 45, 288, 289, 290, 400]) {
        const { users } = await console.call('users:list', { sort, skip, limit: 3 })
        expect([sort, skip, users.map(({ username }) => username)]).toEqual([sort, skip, names.slice(skip, skip + 3)])
      }
      const { next } = await console.call('users:list', { sort, limit: 20 })
      const far = await console.call('users:list', { sort, after: next ?? '', skip: 200, limit: 5 })
      expect(far.users.map(({ username }) => username)).toEqual(names.slice(220, 225))
    }
  })

  it('keeps live codes apart from those past their end, whether that is written down or not', async () => {
    const console = await openServer()
    const states = (await readAll(console, { column: 'code', descending: false }, 50)).map(({ code }) => code)
    const runs = states.filter((state, index) => state !== states[index - 1])
    expect(runs).toEqual(['none', 'withdrawn', 'expired', 'live', 'used'])
  })

  it('is that of the filtered users, whatever filter and order', async () => {
    const console = await openServer()
    const filter = fc.record(
      {
        query: fc.constantFrom('zo', 'example', '+44 3', 'zzz'),
        group: fc.constantFrom('Accounts', 'night shift', 'nowhere'),
        app: fc.constantFrom<AppState[][]>(['none'], ['set-up', 'provisioned']),
        code: fc.constantFrom<CodeState[][]>(['live'], ['expired', 'none']),
        locked: fc.boolean(),
        disabled: fc.boolean()
      },
      { requiredKeys: [] }
    )
    await fc.assert(
      fc.asyncProperty(
        filter,
        fc.constantFrom(...orders),
        fc.integer({ min: 3, max: 40 }),
        async (given, sort, limit) => {
          const listed = await readAll(console, sort, limit, given)
          expect(listed).toHaveLength((await console.call('users:count', { filter: given })).users)
          const names = new Set(listed.map(({ username }) => username))
          const all = await readAll(console, sort, 500)
          expect(listed).toEqual(all.filter(({ username }) => names.has(username)))
        }
      ),
      { numRuns: 60 }
    )
  })

  it('is that of the filtered users where thousands match, and all of them at one end of the list', async () => {
    const console = await openTestConsole()
    const lines = Array.from({ length: 6600 }, (_, number) => {
      const isLate = number % 3 === 0
      return `user${(number * 37) % 6600},${isLate ? 'Zoë' : 'Anna'},${isLate ? 'z' : 'a'}${number}@example.com,${isLate ? 'Staff' : 'Night'}`
    })
    const content = Buffer.from(['username,name,email,group', ...lines].join('\n'))
    await console.call('users:import', { content, createGroups: true })
    const named = await readAll(console, { column: 'username', descending: false }, 500, { group: 'Staff' })
    const late = named.map(({ username }) => username)
    await console.call('codes:issue', { selection: { usernames: late } })
    const { issued } = await console.call('codes:issue', {
      selection: { usernames: late.slice(100, 103) },
      reveal: true
    })
    for (const { username, code = '' } of issued) {
      const app = await console.portal.provisioning.provision({ username, code, address: '192.0.2.1' })
      expect(app).toHaveProperty('id')
    }
    for (const column of ['name', 'email', 'app', 'code', 'group', 'lockedUntilMs', 'provisionedAtMs'] as const) {
      for (const descending of [false, true]) {
        const sort = { column, descending }
        const staff = (await readAll(console, sort, 500)).filter(({ group }) => group === 'Staff')
        for (const filter of [{ query: 'zoe' }, { code: ['live' as const] }]) {
          const expected = staff
            .filter(({ code }) => filter.code === undefined || code === 'live')
            .map(({ username }) => username)
          const listed = await readAll(console, sort, 500, filter)
          expect([sort, filter, listed.map(({ username }) => username)]).toEqual([sort, filter, expected])
          const { users } = await console.call('users:list', { filter, sort, skip: 2190, limit: 5 })
          expect(users.map(({ username }) => username)).toEqual(expected.slice(2190, 2195))
          const beyond = await console.call('users:list', { filter, sort, skip: 2200, limit: 5 })
          expect(beyond).toEqual({ users: [], next: null })
        }
      }
    }
  })

  it('refuses a cursor of another order, and one that nobody gave', async () => {
    const console = await openServer()
    const { next } = await console.call('users:list', { limit: 1 })
    const after = next ?? ''
    for (const request of [
      { after, sort: { column: 'name' as const } },
      { after, sort: { column: 'username' as const, descending: true } },
      { after: 'x' },
      { after: Buffer.from('["username",false,7,["a"]]').toString('base64url') },
      { after: Buffer.from('["username",false,0,[]]').toString('base64url') },
      { after: Buffer.from('["username",false,0,["a",1]]').toString('base64url') }
    ]) {
      expect(await refusalCode(() => console.call('users:list', request))).toBe('invalid-input')
    }
  })
})
