import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { MessageCounts } from '../../src/shared/outbox.ts'
import { createTestFolder } from '../support/console.ts'
import { messageIdOf, openSmtpSink } from '../support/smtp-sink.ts'
import { transportTo } from '../support/mail-console.ts'
import { consoleHosts, provision } from './hosts.ts'

const users = 1000
const thousandUsers = path.resolve('test/support/data/users-1000.csv')

/** What the mail server does to some of the thousand, and what becomes of their mails. */
const refusals = {
  rcpt: new Map([
    [17, '451 4.3.0 try again later'],
    [23, '550 5.1.1 no such mailbox'],
    [41, '421 4.7.0 too much from you today'],
    [47, '452 4.2.2 mailbox full for now']
  ]),
  data: new Map([
    [29, '552 5.2.2 over quota'],
    [97, 'stall'],
    [101, 'close']
  ])
}

const host = consoleHosts.find(({ name }) => name.startsWith('Chromium'))

describe.skipIf(host?.missing !== null)(`the Outbox in Chromium${host?.missing ? ` (${host.missing})` : ''}`, () => {
  it('tells of a thousand mails, some of them refused, what the mail server and the command line tell', async () => {
    const seen = new Map<string, number>()
    const numberOf = (address: string) => seen.get(address) ?? seen.set(address, seen.size + 1).size
    const answerTo = (answers: Map<number, string>, address: string) => {
      for (const [divisor, answer] of answers) if (numberOf(address) % divisor === 0) return answer
      return null
    }
    let isWatched = false
    const sink = await openSmtpSink({
      rcpt: (address) => answerTo(refusals.rcpt, address),
      async data(to) {
        // Half of them go out once the screen has been looked at.
        while (!isWatched && sink.received.length > users / 2) await sleep(20)
        const answer = answerTo(refusals.data, to)
        if (answer !== 'stall') return answer
        await sleep(1_500)
        return 'close'
      }
    })
    const folder = createTestFolder()
    const args = ['--data', folder, '--quiet']
    await provision(['users', 'import', thousandUsers, '--create-groups', ...args])
    const settings = Object.entries({ ...transportTo(sink.port), 'transport.default.connections': 20 })
    await provision(['settings', 'set', ...settings.map(([key, value]) => `${key}=${String(value)}`), ...args])
    const opened = await host?.open(folder, { width: 1440, height: 900, colorScheme: 'light' })
    if (!opened) throw new Error('there is no browser')
    onTestFinished(() => opened.close())
    const { page } = opened
    await page.getByRole('navigation').first().waitFor()
    await page.evaluate(`location.hash = '#/outbox'`)
    await page.getByText('Nothing has been mailed yet').waitFor()

    await provision(['mail', 'send', '--all', '--queue', ...args])
    await page.getByRole('button', { name: 'Pause' }).waitFor()
    await page
      .getByText(`of ${users.toLocaleString('en')}`)
      .first()
      .waitFor()
    expect(sum(await shownCounts(page))).toBe(users)
    isWatched = true

    const status = async () => JSON.parse(await provision(['outbox', 'status', '--json', '--data', folder])) as Status
    await expect.poll(async () => (await status()).counts, { interval: 500 }).toMatchObject({ queued: 0, sending: 0 })
    const { counts, waiting, batches } = await status()
    expect(sum(counts)).toBe(users)
    expect([waiting, batches[0]?.counts]).toEqual([counts.deferred, counts])
    await expect.poll(() => shownCounts(page)).toEqual(withoutZeros(counts))

    // What the server did: it took what is sent, and took (without saying so) what is unknown.
    const addresses = [...seen].map(([, number]) => number)
    const hit = (answers: Map<number, string>, wanted: (answer: string) => boolean) =>
      addresses.filter((number) => wanted([...answers].find(([divisor]) => number % divisor === 0)?.[1] ?? '')).length
    const putOff = hit(refusals.rcpt, (answer) => answer.startsWith('4'))
    const refused = hit(refusals.rcpt, (answer) => answer.startsWith('5'))
    expect(counts.deferred).toBe(putOff)
    expect(counts.failed).toBeGreaterThan(refused)
    expect(counts.unknown).toBeGreaterThan(5)
    expect(sink.received).toHaveLength(counts.sent + counts.unknown)
    expect(new Set(sink.received.map(({ raw }) => messageIdOf(raw))).size).toBe(sink.received.length)

    // Nothing goes on before the next try, and the screen does not say that somebody should see to it.
    await page
      .getByText(/^Next try in \d min\.$/)
      .first()
      .waitFor()
    expect(await page.getByText('No program is sending at present').count()).toBe(0)

    await page.getByRole('button', { name: /^failed/ }).click()
    await page.getByText('552 5.2.2 over quota').first().waitFor()
    await page.getByText('550 5.1.1 no such mailbox').first().waitFor()
    await page.getByRole('button', { name: /^unknown/ }).click()
    await page.getByRole('row').filter({ hasText: 'The connection to the mail server broke' }).first().waitFor()
  })
})

interface Status {
  counts: MessageCounts
  waiting: number
  batches: { counts: MessageCounts }[]
}

/** The figures on the buttons above the mails, by state. */
async function shownCounts(page: Page): Promise<Partial<MessageCounts>> {
  const buttons = await page.getByRole('group', { name: 'State of the mails' }).getByRole('button').allTextContents()
  const counts = buttons.map((text) => /^(\D+)([\d,]+)$/.exec(text) ?? [])
  return Object.fromEntries(
    counts.slice(1).map(([, word = '', count = '']) => [word.trim(), Number(count.replaceAll(',', ''))])
  )
}

function sum(counts: Partial<MessageCounts>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0)
}

function withoutZeros(counts: MessageCounts): Partial<MessageCounts> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
}
