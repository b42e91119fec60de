import { writeFileSync } from 'node:fs'
import path from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { createRefusalCounts, type CountedRefusal } from '../../../src/main/provisioning/refusal-counts.ts'
import { createDiskReserve } from '../../../src/main/store/disk-reserve.ts'
import { readAuditEntries } from '../../support/audit-entries.ts'
import { createTestLog, openTestConsole, testStartMs, type TestConsole } from '../../support/console.ts'
import { mountSmall, resizeSmall, smallDiskNeed } from '../../support/small-disk.ts'

const wrong = 'ZZZZZZZZZZ'
const attempt = (console: TestConsole, username: string, address = '203.0.113.9', code = wrong) =>
  console.portal.provisioning.provision({ username, code, address })

async function openServer(folder?: string): Promise<TestConsole> {
  const console = await openTestConsole(folder === undefined ? {} : { folder })
  await console.call('users:import', { content: Buffer.from('username\nann\nbob\n') })
  return console
}

const logged = (console: TestConsole) =>
  readAuditEntries(console.folder, 'attempt.refused').map(({ detail }) => detail as Record<string, unknown>)

const timelineOf = async (console: TestConsole, username: string) =>
  (await console.call('users:show', { username })).timeline

describe('attempts that are refused unread', () => {
  it('are one entry of the log for each address, name and minute, however many they are', async () => {
    const console = await openServer()
    for (let guess = 0; guess < 5; guess++) await attempt(console, 'ann')
    await Promise.all(Array.from({ length: 300 }, () => attempt(console, 'ann')))
    expect(logged(console)).toHaveLength(5)
    console.clock.advance(60_000)
    await attempt(console, 'bob', '203.0.113.10')
    expect(logged(console).slice(5)).toEqual([
      {
        refusal: 'locked',
        address: '203.0.113.9',
        lockedUntilMs: testStartMs + 30_000,
        count: 300,
        firstAtMs: testStartMs,
        lastAtMs: testStartMs
      },
      { refusal: 'no-code', address: '203.0.113.10' }
    ])
    expect((await console.call('log:verify', {})).brokenRow).toBeNull()
  })

  it('show at once in the timeline of their user, and once', async () => {
    const console = await openServer()
    for (let guess = 0; guess < 17; guess++) await attempt(console, 'ann')
    const counted = {
      kind: 'attempt.refused',
      detail: expect.objectContaining({ refusal: 'locked', count: 12 }) as object
    }
    expect((await timelineOf(console, 'ann')).slice(0, 1)).toMatchObject([counted])
    console.clock.advance(60_000)
    await attempt(console, 'bob')
    const entries = (await timelineOf(console, 'ann')).filter(({ detail }) => detail['refusal'] === 'locked')
    expect(entries).toMatchObject([counted])
  })

  it('are written when the program ends', async () => {
    const console = await openServer()
    for (let guess = 0; guess < 8; guess++) await attempt(console, 'ann')
    await console.close()
    expect(logged(console).at(-1)).toMatchObject({ refusal: 'locked', count: 3 })
  })

  it('are not lost with a transaction that fails', async () => {
    const console = await openServer()
    for (let guess = 0; guess < 8; guess++) await attempt(console, 'ann')
    console.clock.advance(60_000)
    const { issued } = await console.call('codes:issue', { selection: { usernames: ['bob'] }, reveal: true })
    const run = (statement: string) => {
      const sqlite = new BetterSqlite3(path.join(console.folder, 'console.db'))
      sqlite.exec(statement)
      sqlite.close()
    }
    run(`create trigger fails before insert on audit when new.kind = 'attempt.passed'
         begin select raise(abort, 'refused by the test'); end`)
    await expect(attempt(console, 'bob', '203.0.113.11', issued[0]?.code)).rejects.toThrow('refused by the test')
    expect(logged(console).filter(({ refusal }) => refusal === 'locked')).toEqual([])
    run('drop trigger fails')
    await attempt(console, 'bob')
    expect(logged(console).filter(({ refusal }) => refusal === 'locked')).toMatchObject([{ count: 3 }])
  })

  it('with a code that was the user’s are one entry and then counted', async () => {
    const console = await openServer()
    const { issued } = await console.call('codes:issue', { selection: { usernames: ['ann'] }, reveal: true })
    const code = issued[0]?.code ?? ''
    for (let scan = 0; scan < 101; scan++) await attempt(console, 'ann', '203.0.113.9', code)
    expect(logged(console)).toMatchObject([{ refusal: 'code-used' }])
    await console.close()
    expect(logged(console)).toMatchObject([{ refusal: 'code-used' }, { refusal: 'code-used', count: 99 }])
  })
})

