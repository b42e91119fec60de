import fc from 'fast-check'
import { simpleParser } from 'mailparser'
import { expect, it } from 'vitest'
import { AppError } from '../../../src/shared/errors.ts'
import { openMailConsole } from '../../support/mail-console.ts'

/** What could end a header, a command or the mail, or name another recipient. */
const dangerous = fc.constantFrom(
  '\r',
  '\n',
  '\r\n',
  '\0',
  '\r\nBcc: evil@example.org',
  '\r\n.\r\n',
  '\r\n\r\n<b>',
  '>\r\nRCPT TO:<evil@example.org>',
  'evil@example.org,',
  ', evil@example.org',
  '<evil@example.org>',
  '; evil@example.org',
  '\u2028',
  '\u0085',
  '\ud800',
  '=?utf-8?Q?=0D=0ABcc:_evil@example.org?=',
  '=0D=0A',
  '"',
  '\\',
  '(',
  ':',
  'ü',
  '漢',
  'a',
  ' '
)
const anyText = fc.oneof(
  fc.array(dangerous, { maxLength: 12 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 40 })
)
const anyAddress = fc.oneof(
  anyText.map((text) => `ann${text}@example.com`),
  anyText.map((text) => `ann@example.com${text}`),
  anyText.map((text) => `${text}ann@example.com`),
  fc.constant('ann@example.com')
)

it('whatever stands in names, subjects and addresses is refused or goes to its one recipient as text', async () => {
  const console = await openMailConsole(0)
  const { sink } = console
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work()
      return true
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      expect(['invalid-input', 'setting-invalid', 'template-invalid']).toContain(error.code)
      return false
    }
  }
  let users = 0
  let mails = 0
  const given = fc.record({ name: anyText, email: anyAddress, subject: anyText, replyTo: anyText })
  const property = fc.asyncProperty(given, async ({ name, email, subject, replyTo }) => {
    const username = `u${++users}`
    const html = '<p>%NAME%, your code is %CODE%.</p><img src=url4>'
    const template = { kind: 'code' as const, subject: `Hello ${subject} %NAME%`, html, text: null }
    await attempt(() => console.call('templates:set', template))
    await attempt(() =>
      console.call('settings:set', { changes: { 'transport.default.replyTo': `Desk ${replyTo} <desk@example.com>` } })
    )
    const add = (fields: { name: string; email: string }) =>
      attempt(() => console.call('users:add', { username, group: 'Staff', ...fields }))
    // The address alone may be what is refused.
    if (!(await add({ name, email })) && !(await add({ name, email: 'ann@example.com' }))) return
    const before = sink.received.length
    await console.call('mail:send', { selection: { usernames: [username] } })
    await console.sendDue()
    const { messages } = await console.call('outbox:messages', { username })
    const got = sink.received.slice(before)
    expect(got.length).toBe(messages[0]?.state === 'sent' ? 1 : 0)
    const [mail] = got
    if (!mail) {
      expect(messages[0]).toMatchObject({ state: 'failed', response: expect.stringContaining('SMTPUTF8') as string })
      return
    }
    mails++
    expect(mail.to).not.toMatch(/[\s,\0]|evil@example\.org,/)
    expect([mail.from, mail.to.split('@').length]).toEqual(['help@example.com', 2])
    const raw = mail.raw.toString('latin1')
    expect(raw).not.toMatch(/\0|(?<!\r)\n|\r(?!\n)/)
    const end = raw.indexOf('\r\n\r\n')
    const names = [
      ...raw
        .slice(0, end)
        .replace(/\r\n[ \t]/g, ' ')
        .matchAll(/^([^:\r\n]*):/gm)
    ].map(([, found]) => found)
    expect(names.filter((found) => found !== 'Reply-To')).toEqual([
      'From',
      'To',
      'Subject',
      'Message-ID',
      'Date',
      'Auto-Submitted',
      'MIME-Version',
      'Content-Type'
    ])
    const parsed = await simpleParser(mail.raw)
    expect([parsed.to].flat().flatMap((to) => to?.value ?? [])).toHaveLength(1)
    expect([parsed.cc, parsed.bcc]).toEqual([undefined, undefined])
  })
  await fc.assert(property, { numRuns: 120 })
  expect(mails).toBeGreaterThan(40)
})
