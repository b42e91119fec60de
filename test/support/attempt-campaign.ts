import { expect } from 'vitest'
import { readAuditEntries } from './audit-entries.ts'
import type { TestConsole } from './console.ts'
import type { ProcessAttempts } from './folder-process.ts'
import { runFolderProcesses } from './run-folder-processes.ts'

const programs = 4

async function attemptFromPrograms(console: TestConsole, attempts: ProcessAttempts): Promise<number> {
  const count = attempts.count / programs
  const said = await runFolderProcesses(console.folder, 'attempt', programs, {
    PROVISION_TEST_ATTEMPTS: JSON.stringify({ ...attempts, count })
  })
  return said.reduce((sum, { passed }) => sum + Number(passed), 0)
}

/**
 * Guesses for one user from four programs at once: checks what was evaluated, what was logged, and what works afterwards.
 * Returns how many locks there were.
 */
export async function guessFromPrograms(console: TestConsole, count: number, firstLock = '30s'): Promise<number> {
  // The programs go by the machine's time.
  console.clock.set(Date.now())
  await console.call('settings:set', {
    changes: { 'policy.codes.perAddressPerMinute': 0, 'policy.codes.firstLock': firstLock }
  })
  await console.call('users:add', { username: 'jdoe', group: 'Staff' })
  const { issued } = await console.call('codes:issue', { selection: { usernames: ['jdoe'] }, reveal: true })
  expect(await attemptFromPrograms(console, { username: 'jdoe', code: 'ZZZZZZZZZZ', count })).toBe(0)

  const attempts = readAuditEntries(console.folder, 'attempt.refused').map(({ atMs, detail }) => ({
    atMs,
    ...(detail as { refusal: string; lockedUntilMs?: number; count?: number; lastAtMs?: number })
  }))
  // Those refused unread are counted, by each program for itself.
  expect(attempts.reduce((sum, attempt) => sum + (attempt.count ?? 1), 0)).toBe(count)
  let evaluated = 0
  let lockedUntilMs = 0
  for (const { atMs, refusal, lockedUntilMs: untilMs, lastAtMs = 0 } of attempts) {
    if (refusal === 'locked') {
      expect(lastAtMs).toBeLessThan(untilMs ?? 0)
      continue
    }
    // Five for each lock, however many came at once, and none before the lock is over.
    expect([refusal, atMs >= lockedUntilMs]).toEqual(['wrong-code', true])
    evaluated += 1
    expect(untilMs !== undefined).toBe(evaluated % 5 === 0)
    lockedUntilMs = untilMs ?? 0
  }
  const user = async () => (await console.call('users:show', { username: 'jdoe' })).user
  expect(await user()).toMatchObject({ code: 'live', app: 'none' })

  const code = issued[0]?.code ?? ''
  const attempt = () => console.portal.provisioning.provision({ username: 'jdoe', code, address: '203.0.113.9' })
  console.clock.set(lockedUntilMs - 1)
  expect(await attempt()).toEqual({ error: 'invalid-provision-code' })
  console.clock.set(lockedUntilMs)
  expect(await attempt()).toHaveProperty('id')
  return Math.floor(evaluated / 5)
}

/** The right code a hundred times at once from four programs. Returns how many passed. */
export async function raceForOneCode(console: TestConsole, username: string): Promise<number> {
  console.clock.set(Date.now())
  await console.call('users:add', { username, group: 'Staff' })
  const { issued } = await console.call('codes:issue', { selection: { usernames: [username] }, reveal: true })
  const passed = await attemptFromPrograms(console, { username, code: issued[0]?.code ?? '', count: 100 })
  const { user, device } = await console.call('users:show', { username })
  expect([user.code, user.app, device?.generation]).toEqual(['used', 'set-up', 0])
  return passed
}
