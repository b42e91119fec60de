import { describe, expect, it } from 'vitest'
import { guessFromPrograms, raceForOneCode } from '../support/attempt-campaign.ts'
import { openTestConsole } from '../support/console.ts'
import { issueAgain, killWhileIssuing, openServerWithCodes } from '../support/kill-campaign.ts'

describe('attempts from four programs at once', () => {
  it('5,000 guesses for one user, over several locks', async () => {
    expect(await guessFromPrograms(await openTestConsole(), 5000, '1s')).toBeGreaterThanOrEqual(2)
  })

  it('a hundred attempts with the right code, twenty times', async () => {
    const console = await openTestConsole()
    for (let round = 0; round < 20; round++) expect(await raceForOneCode(console, `user${round}`)).toBe(1)
  })
})

describe('a bulk issue to 100,000 users', () => {
  it('killed at twenty places, and then run to its end', async () => {
    const users = 100_000
    const console = await openServerWithCodes(users)
    for (let round = 0; round < 20; round++) {
      const killAfter = 1 + round * 4700
      expect(await killWhileIssuing(console, killAfter)).toBeGreaterThanOrEqual(killAfter)
    }
    expect(await issueAgain(console)).toBe(users)
  })
})
