import { describe, expect, it } from 'vitest'
import { provisionThroughKills } from '../support/portal-kills.ts'
import { createTestClock, openTestConsole } from '../support/console.ts'
import { floodByPipelining } from '../support/portal-flood.ts'
import { startPortalProcess } from '../support/portal-process.ts'
import { floodWithConnections, guessUnderOtherNames } from '../support/portal-campaign.ts'

describe('a portal that strangers abuse', () => {
  it('limits 5,000 guesses by where they really come from', async () => {
    const errors = await guessUnderOtherNames(5000)
    // A minute's worth each minute that the campaign takes.
    expect(errors.get('Invalid Username')).toBeLessThan(100)
  })

  it('answers a good client while 10,000 connections say nothing or half of something', async () => {
    const { statuses, slowestMs } = await floodWithConnections(10_000)
    console.log(`the slowest answer took ${Math.round(slowestMs)} ms`)
    expect([...statuses]).toEqual([200])
  })

  it('answers a good client within a second, in bounded memory, while 64 connections pipeline for a minute', async () => {
    const console = await openTestConsole({ clock: createTestClock(Date.now()) })
    await console.call('settings:set', { changes: { 'policy.selfReset.selfService': true } })
    const portal = await startPortalProcess(console.folder)
    const flood = await floodByPipelining(portal, { connections: 64, lastsMs: 60_000 })
    const slowestMs = Math.max(...flood.pagesMs)
    globalThis.console.log(
      `the slowest page took ${Math.round(slowestMs)} ms, at ${Math.round(flood.peakMebibytes)} MiB`
    )
    expect([...flood.statuses]).toEqual([200])
    expect(flood.connected).toBeGreaterThan(64)
    expect(slowestMs).toBeLessThan(1_000)
    expect(flood.peakMebibytes).toBeLessThan(400)
  })
})

describe('a portal that is killed under load', () => {
  it('takes no code twice and loses none, over a hundred kills with three hundred users at once', async () => {
    const counts = await provisionThroughKills({ users: 300, kills: 100 })
    console.log(counts)
    expect(counts.passed + counts.unheard).toBe(counts.codes)
  })
})
