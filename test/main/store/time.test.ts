import path from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { openDatabase } from '../../../src/main/store/sqlite/open.ts'
import type { Db } from '../../../src/main/store/schema.ts'
import { createTimekeeper } from '../../../src/main/store/time.ts'
import { createTestClock, createTestFolder, openTestConsole, testStartMs } from '../../support/console.ts'

async function openWithTime(file = ':memory:') {
  const { db, close } = await openDatabase(file)
  await db.insertInto('server_state').values({ id: 1, high_water_ms: testStartMs, key_check: '' }).execute()
  const clock = createTestClock()
  const time = createTimekeeper(clock)
  const inTransaction = <T>(read: (transaction: Db) => Promise<T>) => db.transaction().execute(read)
  return { db, close, clock, time, nowMs: () => inTransaction((transaction) => time.nowMs(transaction)), inTransaction }
}

describe('the time of a data folder', () => {
  it('is the clock’s while the clock goes forward', async () => {
    const { clock, time, db, nowMs, close } = await openWithTime()
    for (const stepMs of [1, 999, 1, 5000, 86_400_000]) {
      clock.advance(stepMs)
      expect(await time.peekMs(db)).toBe(clock.nowMs())
      expect(await nowMs()).toBe(clock.nowMs())
    }
    await close()
  })

  it('goes on from the latest time seen when the clock is set back', async () => {
    const { clock, time, db, nowMs, close } = await openWithTime()
    clock.advance(3_600_000)
    let latestMs = await nowMs()
    for (const backMs of [101, 999, 86_400_000]) {
      clock.advance(-backMs)
      expect(await nowMs()).toBe(latestMs)
      clock.advance(100_000)
      latestMs += 100_000
      expect(await time.peekMs(db)).toBe(latestMs)
      expect(await nowMs()).toBe(latestMs)
    }
    await close()
  })

  it('may go back by less than a second, the grain at which it is remembered, where no uptime is known', async () => {
    const { clock, nowMs, close } = await openWithTime()
    clock.advance(999)
    await nowMs()
    clock.set(0)
    expect(await nowMs()).toBe(testStartMs)
    clock.set(1)
    expect(await nowMs()).toBe(testStartMs + 1)
    await close()
  })

  it('is not stored by a look, nor by a transaction that fails, but goes on for the program that saw it', async () => {
    const { clock, db, close } = await openWithTime()
    let upMs = 0
    const withUptime = { nowMs: () => clock.nowMs(), uptime: () => ({ machine: 'one', ms: upMs }) }
    const time = createTimekeeper(withUptime)
    clock.advance(60_000)
    await time.peekMs(db)
    const failing = db.transaction().execute(async (transaction) => {
      await time.nowMs(transaction)
      throw new Error('on purpose')
    })
    await expect(failing).rejects.toThrow('on purpose')
    clock.set(0)
    expect(await createTimekeeper(clock).peekMs(db)).toBe(testStartMs)
    expect(await time.peekMs(db)).toBe(testStartMs + 60_000)
    upMs += 500
    expect(await time.peekMs(db)).toBe(testStartMs + 60_500)
    expect(time.guessMs()).toBe(testStartMs + 60_500)
    await time.settle(db)
    upMs += 500
    expect(await createTimekeeper(withUptime).peekMs(db)).toBe(testStartMs + 61_000)
    await close()
  })

  it('is remembered by the folder: a clock set back between two starts revives no code', async () => {
    const folder = createTestFolder()
    const clock = createTestClock()
    const first = await openTestConsole({ folder, clock })
    await first.call('users:add', { username: 'ann', group: 'Staff' })
    await first.call('codes:issue', { selection: { usernames: ['ann'] }, validForMs: 60_000 })
    expect((await first.call('users:show', { username: 'ann' })).user.code).toBe('live')
    clock.advance(61_000)
    await first.call('users:add', { username: 'bea', group: 'Staff' })
    await first.close()

    clock.set(testStartMs)
    const second = await openTestConsole({ folder, clock })
    expect((await second.call('users:show', { username: 'ann' })).user.code).toBe('expired')
    expect((await second.call('status:get', {})).clockBehindMs).toBe(61_000)
    await second.call('codes:issue', { selection: { usernames: ['bea'] }, validForMs: 60_000 })
    expect((await second.call('users:show', { username: 'bea' })).user.codeExpiresAtMs).toBe(testStartMs + 121_000)
  })

  it('is kept by a program that only waits: each minute, and when it ends', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const folder = createTestFolder()
    const clock = createTestClock()
    const waiting = await openTestConsole({ folder, clock })
    const other = await openTestConsole({ folder, clock })
    const behindMs = async () => (await other.call('status:get', {})).clockBehindMs
    const aTurn = () => new Promise((resolve) => setImmediate(resolve))
    waiting.startSending()
    await aTurn()
    clock.advance(61_000)
    vi.advanceTimersByTime(60_000)
    await aTurn()
    clock.set(testStartMs)
    expect(await behindMs()).toBe(61_000)
    clock.set(testStartMs + 90_000)
    await waiting.close()
    clock.set(testStartMs)
    expect(await behindMs()).toBe(90_000)
  })

  it('is one for two connections to a folder', async () => {
    const file = path.join(createTestFolder(), 'console.db')
    const { clock, nowMs, close } = await openWithTime(file)
    clock.advance(3_600_000)
    await nowMs()
    const other = await openDatabase(file)
    expect(await createTimekeeper(createTestClock()).peekMs(other.db)).toBe(clock.nowMs())
    await other.close()
    await close()
  })
})
