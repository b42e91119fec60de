import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { firstChunkRows } from '../../../src/main/system/operation.ts'
import { openTestConsole, type TestConsole } from '../../support/console.ts'

const minuteMs = 60_000
const hourMs = 3_600_000

async function withUsers(
  usernames: string[],
  options: Parameters<typeof openTestConsole>[0] = {}
): Promise<TestConsole> {
  const console = await openTestConsole(options)
  for (const username of usernames) await console.call('users:add', { username, group: 'Staff' })
  return console
}

async function issue(console: TestConsole, username: string, life: { validForMs?: number } = {}): Promise<string> {
  const { issued } = await console.call('codes:issue', { selection: { usernames: [username] }, reveal: true, ...life })
  const code = issued[0]?.code
  if (code === undefined) throw new Error('no code came back')
  return code
}

function provision(console: TestConsole, username: string, code: string) {
  return console.portal.provisioning.provision({ username, code, address: '203.0.113.9' })
}

async function show(console: TestConsole, username: string) {
  return (await console.call('users:show', { username })).user
}

/** Why the newest attempt of a user was refused, as the log has it. */
async function lastRefusal(console: TestConsole, username: string): Promise<unknown> {
  const { timeline } = await console.call('users:show', { username })
  return timeline.find(({ kind }) => kind === 'attempt.refused')?.detail['refusal']
}

const passed = { id: expect.stringMatching(/^[\w-]{32}$/) as string }
const invalidCode = { error: 'invalid-provision-code' }

