import path from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { openTestConsole, type TestConsole } from '../../support/console.ts'

const wrong = 'ZZZZZZZZZZ'
const passed = { id: expect.any(String) as string }
const invalidCode = { error: 'invalid-provision-code' }

async function openServer(settings: Record<string, unknown> = {}): Promise<TestConsole> {
  const console = await openTestConsole()
  await console.call('users:import', { content: Buffer.from('username\nann\nbob\n') })
  await console.call('settings:set', { changes: settings })
  return console
}

async function issue(console: TestConsole, username: string): Promise<string> {
  const { issued } = await console.call('codes:issue', { selection: { usernames: [username] }, reveal: true })
  return issued[0]?.code ?? ''
}

const attempt = (console: TestConsole, username: string, code: string, address: string) =>
  console.portal.provisioning.provision({ username, code, address })

const show = async (console: TestConsole, username: string) => (await console.call('users:show', { username })).user

const addressOf = (number: number) => `198.51.${Math.floor(number / 250)}.${number % 250}`

function readNumber(console: TestConsole, query: string): number {
  const sqlite = new BetterSqlite3(path.join(console.folder, 'console.db'), { readonly: true })
  const value = sqlite.prepare<[], number>(query).pluck().get() ?? 0
  sqlite.close()
  return value
}

describe('a stranger who guesses', () => {
  it('waits, and keeps nobody else from using the right code', async () => {
    const console = await openServer()
    const code = await issue(console, 'ann')
    for (let guess = 0; guess < 9; guess++) await attempt(console, 'ann', wrong, '203.0.113.9')
    expect(await attempt(console, 'ann', code, '203.0.113.9')).toEqual(invalidCode)
    expect(await show(console, 'ann')).toMatchObject({ lockedUntilMs: console.clock.nowMs() + 30_000, code: 'live' })
    expect(await attempt(console, 'ann', code, '203.0.113.10')).toEqual(passed)
    expect(await show(console, 'ann')).toMatchObject({ lockedUntilMs: null })
  })

  it('is one whatever address of an IPv6 network of 64 bits they use', async () => {
    const console = await openServer()
    const code = await issue(console, 'ann')
    for (let guess = 0; guess < 5; guess++) await attempt(console, 'ann', wrong, `2001:db8::${guess}`)
    expect(await attempt(console, 'ann', code, '2001:db8::ffff')).toEqual(invalidCode)
    expect(await attempt(console, 'ann', code, '2001:db8:0:1::1')).toEqual(passed)
  })

  it('waits for one name alone', async () => {
    const console = await openServer({ 'policy.codes.perAddressPerMinute': 0 })
    const code = await issue(console, 'bob')
    for (let guess = 0; guess < 5; guess++) await attempt(console, 'ann', wrong, '203.0.113.9')
    expect(await attempt(console, 'bob', code, '203.0.113.9')).toEqual(passed)
  })

  it('with fifty networks slows the name for all of these, and for no other', async () => {
    const console = await openServer()
    const code = await issue(console, 'ann')
    for (let number = 0; number < 50; number++) await attempt(console, 'ann', wrong, addressOf(number))
    expect((await show(console, 'ann')).lockedUntilMs).toBe(console.clock.nowMs() + 30_000)
    expect((await console.call('users:list', { filter: { locked: true } })).users).toHaveLength(1)
    for (const number of [0, 25, 49]) {
      expect(await attempt(console, 'ann', code, addressOf(number))).toEqual(invalidCode)
    }
    for (let number = 50; number < 200; number++) await attempt(console, 'ann', wrong, addressOf(number))
    // Each fifty more double the wait.
    expect((await show(console, 'ann')).lockedUntilMs).toBe(console.clock.nowMs() + 240_000)
    expect(await attempt(console, 'ann', code, addressOf(200))).toEqual(passed)
  })

  it('who tries a name from forty-nine networks an hour slows it for none of them', async () => {
    const console = await openServer()
    for (let hour = 0; hour < 3; hour++) {
      for (let number = 0; number < 49; number++) await attempt(console, 'ann', wrong, addressOf(number))
      expect((await show(console, 'ann')).lockedUntilMs).toBeNull()
      console.clock.advance(3_600_000)
    }
  })

  it('is forgiven by a new code and by unlocking, for that name', async () => {
    const console = await openServer()
    const lock = async () => {
      for (let number = 0; number < 50; number++) await attempt(console, 'ann', wrong, addressOf(number))
      expect((await show(console, 'ann')).lockedUntilMs).not.toBeNull()
    }
    await lock()
    expect((await console.call('users:unlock', { selection: { usernames: ['ann', 'bob'] } })).changed).toBe(1)
    await lock()
    const code = await issue(console, 'ann')
    expect(readNumber(console, 'select count(*) from guessers')).toBe(0)
    expect(await attempt(console, 'ann', code, addressOf(3))).toEqual(passed)
  })

  it('fills no table: what nobody tried for a day goes', async () => {
    const console = await openServer()
    for (let day = 0; day < 3; day++) {
      for (let number = 0; number < 30; number++)
        await attempt(console, `name ${day} ${number}`, wrong, addressOf(number))
      console.clock.advance(25 * 3_600_000)
    }
    expect(readNumber(console, 'select count(*) from guessers')).toBeLessThanOrEqual(40)
    expect(readNumber(console, 'select count(*) from lockouts')).toBeLessThanOrEqual(40)
  })

  it('writes the same rows for a name that nobody has as for one of a user', async () => {
    const console = await openServer()
    await issue(console, 'ann')
    const tables = ['guessers', 'lockouts', 'address_failures', 'audit']
    const counts = () => tables.map((table) => readNumber(console, `select count(*) from ${table}`))
    const written = async (username: string, address: string) => {
      const before = counts()
      for (let guess = 0; guess < 6; guess++) await attempt(console, username, wrong, address)
      return counts().map((count, index) => count - (before[index] ?? 0))
    }
    expect(await written('ann', '203.0.113.1')).toEqual(await written('nobody', '203.0.113.2'))
  })
})

describe('a code that a hundred phones send at once', () => {
  it('provisions one of them and makes nobody wait', async () => {
    const console = await openServer()
    const code = await issue(console, 'ann')
    const sent = Array.from({ length: 100 }, (_, number) => attempt(console, 'ann', code, addressOf(number % 7)))
    const outcomes = await Promise.all(sent)
    expect(outcomes.filter((outcome) => 'id' in outcome)).toHaveLength(1)
    expect(await show(console, 'ann')).toMatchObject({ app: 'set-up', lockedUntilMs: null })
    expect(readNumber(console, 'select count(*) from guessers')).toBe(0)
    expect(readNumber(console, 'select count(*) from address_failures')).toBe(0)
    expect(await attempt(console, 'ann', await issue(console, 'ann'), addressOf(0))).toEqual(passed)
  })
})
