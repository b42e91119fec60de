import { describe, expect, it } from 'vitest'
import { openTestConsole, testStartMs, type TestConsole } from '../../support/console.ts'
import { everybody, openMailConsole } from '../../support/mail-console.ts'
import { refusalCode } from '../../support/refusal.ts'
import { createTestMachine, type TestMachine } from '../../support/test-machine.ts'

const minuteMs = 60_000
const hourMs = 3_600_000
const aheadMs = 25 * hourMs

const ann = { selection: { usernames: ['ann'] } }

async function issue(console: TestConsole, validForMs = 30 * 24 * hourMs): Promise<string> {
  const { issued } = await console.call('codes:issue', { ...ann, reveal: true, validForMs })
  return issued[0]?.code ?? ''
}

const attempt = (console: TestConsole, code: string, username = 'ann') =>
  console.portal.provisioning.provision({ username, code, address: '192.0.2.1' })

const userOf = async (console: TestConsole, username = 'ann') => (await console.call('users:show', { username })).user

/** A server whose clock was 25 hours ahead when a setting was changed, and is right again. */
async function openAhead(): Promise<{ machine: TestMachine; console: TestConsole }> {
  const machine = createTestMachine()
  const console = await openTestConsole({ clock: machine })
  await console.call('users:import', { content: Buffer.from('username,email\nann,ann@example.com\nbob,\n') })
  await goAhead(machine, console)
  return { machine, console }
}

async function goAhead(machine: TestMachine, console: TestConsole): Promise<void> {
  machine.step(aheadMs)
  await console.call('settings:set', { changes: { 'server.name': 'Ahead' } })
  machine.step(-aheadMs)
}

describe('a time that runs ahead', () => {
  it('is told with its span and since when, and by the checks with what sets it right', async () => {
    const { machine, console } = await openAhead()
    machine.elapse(minuteMs)
    const sinceMs = (await console.call('time:get', {})).sinceMs
    expect(sinceMs).toBe(testStartMs + minuteMs)
    machine.elapse(hourMs)
    expect(await console.call('time:get', {})).toEqual({
      nowMs: machine.trueMs() + aheadMs,
      clockMs: machine.trueMs(),
      aheadMs,
      sinceMs,
      liveCodes: 0,
      liveLinks: 0
    })
    expect(await console.call('status:get', {})).toMatchObject({ clockBehindMs: aheadMs, clockBehindSinceMs: sinceMs })
    const { findings } = await console.call('status:todo', {})
    expect(findings).toContainEqual({ id: 'clockBehind', weight: 'fault', byMs: aheadMs, sinceMs })
  })

  it('lets a code of one minute expire after one minute, and a lock of thirty seconds end after thirty', async () => {
    const { machine, console } = await openAhead()
    const code = await issue(console, minuteMs)
    machine.elapse(100_000)
    expect(await attempt(console, code)).toEqual({ error: 'invalid-provision-code' })
    const next = await issue(console)
    for (let time = 0; time < 5; time++) await attempt(console, 'ZZZZZZZZZZ')
    machine.elapse(100_000)
    expect(await attempt(console, next)).toHaveProperty('id')
  })
})