describe('an attempt to provision', () => {
  it('passes once with the live code and never again', async () => {
    const console = await withUsers(['jdoe'])
    const code = await issue(console, 'jdoe')
    expect(await provision(console, 'jdoe', code)).toEqual(passed)
    expect(await show(console, 'jdoe')).toMatchObject({ app: 'set-up', code: 'used' })
    expect(await provision(console, 'jdoe', code)).toEqual(invalidCode)
    expect(await lastRefusal(console, 'jdoe')).toBe('code-used')
  })

  it('takes the username in any case and the code as people type it', async () => {
    const console = await withUsers(['Jdoe'])
    const code = await issue(console, 'jdoe')
    const typed = `${code.slice(0, 5)}-${code.slice(5)} `.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l')
    expect(await provision(console, ' JDOE ', typed)).toEqual(passed)
  })

  it('passes for one of a hundred that come at once', async () => {
    const console = await withUsers(['jdoe'])
    const code = await issue(console, 'jdoe')
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => provision(console, 'jdoe', code)))
    expect(outcomes.filter((outcome) => 'id' in outcome)).toHaveLength(1)
  })

  it('ends no code when it is wrong', async () => {
    const console = await withUsers(['jdoe'])
    const code = await issue(console, 'jdoe')
    expect(await provision(console, 'jdoe', 'WRONGWRONG')).toEqual(invalidCode)
    expect(await lastRefusal(console, 'jdoe')).toBe('wrong-code')
    expect(await show(console, 'jdoe')).toMatchObject({ code: 'live' })
    expect(await provision(console, 'jdoe', code)).toEqual(passed)
  })

  it('does not pass with another user’s code', async () => {
    const console = await withUsers(['jdoe', 'rroe'])
    const code = await issue(console, 'jdoe')
    await issue(console, 'rroe')
    expect(await provision(console, 'rroe', code)).toEqual(invalidCode)
    expect(await provision(console, 'jdoe', code)).toEqual(passed)
  })

  it.each([
    ['superseded', 'code-superseded', (console: TestConsole) => issue(console, 'jdoe')],
    [
      'withdrawn',
      'code-withdrawn',
      (console: TestConsole) => console.call('codes:withdraw', { selection: { usernames: ['jdoe'] } })
    ]
  ] as const)('is refused with a code that was %s', async (_state, refusal, end) => {
    const console = await withUsers(['jdoe'])
    const code = await issue(console, 'jdoe')
    await end(console)
    expect(await provision(console, 'jdoe', code)).toEqual(invalidCode)
    expect(await lastRefusal(console, 'jdoe')).toBe(refusal)
  })

  it('passes up to the last millisecond of a code’s life and not after', async () => {
    const console = await withUsers(['jdoe', 'rroe'])
    const code = await issue(console, 'jdoe', { validForMs: hourMs })
    const other = await issue(console, 'rroe', { validForMs: hourMs })
    console.clock.advance(hourMs - 1)
    expect(await provision(console, 'jdoe', code)).toEqual(passed)
    console.clock.advance(1)
    expect(await show(console, 'rroe')).toMatchObject({ code: 'expired' })
    expect(await provision(console, 'rroe', other)).toEqual(invalidCode)
    expect(await lastRefusal(console, 'rroe')).toBe('code-expired')
  })

  it('does not find an expired code alive again when the clock is set back', async () => {
    const console = await withUsers(['jdoe', 'rroe'])
    const code = await issue(console, 'jdoe', { validForMs: hourMs })
    const untried = await issue(console, 'rroe', { validForMs: hourMs })
    const startMs = console.clock.nowMs()
    console.clock.advance(2 * hourMs)
    expect(await provision(console, 'jdoe', code)).toEqual(invalidCode)
    console.clock.set(startMs)
    expect(await provision(console, 'jdoe', code)).toEqual(invalidCode)
    expect(await show(console, 'rroe')).toMatchObject({ code: 'expired' })
    expect(await provision(console, 'rroe', untried)).toEqual(invalidCode)
  })

  it('is told apart by the network only as far as the app needs: no such user, or a wrong code', async () => {
    const console = await withUsers(['jdoe'])
    expect(await provision(console, 'nobody', 'K7Q2M9XWPT')).toEqual({ error: 'invalid-username' })
    expect(await provision(console, 'jdoe', 'K7Q2M9XWPT')).toEqual(invalidCode)
    expect(await lastRefusal(console, 'jdoe')).toBe('no-code')
    await console.call('settings:set', { changes: { 'policy.hideUnknownUsers': true } })
    expect(await provision(console, 'nobody', 'K7Q2M9XWPT')).toEqual(invalidCode)
  })

  it('fails with the code of a disabled user, also once enabled again, and of a removed one', async () => {
    const console = await withUsers(['jdoe', 'rroe'])
    const selection = { usernames: ['jdoe'] }
    const code = await issue(console, 'jdoe')
    await console.call('users:disable', { selection })
    expect(await provision(console, 'jdoe', code)).toEqual({ error: 'invalid-username' })
    await console.call('users:enable', { selection })
    expect(await provision(console, 'jdoe', code)).toEqual(invalidCode)

    const other = await issue(console, 'rroe')
    await console.call('users:remove', { selection: { usernames: ['rroe'] } })
    expect(await provision(console, 'rroe', other)).toEqual({ error: 'invalid-username' })
    await console.call('users:add', { username: 'rroe', group: 'Staff' })
    expect(await provision(console, 'rroe', other)).toEqual(invalidCode)
  })
})

describe('a code typed where the username belongs', () => {
  it('is refused and counted, and kept nowhere in the clear', async () => {
    const console = await withUsers(['jdoe'])
    const code = await issue(console, 'jdoe')
    expect(await provision(console, code.toLowerCase(), 'jdoe')).toEqual({ error: 'invalid-username' })
    await console.close()
    for (const name of readdirSync(console.folder)) {
      const file = path.join(console.folder, name)
      if (!statSync(file).isFile()) continue
      expect(readFileSync(file, 'latin1').toUpperCase().includes(code), name).toBe(false)
    }
  })
})

