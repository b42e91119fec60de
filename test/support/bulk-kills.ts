import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import BetterSqlite3 from 'better-sqlite3'
import { expect } from 'vitest'
import { createTestFolder, openTestConsole } from './console.ts'

export const bulkChanges = ['remove', 'undo', 'disable', 'move', 'import', 'issue'] as const
export type BulkChange = (typeof bulkChanges)[number]

const script = fileURLToPath(new URL('./folder-process.ts', import.meta.url))

/** The entry that tells of a chunk, and who in the database is changed. */
const told: Record<BulkChange, { kind: string; changed: string }> = {
  remove: { kind: 'users.removed', changed: 'removed_at_ms is not null' },
  undo: { kind: 'users.restored', changed: "removed_at_ms is null and code_state <> 'live'" },
  disable: { kind: 'users.disabled', changed: 'disabled = 1' },
  move: { kind: 'users.moved', changed: "group_id = (select id from groups where name = 'Night')" },
  import: { kind: 'users.imported', changed: "name like 'Changed %'" },
  issue: { kind: 'codes.issued', changed: 'id in (select user_id from codes where id > :codes)' }
}

/**
 * Kills a program at a moment of changing so many users, all with a live code, when `killAfter` chunks are done and some more may
 * be: those that are changed are told of, the others are as they were. Returns how many were changed when it was killed.
 */
export async function killWhileChanging(
  what: BulkChange,
  users: number,
  killAfter: number,
  thenMs: number
): Promise<number> {
  const console = await openTestConsole()
  console.clock.set(Date.now())
  const names = Array.from({ length: users }, (_, number) => `user${number}`)
  await console.call('users:import', { content: Buffer.from(['username', ...names].join('\n')) })
  await console.call('groups:add', { name: 'Night' })
  await console.call('codes:issue', { selection: { filter: {} } })
  const file = path.join(createTestFolder(), 'changed.csv')
  writeFileSync(file, ['username,name', ...names.map((name) => `${name},Changed ${name}`)].join('\n'))

  const sqlite = new BetterSqlite3(path.join(console.folder, 'console.db'), { readonly: true })
  const one = (statement: string, ...given: unknown[]) =>
    sqlite
      .prepare(statement)
      .pluck()
      .get(...given) as number
  const { kind, changed } = told[what]
  const lastRow = one('select max(id) from audit')
  const codes = one('select max(id) from codes')
  const chunks = () => one('select count(*) from audit where id > ? and kind = ?', lastRow, kind)
  const countChanged = () => one(`select count(*) from users where ${changed.replace(':codes', String(codes))}`)

  const environment = { ...process.env, PROVISION_TEST_CHANGE: what, PROVISION_TEST_FILE: file }
  const program = spawn(process.execPath, [script, console.folder, 'change'], {
    env: environment,
    stdio: ['pipe', 'pipe', 'inherit']
  })
  const ended = once(program, 'close')
  await once(program.stdout, 'data')
  program.stdin.end('go\n')
  // An undo begins only when everybody is removed.
  const leastChunks = what === 'undo' ? Math.max(killAfter, 1) : killAfter
  while (chunks() < leastChunks && program.exitCode === null) await delay(1)
  await delay(thenMs)
  program.kill('SIGKILL')
  await ended

  const done = countChanged()
  const listed = sqlite
    .prepare<[number, string], { detail: string }>('select detail from audit where id > ? and kind = ?')
    .all(lastRow, kind)
    .map(({ detail }) => JSON.parse(detail) as { users?: string[]; updated?: string[] })
    .flatMap((detail) => detail.users ?? detail.updated ?? ['one'])
  expect(listed, what).toHaveLength(done)
  expect(new Set(listed).size).toBe(done)
  // Removed and disabled users have no live code, and what the list of users shows is what there is.
  const live = one(`select count(*) from codes where state = 'live'`)
  expect(live).toBe(one(`select count(*) from users where code_state = 'live'`))
  expect(
    one(
      `select count(*) from codes join users on users.id = user_id where state = 'live' and (disabled = 1 or removed_at_ms is not null)`
    )
  ).toBe(0)
  expect(live).toBe(
    { remove: users - done, undo: 0, disable: users - done, move: users, import: users, issue: users }[what]
  )
  expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(sqlite.pragma('foreign_key_check')).toEqual([])
  sqlite.close()
  expect((await console.call('log:verify', {})).brokenRow).toBeNull()
  return done
}