describe('setting the time right', () => {
  it('takes the clock at its word, ends what is out, and is written down at both times', async () => {
    const { machine, console } = await openAhead()
    const code = await issue(console)
    const { url } = await console.call('links:create', { username: 'bob' })
    const token = url.split('/').at(-1) ?? ''
    const report = await console.call('time:setRight', {})
    expect(report).toEqual({
      fromMs: machine.trueMs() + aheadMs,
      toMs: machine.trueMs(),
      withdrawnCodes: 1,
      endedLinks: 1,
      keptMails: 0
    })
    expect(await console.call('time:get', {})).toMatchObject({ aheadMs: 0, sinceMs: null, liveCodes: 0, liveLinks: 0 })
    expect(await attempt(console, code)).toEqual({ error: 'invalid-provision-code' })
    expect(await console.portal.links.look(token)).toEqual({ refusal: 'expired' })
    expect(await userOf(console)).toMatchObject({ code: 'withdrawn' })
    const { entries } = await console.call('log:list', { filter: { kinds: ['time.stopped', 'time.set-right'] } })
    expect(entries.map(({ kind, atMs, actor, detail }) => [kind, atMs, actor, detail])).toEqual([
      ['time.set-right', report.toMs, 'tester', report],
      ['time.stopped', report.fromMs, 'tester', { fromMs: report.fromMs, toMs: report.toMs }]
    ])
    expect((await console.call('log:verify', {})).brokenRow).toBeNull()
  })

  it('revives no code that had expired by the time that ran ahead', async () => {
    const machine = createTestMachine()
    const console = await openTestConsole({ clock: machine })
    await console.call('users:add', { username: 'ann', group: 'Staff' })
    const code = await issue(console, hourMs)
    await goAhead(machine, console)
    expect(await userOf(console)).toMatchObject({ code: 'expired' })
    await console.call('time:setRight', {})
    expect(await userOf(console)).toMatchObject({ code: 'expired' })
    expect(await attempt(console, code)).toEqual({ error: 'invalid-provision-code' })
  })

  it('holds for every program on the folder and after a restart, and new codes last as long as they should', async () => {
    const { machine, console } = await openAhead()
    const other = await openTestConsole({ clock: machine, folder: console.folder })
    await other.call('status:get', {})
    await console.call('time:setRight', {})
    const code = await issue(other, hourMs)
    expect((await userOf(console)).codeExpiresAtMs).toBe(machine.trueMs() + hourMs)
    await other.close()
    const later = await openTestConsole({ clock: machine, folder: console.folder })
    machine.elapse(hourMs - 1)
    expect(await attempt(later, code)).toHaveProperty('id')
    expect((await later.call('time:get', {})).aheadMs).toBe(0)
  })

  it('keeps locks and limits for as long as they would have lasted', async () => {
    const { machine, console } = await openAhead()
    for (let time = 0; time < 5; time++) await attempt(console, 'ZZZZZZZZZZ')
    machine.elapse(10_000)
    await console.call('time:setRight', {})
    expect((await userOf(console)).lockedUntilMs).toBe(machine.trueMs() + 20_000)
    machine.elapse(20_000)
    expect((await userOf(console)).lockedUntilMs).toBeNull()
  })

  it('lets emails that wait go out with their codes, and a planned batch at its date', async () => {
    const machine = createTestMachine()
    const accepts = { isRefusing: true }
    const rcpt = () => (accepts.isRefusing ? '451 4.3.0 not now' : null)
    const console = await openMailConsole(2, { rcpt }, { clock: machine })
    await goAhead(machine, console)
    await console.call('mail:send', { selection: { usernames: ['u1'] }, life: { validForMs: hourMs } })
    expect(await console.sendDue()).toBe('waiting')
    const plannedMs = machine.trueMs() + 3 * 24 * hourMs
    await console.call('mail:send', { selection: { usernames: ['u2'] }, life: { validForMs: hourMs }, atMs: plannedMs })
    expect(await console.call('time:setRight', {})).toMatchObject({ withdrawnCodes: 0, keptMails: 1 })
    accepts.isRefusing = false
    expect(await console.sendDue()).toBe('waiting')
    machine.elapse(5 * minuteMs)
    expect(await console.sendDue()).toBe('waiting')
    expect(console.sink.received).toHaveLength(1)
    expect(await userOf(console, 'u1')).toMatchObject({ code: 'live', codeExpiresAtMs: machine.trueMs() + hourMs })
    machine.elapse(plannedMs - machine.trueMs())
    expect(await console.sendDue()).toBe('done')
    expect(console.sink.received).toHaveLength(2)
    expect((await console.call('log:verify', {})).brokenRow).toBeNull()
  })

  it('leaves every span of the log to be found, though times in it go back', async () => {
    const { machine, console } = await openAhead()
    const rename = (name: string) => console.call('settings:set', { changes: { 'server.name': name } })
    for (let round = 0; round < 2; round++) {
      for (let minute = 0; minute < 30; minute++) {
        machine.elapse(minuteMs)
        await rename(`${round} ${minute}`)
      }
      if (round === 0) await console.call('time:setRight', {})
      else await goAhead(machine, console)
    }
    await console.call('time:setRight', {})
    const all = (await console.call('log:list', { limit: 500 })).entries
    for (const sinceMs of [
      0,
      testStartMs,
      testStartMs + 10 * minuteMs,
      testStartMs + 40 * minuteMs,
      testStartMs + aheadMs
    ])
      for (const spanMs of [0, 5 * minuteMs, 45 * minuteMs, 3 * aheadMs]) {
        const filter = { sinceMs, untilMs: sinceMs + spanMs }
        const { entries, next } = await console.call('log:list', { filter, limit: 500 })
        expect(next).toBeNull()
        expect(entries).toEqual(all.filter(({ atMs }) => atMs >= filter.sinceMs && atMs <= filter.untilMs))
      }
  })

  it('counts what was done while the time ran ahead by the day on which it was done', async () => {
    const { console } = await openAhead()
    const code = await issue(console)
    expect(await attempt(console, code)).toHaveProperty('id')
    await console.call('time:setRight', {})
    const { days } = await console.call('status:figures', {})
    expect(days.at(-1)).toMatchObject({ issued: 1, used: 1 })
    expect((await userOf(console)).provisionedAtMs).toBe((await console.call('time:get', {})).clockMs)
  })

  it('is refused where the time is right, and to the help desk', async () => {
    const console = await openTestConsole({ clock: createTestMachine() })
    expect(await refusalCode(() => console.call('time:setRight', {}))).toBe('time-is-right')
    const result = await console.dispatch('time:setRight', {}, { actor: 'desk', role: 'helpdesk' })
    expect(result).toMatchObject({ ok: false, error: { code: 'forbidden' } })
  })

  it('ends every one of more codes than it takes at a time', async () => {
    const machine = createTestMachine()
    const console = await openMailConsole(1200, {}, { clock: machine })
    await goAhead(machine, console)
    await console.call('codes:issue', everybody)
    expect(await console.call('time:setRight', {})).toMatchObject({ withdrawnCodes: 1200 })
    expect((await console.call('status:get', {})).usersByCode).toMatchObject({ live: 0, withdrawn: 1200 })
  })
})
