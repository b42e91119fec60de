import path from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressKey, isWithin } from '../../../src/main/provisioning/address-limit.ts'
import { openTestConsole, type TestConsole } from '../../support/console.ts'

const invalidCode = { error: 'invalid-provision-code' }
const passed = { id: expect.any(String) as string }

async function openServer(settings: Record<string, unknown> = {}): Promise<TestConsole> {
  const console = await openTestConsole()
  const users = Array.from({ length: 20 }, (_, number) => `user${number}`)
  await console.call('users:import', { content: Buffer.from(['username', ...users].join('\n')) })
  await console.call('settings:set', { changes: settings })
  return console
}

async function issue(console: TestConsole, username: string): Promise<string> {
  const { issued } = await console.call('codes:issue', { selection: { usernames: [username] }, reveal: true })
  return issued[0]?.code ?? ''
}

function attempt(console: TestConsole, username: string, code: string, address = '203.0.113.9') {
  return console.portal.provisioning.provision({ username, code, address })
}

/** Each refused attempt, also those of which the log has one entry for all of a minute, which ends here. */
async function refusals(console: TestConsole): Promise<unknown[]> {
  console.clock.advance(60_000)
  await attempt(console, 'whoever', wrong, '192.0.2.250')
  const { entries } = await console.call('log:list', { filter: { kinds: ['attempt.refused'] }, limit: 500 })
  return entries
    .filter(({ username }) => username !== 'whoever')
    .toReversed()
    .flatMap(({ detail }) => Array<unknown>(Number(detail['count'] ?? 1)).fill(detail['refusal']))
}

const wrong = 'ZZZZZZZZZZ'

