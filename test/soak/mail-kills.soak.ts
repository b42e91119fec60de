import { expect, it } from 'vitest'
import { sendThroughKills } from '../support/mail-kills.ts'

it('500 mails survive 100 kills at random moments, and none comes twice', async () => {
  const counts = await sendThroughKills({ mails: 500, kills: 100 })
  expect(counts.sent + counts.unknown).toBe(500)
})