describe('the lock-out', () => {
  const wrong = 'AAAAAAAAAA'
  const guess = async (console: TestConsole, username: string, times: number) => {
    for (let i = 0; i < times; i++) await provision(console, username, wrong)
  }

  it('refuses attempts unread after five wrong ones, ends nothing, and lifts after 30 seconds', async () => {
    const console = await withUsers(['jdoe'])
    const code = await issue(console, 'jdoe')
    await guess(console, 'jdoe', 5)
    expect(await provision(console, 'jdoe', code)).toEqual(invalidCode)
    expect(await lastRefusal(console, 'jdoe')).toBe('locked')
    expect(await show(console, 'jdoe')).toMatchObject({ code: 'live', lockedUntilMs: console.clock.nowMs() + 30_000 })
    console.clock.advance(29_999)
    expect(await provision(console, 'jdoe', code)).toEqual(invalidCode)
    console.clock.advance(1)
    expect(await provision(console, 'jdoe', code)).toEqual(passed)
    expect(await show(console, 'jdoe')).toMatchObject({ lockedUntilMs: null })
  })

  it('evaluates exactly five guesses a period, and doubles the wait up to an hour', async () => {
    const console = await withUsers(['jdoe'])
    await issue(console, 'jdoe')
    const waits: number[] = []
    for (let period = 0; period < 10; period++) {
      await guess(console, 'jdoe', 7)
      const { lockedUntilMs } = await show(console, 'jdoe')
      const waitMs = (lockedUntilMs ?? 0) - console.clock.nowMs()
      waits.push(waitMs / 1000)
      console.clock.advance(waitMs)
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600])
  })

  it('is kept over a restart', async () => {
    const console = await withUsers(['jdoe'])
    const code = await issue(console, 'jdoe')
    await guess(console, 'jdoe', 5)
    await console.close()
    const again = await openTestConsole({ folder: console.folder, clock: console.clock })
    expect(await provision(again, 'jdoe', code)).toEqual(invalidCode)
    expect(await lastRefusal(again, 'jdoe')).toBe('locked')
  })

  it('counts for names that no user has just the same', async () => {
    const console = await withUsers([])
    await guess(console, 'nobody', 5)
    await console.call('users:add', { username: 'nobody', group: 'Staff' })
    expect(await show(console, 'nobody')).toMatchObject({ lockedUntilMs: console.clock.nowMs() + 30_000 })
  })

  it('is lifted by a new code from an administrator', async () => {
    const console = await withUsers(['jdoe'])
    await guess(console, 'jdoe', 5)
    expect(await provision(console, 'jdoe', await issue(console, 'jdoe'))).toEqual(passed)
  })

  it('forgets wrong attempts of a day ago', async () => {
    const console = await withUsers(['jdoe'])
    await guess(console, 'jdoe', 4)
    console.clock.advance(24 * hourMs + 1)
    await guess(console, 'jdoe', 4)
    expect(await show(console, 'jdoe')).toMatchObject({ lockedUntilMs: null })
  })

  it('ends the code after so many wrong attempts where the policy says so', async () => {
    const console = await withUsers(['jdoe'])
    await console.call('settings:set', { changes: { 'policy.codes.endAfterWrongAttempts': 2 } })
    const code = await issue(console, 'jdoe')
    await guess(console, 'jdoe', 1)
    expect(await show(console, 'jdoe')).toMatchObject({ code: 'live' })
    await guess(console, 'jdoe', 1)
    expect(await show(console, 'jdoe')).toMatchObject({ code: 'failed' })
    expect(await provision(console, 'jdoe', code)).toEqual(invalidCode)
    expect(await lastRefusal(console, 'jdoe')).toBe('code-failed')
  })

  it('counts the wrong attempts that end a code across locks', async () => {
    const console = await withUsers(['jdoe'])
    await console.call('settings:set', { changes: { 'policy.codes.endAfterWrongAttempts': 7 } })
    await issue(console, 'jdoe')
    await guess(console, 'jdoe', 5)
    console.clock.advance(30_000)
    await guess(console, 'jdoe', 1)
    expect(await show(console, 'jdoe')).toMatchObject({ code: 'live' })
    await guess(console, 'jdoe', 1)
    expect(await show(console, 'jdoe')).toMatchObject({ code: 'failed' })
  })

  it('follows the number of attempts in the policy', async () => {
    const console = await withUsers(['jdoe'])
    await console.call('settings:set', { changes: { 'policy.codes.wrongAttempts': 2 } })
    await guess(console, 'jdoe', 1)
    expect((await show(console, 'jdoe')).lockedUntilMs).toBeNull()
    await guess(console, 'jdoe', 1)
    expect((await show(console, 'jdoe')).lockedUntilMs).not.toBeNull()
  })
})

