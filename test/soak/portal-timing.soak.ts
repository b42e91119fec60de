import { expect, it } from 'vitest'
import { measureTwins, twinsNames } from '../support/timing-campaign.ts'

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
