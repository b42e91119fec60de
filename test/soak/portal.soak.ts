import { describe, expect, it } from 'vitest'
import { floodWithConnections, guessUnderOtherNames } from '../support/portal-campaign.ts'

describe('a portal that strangers abuse', () => {
  it('limits 5,000 guesses by where they really come from', async () => {
    const errors = await guessUnderOtherNames(5000)
    // A minute's worth each minute that the campaign takes.
    expect(errors.get('Invalid Username')).toBeLessThan(100)
  })

  it('answers a good client while 10,000 connections say nothing or half of something', async () => {
    expect([...(await floodWithConnections(10_000))]).toEqual([200])
  })
})