describe('security strings', () => {
  const download = (console: TestConsole, id: string) =>
    console.portal.provisioning.downloadSecurityStrings({ id, address: '203.0.113.9' })
  const setUp = async (console: TestConsole, username: string) => {
    const outcome = await provision(console, username, await issue(console, username))
    if (!('id' in outcome)) throw new Error('not provisioned')
    return outcome.id
  }
  const refused = { error: 'downloading-security-strings' }

  it('are a hundred of ten digits, others at each download, and make the app provisioned', async () => {
    const console = await withUsers(['jdoe'])
    const id = await setUp(console, 'jdoe')
    const [first, second] = [await download(console, id), await download(console, id)]
    if (!('securityStrings' in first) || !('securityStrings' in second)) throw new Error('no strings')
    expect(first.securityStrings).toHaveLength(100)
    for (const text of first.securityStrings) expect(text).toMatch(/^\d{10}$/)
    expect(first.securityStrings.filter((text) => second.securityStrings.includes(text))).toEqual([])
    expect(await show(console, 'jdoe')).toMatchObject({ app: 'provisioned' })
  })

  it('come with the three policies as they are set', async () => {
    const console = await withUsers(['jdoe'])
    await console.call('settings:set', { changes: { 'policy.mobileClient.allowPinEntry': true } })
    expect(await download(console, await setUp(console, 'jdoe'))).toMatchObject({
      policies: [
        { id: 'AllowPinEntry', value: 'YES' },
        { id: 'AllowOtcExtractionChoice', value: 'NO' },
        { id: 'AllowStringBrowsing', value: 'NO' }
      ]
    })
  })

  it('are refused to an empty or unknown Id, and to the first app once a second is provisioned', async () => {
    const console = await withUsers(['jdoe'])
    const id = await setUp(console, 'jdoe')
    expect(await download(console, '')).toEqual(refused)
    expect(await download(console, `${id.slice(0, -1)}${id.endsWith('x') ? 'y' : 'x'}`)).toEqual(refused)
    const second = await setUp(console, 'jdoe')
    expect(await download(console, id)).toEqual(refused)
    expect(await download(console, second)).toHaveProperty('securityStrings')
  })

  it('are refused while the group lacks the right, and to a disabled or removed user', async () => {
    const console = await withUsers(['jdoe'])
    const id = await setUp(console, 'jdoe')
    await console.call('groups:set', { name: 'staff', change: { mobileClient: false } })
    expect(await download(console, id)).toEqual(refused)
    await console.call('groups:set', { name: 'staff', change: { mobileClient: true } })
    expect(await download(console, id)).toHaveProperty('securityStrings')
    await console.call('users:disable', { selection: { usernames: ['jdoe'] } })
    expect(await download(console, id)).toEqual(refused)
    await console.call('users:enable', { selection: { usernames: ['jdoe'] } })
    expect(await download(console, id)).toHaveProperty('securityStrings')
    await console.call('users:remove', { selection: { usernames: ['jdoe'] } })
    expect(await download(console, id)).toEqual(refused)
  })
})

