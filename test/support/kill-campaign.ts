import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import BetterSqlite3 from 'better-sqlite3'
import { expect } from 'vitest'
import { createCli, spawnProvision } from './cli.ts'
import { openTestConsole, type TestConsole } from './console.ts'

interface LiveCode {
  userId: number
  codeId: number
}

/** A server whose users all have a live code. */
export async function openServerWithCodes(users: number): Promise<TestConsole> {
  const console = await openTestConsole()
  // The processes go by the machine's time.
  console.clock.set(Date.now())
  const names = Array.from({ length: users }, (_, number) => `user${number}`)
  await console.call('users:import', { content: Buffer.from(['username', ...names].join('\n')) })
  await console.call('codes:issue', { selection: { filter: {} } })
  return console
}

/**
 * Issues codes to everybody in a program that is killed once `killAfter` of them are there: each user then has the old code or
 * one new one, and the log tells of just those that are new. Returns how many are new.
 */
export async function killWhileIssuing(console: TestConsole, killAfter: number): Promise<number> {
  const sqlite = new BetterSqlite3(path.join(console.folder, 'console.db'), { readonly: true })
  const live = () =>
    sqlite
      .prepare<[], LiveCode>(`select user_id as userId, id as codeId from codes where state = 'live' order by user_id`)
      .all()
  const before = live()
  const lastCode = () => sqlite.prepare('select max(id) from codes').pluck().get() as number
  const lastRow = sqlite.prepare('select max(id) from audit').pluck().get() as number
  const from = lastCode()
  const { child, ended } = spawnProvision(['--data', console.folder, 'codes', 'issue', '--all', '--json'])
  while (lastCode() < from + killAfter && child.exitCode === null) await delay(1)
  child.kill('SIGKILL')
  const { signal, stdout } = await ended

  const after = live()
  expect(after.map(({ userId }) => userId)).toEqual(before.map(({ userId }) => userId))
  const oldCodes = new Map(before.map(({ userId, codeId }) => [userId, codeId]))
  const renewed = after.filter(({ userId, codeId }) => oldCodes.get(userId) !== codeId)
  expect(renewed.every(({ codeId }) => codeId > from)).toBe(true)
  expect(renewed).toHaveLength(lastCode() - from)
  const told = sqlite
    .prepare<[number], { detail: string }>(`select detail from audit where id > ? and kind = 'codes.issued'`)
    .all(lastRow)
    .reduce((sum, { detail }) => sum + ((JSON.parse(detail) as { users?: string[] }).users?.length ?? 1), 0)
  expect(told).toBe(renewed.length)
  if (signal === 'SIGKILL') expect(stdout).toBe('')
  expect(sqlite.pragma('quick_check', { simple: true })).toBe('ok')
  sqlite.close()
  expect((await console.call('log:verify', {})).brokenRow).toBeNull()
  return renewed.length
}

/** The same command once more, to its end: whoever its report names has a live code, and nobody else. Returns how many. */
export async function issueAgain(console: TestConsole): Promise<number> {
  const issued = await createCli(console.folder).json<{ username: string }[]>(['codes', 'issue', '--all'])
  const { users } = await console.call('users:count', { filter: { code: ['live'] } })
  expect(new Set(issued.map(({ username }) => username)).size).toBe(users)
  return users
}