describe('counting in memory', () => {
  const refusedBy = (number: number, atMs = testStartMs): CountedRefusal => ({
    refusal: 'address-limit',
    address: `address ${number}`,
    user: null,
    username: 'nobody',
    atMs,
    detail: {}
  })
  const create = () => createRefusalCounts({ flush: async () => undefined, log: createTestLog() })

  it('holds few entries whoever sends how many, and loses none of their number', () => {
    const counts = create()
    for (let number = 0; number < 10_000; number++) counts.note(refusedBy(number))
    for (let number = 0; number < 10; number++) counts.note(refusedBy(number, testStartMs + 60_000))
    const { entries } = counts.due(testStartMs, true)
    expect(entries).toHaveLength(251)
    expect(entries.at(-1)?.detail).toMatchObject({ refusal: 'address-limit', others: true })
    expect(entries.reduce((sum, { detail }) => sum + Number(detail?.['count']), 0)).toBe(10_010)
  })

  it('keeps what was counted until it is settled, and what comes meanwhile', () => {
    const counts = create()
    counts.note(refusedBy(1))
    const lost = counts.due(testStartMs + 60_000)
    // Whoever writes them at the same moment writes them alone.
    expect(counts.due(testStartMs + 60_000).entries).toEqual([])
    counts.giveBack(lost)
    const due = counts.due(testStartMs + 60_000)
    expect(due.entries).toHaveLength(1)
    counts.note(refusedBy(1, testStartMs + 60_000))
    counts.settle(due)
    expect(counts.due(testStartMs + 60_000).entries).toEqual([])
    expect(counts.due(testStartMs + 120_000).entries).toHaveLength(1)
  })

  it('says in the program’s log that entries could not be written, and keeps them', async () => {
    const log = createTestLog()
    const counts = createRefusalCounts({
      flush: async () => {
        throw new Error('disk full')
      },
      log
    })
    counts.note(refusedBy(1))
    await counts.close()
    expect(log.lines).toEqual([expect.stringContaining('could not be written')])
    expect(counts.due(testStartMs, true).entries).toHaveLength(1)
  })
})

describe('a disk that is nearly full', () => {
  it('gets no entries of refused attempts, which are counted, and Status says so', async ({ skip }) => {
    const folder = mountSmall(20_000) ?? skip(smallDiskNeed)
    const console = await openServer(path.join(folder, 'data'))
    for (let guess = 0; guess < 4; guess++) await attempt(console, 'ann')
    expect(logged(console)).toEqual([])
    // The charge is kept all the same: guessing is no easier.
    await attempt(console, 'ann')
    expect((await console.call('users:show', { username: 'ann' })).user.lockedUntilMs).toBe(testStartMs + 30_000)
    expect((await timelineOf(console, 'ann')).slice(0, 1)).toMatchObject([{ detail: { refusal: 'no-code', count: 5 } }])
    const { findings } = await console.call('status:todo', {})
    expect(findings).toContainEqual(expect.objectContaining({ id: 'diskLow', weight: 'fault' }))
  })

  it('is asked about every few seconds at most', async ({ skip }) => {
    const folder = mountSmall(4000) ?? skip(smallDiskNeed)
    let nowMs = 0
    const reserve = createDiskReserve(folder, { bytes: 2_000_000, monotonicMs: () => nowMs })
    expect(await reserve.isLow()).toBe(false)
    writeFileSync(path.join(folder, 'much'), Buffer.alloc(3_000_000))
    expect(await reserve.isLow()).toBe(false)
    nowMs = 5_000
    expect(await reserve.isLow()).toBe(true)
    resizeSmall(folder, 9000)
    nowMs = 10_000
    expect(await reserve.isLow()).toBe(false)
  })
})