describe('issuing codes', () => {
  it('keeps one live code a user, however many are issued', async () => {
    const console = await withUsers(['jdoe'])
    await Promise.all(Array.from({ length: 20 }, () => issue(console, 'jdoe')))
    const { codes } = await console.call('codes:list', { limit: 100 })
    expect(codes.filter(({ state }) => state === 'live')).toHaveLength(1)
    expect(codes.filter(({ state }) => state === 'superseded')).toHaveLength(19)
  })

  it('tells codes only when asked to, and records that it did', async () => {
    const console = await withUsers(['jdoe'])
    const selection = { usernames: ['jdoe'] }
    const quiet = await console.call('codes:issue', { selection })
    expect(quiet.issued[0]).toEqual({ username: 'jdoe', expiresAtMs: console.clock.nowMs() + 24 * hourMs })
    expect(await kinds(console)).not.toContain('code.revealed')
    const revealed = await console.call('codes:issue', { selection, reveal: true })
    expect(revealed.issued[0]?.url).toContain(`/jdoe/${revealed.issued[0]?.code}`)
    expect(await kinds(console)).toContain('code.revealed')
  })

  it('leaves out disabled and unknown users and says why', async () => {
    const console = await withUsers(['jdoe', 'rroe'])
    await console.call('users:disable', { selection: { usernames: ['rroe'] } })
    expect(await console.call('codes:issue', { selection: { usernames: ['jdoe', 'RROE', 'nobody', 'JDOE'] } })).toEqual(
      {
        issued: [{ username: 'jdoe', expiresAtMs: expect.any(Number) as number }],
        skipped: [
          { username: 'nobody', reason: 'there is no such user' },
          { username: 'rroe', reason: 'the user is disabled' }
        ],
        stopped: null
      }
    )
  })

  it('takes validities from a minute to thirty days and nothing else', async () => {
    const console = await withUsers(['jdoe'])
    const request = { selection: { usernames: ['jdoe'] } }
    for (const validForMs of [1, minuteMs - 1, 30 * 24 * hourMs + 1]) {
      await expect(console.call('codes:issue', { ...request, validForMs })).rejects.toMatchObject({
        code: 'invalid-input'
      })
    }
    for (const validForMs of [minuteMs, 30 * 24 * hourMs]) {
      const { issued } = await console.call('codes:issue', { ...request, validForMs })
      expect(issued[0]?.expiresAtMs).toBe(console.clock.nowMs() + validForMs)
    }
    const untilMs = console.clock.nowMs() + 3 * hourMs
    expect((await console.call('codes:issue', { ...request, untilMs })).issued[0]?.expiresAtMs).toBe(untilMs)
    await expect(console.call('codes:issue', { ...request, untilMs: 1 })).rejects.toMatchObject({
      code: 'invalid-input'
    })
  })

  it('goes through a selection by filter in chunks, with progress, and stops when asked, reporting what was issued', async () => {
    const console = await openTestConsole()
    const lines = Array.from({ length: 1200 }, (_, index) => `user${index},Staff`)
    await console.call('users:import', { content: Buffer.from(['username,group', ...lines].join('\n')) })
    const seen: [number, number][] = []
    const stopping = new AbortController()
    const request = { selection: { filter: { code: ['none' as const] } }, reveal: true }
    const { issued, stopped } = await console.call('codes:issue', request, {
      signal: stopping.signal,
      onProgress: (done, total) => {
        seen.push([done, total])
        stopping.abort()
      }
    })
    expect(seen).toEqual([[firstChunkRows, 1200]])
    expect(stopped).toBe('it was cancelled')
    expect(issued).toHaveLength(firstChunkRows)
    const rest = await console.call('codes:issue', request)
    expect(rest.issued).toHaveLength(1200 - firstChunkRows)
    expect(rest.stopped).toBeNull()
    const [some] = rest.issued
    expect(await provision(console, some?.username ?? '', some?.code ?? '')).toEqual(passed)
  })
})

async function kinds(console: TestConsole): Promise<string[]> {
  return (await console.call('users:show', { username: 'jdoe' })).timeline.map(({ kind }) => kind)
}
