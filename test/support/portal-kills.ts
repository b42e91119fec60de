import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import BetterSqlite3 from 'better-sqlite3'
import { expect, onTestFinished } from 'vitest'
import { formatXml, parseXmlRecord } from '../../src/main/system/xml.ts'
import { createTestClock, openTestConsole, type TestConsole } from './console.ts'
import { startPortalProcess } from './portal-process.ts'

export interface KillCounts {
  kills: number
  codes: number
  /** Codes whose app was told PASS. */
  passed: number
  /** Codes that were used while the answer was lost with the portal. */
  unheard: number
  /** Requests that were cut off by a kill, or came while nobody listened. */
  lost: number
}

type Answer = 'PASS' | 'refused' | 'lost'

/**
 * Has so many users provisioned at the same time, over TLS, by a portal in another process that is killed (SIGKILL) at random
 * moments and started again, with new codes for everybody until it was killed so often. No code that an app was told PASS for
 * may pass again, and none may end without a phone having been set up with it.
 */
export async function provisionThroughKills({ users, kills }: { users: number; kills: number }): Promise<KillCounts> {
  // The processes go by the machine's time.
  const console = await openTestConsole({ clock: createTestClock(Date.now()) })
  const names = Array.from({ length: users }, (_, index) => `user${index}`)
  await console.call('users:import', {
    content: Buffer.from(['username,group', ...names.map((name) => `${name},Staff`)].join('\n'))
  })
  let portal = await startPortalProcess(console.folder, { tls: true })
  const { port } = portal
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 200,
    ca: readFileSync(path.join(console.folder, 'tls', 'self-signed.pem'))
  })
  onTestFinished(() => agent.destroy())
  const attempt = async (username: string, code: string) => {
    for (let losses = 0; ; losses++) {
      const answer = await attemptOverTls({ agent, port }, username, code)
      if (answer !== 'lost') return { answer, losses }
      await sleep(100 + Math.random() * 200)
    }
  }

  const counts: KillCounts = { kills: 0, codes: 0, passed: 0, unheard: 0, lost: 0 }
  while (counts.kills < kills) {
    console.clock.set(Date.now())
    const { issued } = await console.call('codes:issue', { selection: { filter: {} }, reveal: true })
    counts.codes += issued.length
    const round = { answered: 0, isOver: false }
    const killing = (async () => {
      while (counts.kills < kills) {
        // In the midst of work, however long a start takes: after so many more answers, or a moment later.
        const killAt = round.answered + Math.random() * (users / 4)
        while (round.answered < killAt && !round.isOver) await sleep(1)
        if (round.isOver) return
        await sleep(Math.random() * 5)
        await portal.kill()
        counts.kills++
        portal = await startPortalProcess(console.folder, { tls: true, port })
      }
    })()
    const outcomes = await Promise.all(
      issued.map(async ({ username, code = '' }) => {
        const { answer, losses } = await attempt(username, code)
        round.answered++
        return { username, code, answer, losses }
      })
    )
    round.isOver = true
    await killing

    // Whoever is refused although nobody else knows the code has had an answer that was lost.
    for (const { answer, losses } of outcomes) if (answer === 'refused') expect(losses).toBeGreaterThan(0)
    const passed = outcomes.filter(({ answer }) => answer === 'PASS')
    counts.passed += passed.length
    counts.unheard += outcomes.length - passed.length
    counts.lost += outcomes.reduce((sum, { losses }) => sum + losses, 0)
    const again = await Promise.all(outcomes.map(({ username, code }) => attempt(username, code)))
    expect(new Set(again.map(({ answer }) => answer))).toEqual(new Set(['refused']))
    await expectAllUsed(console, counts.codes)
  }
  return counts
}

/** Every code was used exactly once, by an app, with its entry in a log that is whole. */
async function expectAllUsed(console: TestConsole, codes: number): Promise<void> {
  const sqlite = new BetterSqlite3(path.join(console.folder, 'console.db'), { readonly: true })
  const count = (query: string) => sqlite.prepare(query).pluck().get()
  expect(count(`select count(*) from codes where state = 'used'`)).toBe(codes)
  expect(count(`select count(*) from codes where state <> 'used'`)).toBe(0)
  expect(count(`select count(*) from audit where kind = 'attempt.passed'`)).toBe(codes)
  expect(
    count(`select count(distinct json_extract(detail, '$.codeId')) from audit where kind = 'attempt.passed'`)
  ).toBe(codes)
  expect(count(`select count(*) from users where app_state = 'none'`)).toBe(0)
  expect(sqlite.pragma('quick_check', { simple: true })).toBe('ok')
  sqlite.close()
  expect((await console.call('log:verify', {})).brokenRow).toBeNull()
}

async function attemptOverTls(
  { agent, port }: { agent: Agent; port: number },
  username: string,
  code: string
): Promise<Answer> {
  const leaves = { Version: '3.6', Action: 'provision', Username: username, ProvisionCode: code }
  const body = formatXml(
    'SASRequest',
    Object.entries(leaves).map(([name, content]) => ({ name, content }))
  )
  try {
    const sent = request({ agent, host: '127.0.0.1', port, path: '/proxy/AgentXML', method: 'POST' })
    sent.end(body)
    const [answer] = (await once(sent, 'response')) as [AsyncIterable<Buffer>]
    const chunks: Buffer[] = []
    for await (const chunk of answer) chunks.push(chunk)
    const { Result, Error: error } = parseXmlRecord(Buffer.concat(chunks), 'SASResponse', ['Result', 'Error'])
    if (Result === 'PASS') return 'PASS'
    expect(error).toBe('Invalid Provision Code')
    return 'refused'
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return 'lost'
    throw error
  }
}
