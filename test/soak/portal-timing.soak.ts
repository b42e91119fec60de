import { expect, it } from 'vitest'
import { measureTwins } from '../support/timing-campaign.ts'

it('tells by the time of no answer, nor of the next one, what the answer does not tell', async () => {
  const verdicts = await measureTwins(2_000)
  console.table(verdicts)
  for (const { name, own, next } of verdicts) {
    expect.soft(own, `${name}: its own time`).toBeGreaterThan(0.47)
    expect.soft(own, `${name}: its own time`).toBeLessThan(0.53)
    expect.soft(next, `${name}: the next time`).toBeGreaterThan(0.47)
    expect.soft(next, `${name}: the next time`).toBeLessThan(0.53)
  }
})
