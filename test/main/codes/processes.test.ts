import { describe, expect, it } from 'vitest'
import { guessFromPrograms, raceForOneCode } from '../../support/attempt-campaign.ts'
import { openTestConsole } from '../../support/console.ts'
import { issueAgain, killWhileIssuing, openServerWithCodes } from '../../support/kill-campaign.ts'

describe('attempts from four programs at once', () => {
  it('are evaluated five for each lock, all of them logged, and the right code works once the lock is over', async () => {
    expect(await guessFromPrograms(await openTestConsole(), 200)).toBeGreaterThanOrEqual(1)
  })

  it('pass for one of a hundred with the right code', async () => {
    expect(await raceForOneCode(await openTestConsole(), 'jdoe')).toBe(1)
  })
})

describe('a bulk issue that is killed', () => {
  it('leaves each user with the old code or one new one, and goes on when it is run again', async () => {
    const users = 3000
    const console = await openServerWithCodes(users)
    expect(await killWhileIssuing(console, 900)).toBeGreaterThanOrEqual(900)
    expect(await issueAgain(console)).toBe(users)
  })
})