describe('the limit by address', () => {
  it('lets ten wrong guesses a minute through, refuses what follows unread, and counts over restarts', async () => {
    const console = await openServer({ 'policy.codes.wrongAttempts': 100 })
    const code = await issue(console, 'user1')
    for (let guess = 0; guess < 12; guess++) expect(await attempt(console, 'user1', wrong)).toEqual(invalidCode)
    await console.close()
    const again = await openTestConsole({ folder: console.folder, clock: console.clock })
    expect(await attempt(again, 'user1', code)).toEqual(invalidCode)
    expect((await again.call('users:show', { username: 'user1' })).user).toMatchObject({ code: 'live' })
    expect(await refusals(again)).toEqual([
      ...Array.from({ length: 10 }, () => 'wrong-code'),
      'address-limit',
      'address-limit',
      'address-limit'
    ])
    // What was refused for the address has not made the wait longer.
    again.clock.advance(60_000)
    expect(await attempt(again, 'user1', code)).toEqual(passed)
  })

  it('counts by the address alone: another one is not concerned', async () => {
    const console = await openServer({ 'policy.codes.wrongAttempts': 100 })
    const code = await issue(console, 'user1')
    for (let guess = 0; guess < 11; guess++) await attempt(console, 'user1', wrong)
    expect(await attempt(console, 'user1', code, '203.0.113.10')).toEqual(passed)
  })

  it('counts an IPv6 network of 64 bits as one address', async () => {
    const console = await openServer({ 'policy.codes.wrongAttempts': 100 })
    const code = await issue(console, 'user1')
    for (let guess = 0; guess < 10; guess++) await attempt(console, 'user1', wrong, `2001:db8:0:7::${guess}`)
    expect(await attempt(console, 'user1', code, '2001:db8:0:7:ffff::1')).toEqual(invalidCode)
    expect(await attempt(console, 'user1', code, '2001:db8:0:8::1')).toEqual(passed)
    expect((await refusals(console)).at(-1)).toBe('address-limit')
  })

  it('counts attempts that pass, and codes that were the user’s, for nothing', async () => {
    const console = await openServer({ 'policy.codes.perAddressPerMinute': 1, 'policy.codes.wrongAttempts': 100 })
    for (let number = 0; number < 8; number++) {
      const code = await issue(console, `user${number}`)
      expect(await attempt(console, `user${number}`, code)).toEqual(passed)
      expect(await attempt(console, `user${number}`, code)).toEqual(invalidCode)
    }
    expect(new Set(await refusals(console))).toEqual(new Set(['code-used']))
  })

  it('refuses the wrong codes of an address that tries one name after the other, and no right one', async () => {
    const console = await openServer()
    for (let number = 0; number < 20; number++) await attempt(console, `user${number}`, wrong)
    // Unknown names say nothing else.
    expect(await attempt(console, 'nobody', wrong)).toEqual(invalidCode)
    // Whoever sits behind that address gets in, and so does a user who was tried from there.
    await console.call('users:add', { username: 'starter', group: 'Staff' })
    expect(await attempt(console, 'starter', await issue(console, 'starter'))).toEqual(passed)
    expect(await attempt(console, 'user9', await issue(console, 'user9'))).toEqual(passed)
    expect(await refusals(console)).toEqual([
      ...Array.from({ length: 5 }, () => 'no-code'),
      ...Array.from({ length: 16 }, () => 'address-limit')
    ])
  })

  it('refuses no right code for a name that the address has not guessed at, however much it guesses', async () => {
    const console = await openServer({ 'policy.codes.wrongAttempts': 100 })
    const code = await issue(console, 'user2')
    for (let guess = 0; guess < 15; guess++) await attempt(console, 'user1', wrong)
    expect(await attempt(console, 'user2', code)).toEqual(passed)
  })

  it('lets nobody guess without end at ever new names: each wrong one counts for its name', async () => {
    const console = await openServer()
    for (let number = 0; number < 20; number++) await attempt(console, `user${number}`, wrong)
    for (let guess = 0; guess < 4; guess++) await attempt(console, 'user19', wrong)
    const code = await issue(console, 'user18')
    expect((await console.call('users:show', { username: 'user19' })).user.lockedUntilMs).toBe(
      console.clock.nowMs() + 30_000
    )
    expect(await attempt(console, 'user18', code)).toEqual(passed)
  })

  it('takes one user who mistypes for no such address', async () => {
    const console = await openServer({ 'policy.codes.wrongAttempts': 100 })
    for (let guess = 0; guess < 9; guess++) await attempt(console, 'user1', wrong)
    expect(await attempt(console, 'user1', await issue(console, 'user1'))).toEqual(passed)
  })

  it('exempts trusted networks, and is off at 0', async () => {
    const console = await openServer({ 'policy.codes.trustedNetworks': '203.0.113.0/24, 2001:db8::/32' })
    for (let number = 0; number < 20; number++) await attempt(console, `user${number}`, wrong)
    for (let number = 0; number < 20; number++) await attempt(console, `user${number}`, wrong, '2001:db8:9::1')
    await console.call('settings:set', { changes: { 'policy.codes.perAddressPerMinute': 0 } })
    for (let number = 0; number < 20; number++) await attempt(console, `user${number}`, wrong, '192.0.2.1')
    expect((await refusals(console)).filter((refusal) => refusal === 'address-limit')).toEqual([])
  })

  it('keeps a minute of failures and no more', async () => {
    const console = await openServer({ 'policy.codes.wrongAttempts': 100 })
    for (let number = 0; number < 200; number++) {
      await attempt(console, 'user1', wrong, `198.51.100.${number}`)
      console.clock.advance(2000)
    }
    expect(readColumn(console, 'select id from address_failures').length).toBeLessThanOrEqual(30)
  })
})

describe('an address', () => {
  it('is known under one key, however it is written', () => {
    expect(addressKey('::ffff:203.0.113.9')).toBe('203.0.113.9')
    expect(addressKey('2001:DB8:0:7:1:2:3:4')).toBe('2001:db8:0:7::/64')
    expect(addressKey('2001:db8:0:7::')).toBe('2001:db8:0:7::/64')
    expect(addressKey('fe80::1%eth0')).toBe('fe80::/64')
    expect(addressKey('no address')).toBe('no address')
  })

  it('lies in its own network and in no other', () => {
    expect(isWithin('203.0.113.200', ['203.0.113.128/25'])).toBe(true)
    expect(isWithin('203.0.113.100', ['203.0.113.128/25'])).toBe(false)
    expect(isWithin('::ffff:10.1.2.3', ['10.0.0.0/8'])).toBe(true)
    expect(isWithin('2001:db8::1', ['10.0.0.0/8', '2001:db8::/32'])).toBe(true)
    expect(isWithin('unknown', ['0.0.0.0/0', '::/0'])).toBe(false)
  })

  it('never fails to have a key, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()), (address) => {
        expect(addressKey(address).length).toBeLessThanOrEqual(100)
        isWithin(address, ['10.0.0.0/8', '2001:db8::/32'])
      })
    )
  })
})

function readColumn(console: TestConsole, query: string): unknown[] {
  const sqlite = new BetterSqlite3(path.join(console.folder, 'console.db'), { readonly: true })
  const values = sqlite.prepare(query).pluck().all()
  sqlite.close()
  return values
}
