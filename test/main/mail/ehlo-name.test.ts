import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { ehloNameOf, mindsEhloName } from '../../../src/main/mail/ehlo-name.ts'
import { transportFields } from '../../../src/shared/transport.ts'
import { createTestFolder } from '../../support/console.ts'
import { everybody, openMailConsole } from '../../support/mail-console.ts'
import { hasPostfix, postfixNeed, startPostfix } from '../../support/postfix.ts'

describe('the name in EHLO', () => {
  it('is the one that is set, else the public host where that is a name that others could look up', () => {
    const nameFor = (publicHost: string, ehloName = '') => ehloNameOf({ publicHost, ehloName })
    expect(nameFor('console.example.com')).toBe('console.example.com')
    expect(nameFor('console.example.com', 'mail.example.com')).toBe('mail.example.com')
    expect(['192.0.2.1', '127.0.0.1', '[2001:db8::1]', 'console', 'localhost'].map((host) => nameFor(host))).toEqual(
      Array.from({ length: 5 }, () => undefined)
    )
  })

  it('is a host name or an address in brackets, and nothing that would end its command', () => {
    const isGood = (text: string) => transportFields.ehloName.safeParse(text).success
    for (const text of ['', 'mx.example.com', 'console', '[192.0.2.1]', '[IPv6:2001:db8::1]']) {
      expect([text, isGood(text)]).toEqual([text, true])
    }
    for (const text of [
      '192.0.2.1',
      '2001:db8::1',
      '[2001:db8::1]',
      '[300.1.1.1]',
      'a b',
      'mx.example.com\r\nRSET',
      '[]'
    ])
      expect([text, isGood(text)]).toEqual([text, false])
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const parsed = transportFields.ehloName.safeParse(text)
        if (parsed.success) expect(parsed.data).toMatch(/^[A-Za-z0-9.:[\]-]*$/)
      })
    )
  })

  it('is told apart from what else an answer may be about', () => {
    for (const answer of [
      '504 5.5.2 <console>: Helo command rejected: need fully-qualified hostname',
      '554 5.7.1 <[127.0.0.1]>: Helo command rejected: Access denied',
      '421 4.7.0 Try again later, closing connection. (EHLO) a1',
      '550 rejected: invalid HELO'
    ])
      expect([answer, mindsEhloName(answer)]).toEqual([answer, true])
    for (const answer of [
      '250 HELO',
      '503 5.5.1 send HELO first',
      '502 5.5.2 EHLO not known',
      '554 5.7.1 Relay access denied'
    ])
      expect([answer, mindsEhloName(answer)]).toEqual([answer, false])
  })
})

describe('a real Postfix that looks at the name', () => {
  it.skipIf(!hasPostfix)(
    `refuses another one, says so to a check, and takes mails once it is right (${postfixNeed})`,
    async () => {
      const access = path.join(createTestFolder(), 'helo')
      writeFileSync(access, '/^\\[127/ REJECT addresses are not served\n')
      const port = await startPostfix({
        smtpd_helo_restrictions: `check_helo_access regexp:${access}, reject_invalid_helo_hostname, reject_non_fqdn_helo_hostname`
      })
      const { call, sendDue } = await openMailConsole(2)
      const set = (change: object) => call('transports:set', { name: 'default', change })
      const failed = async () =>
        (await call('transports:check', { name: 'default' })).find(({ outcome }) => outcome === 'failed')
      await set({ port, ehloName: '[127.0.0.1]' })
      expect(await failed()).toMatchObject({
        step: 'sender',
        message: expect.stringMatching(
          /^The mail server does not accept the name “\[127\.0\.0\.1\]” that this server calls itself: 554 5\.7\.1 .*Helo command rejected/
        ) as string
      })
      await set({ ehloName: 'console' })
      expect((await failed())?.message).toMatch(/name “console” .*: 504 5\.5\.2 <console>: Helo command rejected/)

      await call('mail:send', everybody)
      await sendDue()
      const batch = async () => (await call('outbox:batches', {})).batches[0]
      expect(await batch()).toMatchObject({
        state: 'stopped',
        note: expect.stringContaining('EHLO name') as string,
        counts: { queued: 2, failed: 0 }
      })

      // Nothing is set for the transport: the public name of the server will do.
      await set({ ehloName: '' })
      await call('settings:set', { changes: { 'server.host': 'console.example.com' } })
      expect(await failed()).toBeUndefined()
      await call('outbox:resume', { batchId: (await batch())?.id ?? 0 })
      expect(await sendDue()).toBe('done')
      expect((await batch())?.counts).toMatchObject({ sent: 2, failed: 0 })
    }
  )
})
