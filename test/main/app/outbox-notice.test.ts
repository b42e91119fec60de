import { describe, expect, it } from 'vitest'
import { followOutbox } from '../../../src/main/app/outbox-notice.ts'
import type { OutboxBatch } from '../../../src/shared/outbox.ts'
import { everybody, openMailConsole } from '../../support/mail-console.ts'

async function follow(isInFront: boolean, users: number, rcpt: (address: string) => string | null) {
  const console = await openMailConsole(users, { rcpt })
  const shares: (number | null)[] = []
  const notices: string[] = []
  const looks: Promise<OutboxBatch | undefined>[] = []
  console.subscribe(
    followOutbox(
      {
        showProgress: (share) => shares.push(share),
        isInFront: () => isInFront,
        notify: (title, body) => notices.push(`${title}: ${body}`)
      },
      (id) => {
        const look = console.call('outbox:batches', {}).then(({ batches }) => batches.find((batch) => batch.id === id))
        looks.push(look)
        return look
      }
    )
  )
  await console.call('mail:send', everybody)
  await console.sendDue()
  await Promise.all(looks)
  await new Promise((resolve) => setImmediate(resolve))
  return { shares, notices }
}

describe('the outbox on the desktop', () => {
  it('shows how far it is, and says when it is over where nobody looks', async () => {
    const refuseOne = (address: string) => (address.startsWith('u1@') ? '550 5.1.1 no' : null)
    const { shares, notices } = await follow(false, 12, refuseOne)
    expect(notices).toEqual(['The mails have been sent: 11 sent, 1 failed.'])
    expect(shares.at(-1)).toBeNull()
    expect(shares.filter((share) => share !== null).every((share) => share >= 0 && share <= 1)).toBe(true)
  })

  it('says nothing to who is looking, and why it stopped', async () => {
    expect((await follow(true, 3, () => null)).notices).toEqual([])
    const stopped = await follow(false, 3, () => '530 5.7.0 sign in first')
    expect(stopped.notices).toEqual(['Sending has stopped: 530 5.7.0 sign in first'])
  })
})
