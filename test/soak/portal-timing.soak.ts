import { expect, it } from 'vitest'
import { measureTwins, twinsNames, watchAfterForm } from '../support/timing-campaign.ts'

it.each(twinsNames)(
  'tells by the time of no answer, nor of the next one, what the answer does not tell: %s',
  async (name) => {
    const verdict = await measureTwins(name, 2_000)
    console.log(verdict)
    expect.soft(verdict.own, 'its own time').toBeGreaterThan(0.47)
    expect.soft(verdict.own, 'its own time').toBeLessThan(0.53)
    expect.soft(verdict.next, 'the next time').toBeGreaterThan(0.47)
    expect.soft(verdict.next, 'the next time').toBeLessThan(0.53)
  }
)

it('shows by none of the answers within ten seconds whether a name that a link was asked for is a user', async () => {
  const share = await watchAfterForm(80, 10_000)
  console.log(share)
  // Of so few pairs the share alone is uncertain by 0.045.
  expect(share).toBeGreaterThan(0.41)
  expect(share).toBeLessThan(0.59)
})
