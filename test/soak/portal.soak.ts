import { describe, expect, it } from 'vitest'
import { provisionThroughKills } from '../support/portal-kills.ts'
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
})

describe('a portal that is killed under load', () => {
  it('takes no code twice and loses none, over a hundred kills with three hundred users at once', async () => {
    const counts = await provisionThroughKills({ users: 300, kills: 100 })
    console.log(counts)
    expect(counts.passed + counts.unheard).toBe(counts.codes)
  })
})
