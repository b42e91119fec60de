import { simpleParser } from 'mailparser'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openDatabase } from '../../../src/main/store/sqlite/open.ts'
import { readQrPicture } from '../../../src/main/qr/decode.ts'
import { openTestConsole, type TestConsole } from '../../support/console.ts'
import { addUsers, everybody, openMailConsole, transportTo } from '../../support/mail-console.ts'
import { refusalOf } from '../../support/refusal.ts'
import { messageIdOf, openSmtpSink } from '../../support/smtp-sink.ts'

const hourMs = 3_600_000

async function statesOf(console: TestConsole): Promise<Record<string, string>> {
  const { messages } = await console.call('outbox:messages', { limit: 500 })
  return Object.fromEntries(messages.map(({ username, state }) => [username, state]))
}

const firstBatch = async (console: TestConsole) => (await console.call('outbox:batches', {})).batches.at(-1)

describe('a batch of mails', () => {
  it('reaches every recipient once, each with a QR code of the code that then lives', async () => {
    const console = await openMailConsole(30)
    const { batch, queued, skipped } = await console.call('mail:send', everybody)
    expect([queued, skipped, batch?.state]).toEqual([30, [], 'sending'])
    expect(await console.sendDue()).toBe('done')
    const { sink } = console
    expect(sink.received.map(({ to }) => to).toSorted()).toEqual(
      Array.from({ length: 30 }, (_, index) => `u${index + 1}@example.com`).toSorted()
    )
    expect(new Set(sink.received.map(({ raw }) => messageIdOf(raw))).size).toBe(30)
    expect(await firstBatch(console)).toMatchObject({ state: 'done', total: 30, counts: { sent: 30, queued: 0 } })

    const mail = await simpleParser(sink.received[0]?.raw ?? Buffer.alloc(0))
    const [picture] = mail.attachments
    const image = picture?.content ?? Buffer.alloc(0)
    const [qr] = await readQrPicture(image)
    expect(qr?.text).toMatch(/^https:\/\/127\.0\.0\.1:8443\/userportal\/complete\/\d+\/u\d+\/[0-9A-Z]{10}$/)
    const [decoded] = await console.call('qr:decode', { image })
    expect(decoded).toMatchObject({ isOurs: true, code: 'live' })
    expect(String(mail.html)).toContain(`${qr?.text}?s=`)
    expect(mail.text).toContain(qr?.text.split('/').at(-1))
  })

  it('counts a code’s life from when the mail server took its mail', async () => {
    const console = await openMailConsole(1)
    await console.call('mail:send', { ...everybody, life: { validForMs: 2 * hourMs } })
    console.clock.advance(hourMs)
    await console.sendDue()
    const { user, timeline } = await console.call('users:show', { username: 'u1' })
    expect(user.codeExpiresAtMs).toBe(console.clock.nowMs() + 2 * hourMs)
    expect(user.codeSentAtMs).toBe(console.clock.nowMs())
    expect(timeline.map(({ kind }) => kind)).toContain('mail.sent')
    expect((await console.call('users:list', { filter: { sent: true } })).users).toHaveLength(1)
    // A new code that nobody mailed is not sent.
    await console.call('codes:issue', { selection: { usernames: ['u1'] } })
    expect((await console.call('users:list', { filter: { sent: true } })).users).toHaveLength(0)
  })

  it('lets a fixed end be fixed', async () => {
    const console = await openMailConsole(1)
    const untilMs = console.clock.nowMs() + 5 * hourMs
    await console.call('mail:send', { ...everybody, life: { untilMs } })
    console.clock.advance(hourMs)
    await console.sendDue()
    expect((await console.call('users:show', { username: 'u1' })).user.codeExpiresAtMs).toBe(untilMs)
  })

  it('leaves out who can have none, and says why', async () => {
    const console = await openMailConsole(2)
    await console.call('users:add', { username: 'nomail', group: 'Staff' })
    await console.call('users:add', { username: 'off', email: 'off@example.com', group: 'Staff' })
    await console.call('users:disable', { selection: { usernames: ['off'] } })
    await console.call('groups:add', { name: 'Guests', mobileClient: false })
    await console.call('users:add', { username: 'guest', email: 'guest@example.com', group: 'Guests' })
    const selection = { usernames: ['u1', 'u2', 'nomail', 'off', 'guest', 'nobody'] }
    const plan = await console.call('mail:plan', { selection })
    expect(plan).toMatchObject({ recipients: 2, liveCodes: 0, locked: 0, firstUsername: 'u1' })
    expect(plan.leftOut).toEqual([
      { reason: 'no-such-user', users: 1 },
      { reason: 'disabled', users: 1 },
      { reason: 'no-address', users: 1 },
      { reason: 'no-mobile-client', users: 1 }
    ])
    expect(plan.publicAddress.warning).toContain('127.0.0.1')
    const { users } = await console.call('mail:planned', { selection, list: 'no-address' })
    expect(users.map(({ username }) => username)).toEqual(['nomail'])
    const { queued, skipped } = await console.call('mail:send', { selection })
    expect([queued, skipped.length]).toEqual([2, 4])
  })

  it('waits for its time, and ends no code before', async () => {
    const console = await openMailConsole(2)
    await console.call('codes:issue', everybody)
    const atMs = console.clock.nowMs() + hourMs
    const { batch } = await console.call('mail:send', { ...everybody, atMs })
    expect(batch?.state).toBe('scheduled')
    expect(await console.sendDue()).toBe('waiting')
    expect(console.sink.received).toHaveLength(0)
    const before = (await console.call('users:show', { username: 'u1' })).user.codeIssuedAtMs
    console.clock.set(atMs)
    expect(await console.sendDue()).toBe('done')
    expect(console.sink.received).toHaveLength(2)
    expect((await console.call('users:show', { username: 'u1' })).user.codeIssuedAtMs).not.toBe(before)
  })

  it('is refused while no transport is set up', async () => {
    const console = await openTestConsole()
    await addUsers(console, 1)
    await expect(refusalOf(() => console.call('mail:send', everybody))).resolves.toMatchObject({
      code: 'transport-incomplete'
    })
    expect((await console.call('users:show', { username: 'u1' })).user.code).toBe('none')
  })
})

describe('what a mail server says', () => {
  it('leads to the state that it means, and the numbers add up', async () => {
    const answers: Record<string, string> = {
      'u1@example.com': '451 4.3.0 try again later',
      'u2@example.com': '452 4.2.2 mailbox full for now',
      'u3@example.com': '550 5.1.1 no such mailbox',
      'u4@example.com': '552 5.2.2 over quota',
      'u7@example.com': '421 4.7.0 closing for now'
    }
    const afterText: Record<string, string> = {
      'u5@example.com': '554 5.7.1 looks like spam',
      'u6@example.com': '421 4.7.0 too much today'
    }
    const console = await openMailConsole(10, {
      rcpt: (address) => answers[address] ?? null,
      data: (to) => afterText[to] ?? null
    })
    await console.call('mail:send', everybody)
    await console.sendDue()
    expect(await statesOf(console)).toMatchObject({
      u1: 'deferred',
      u2: 'deferred',
      u3: 'failed',
      u4: 'failed',
      u5: 'failed',
      u6: 'deferred',
      u7: 'deferred',
      u8: 'sent',
      u10: 'sent'
    })
    const batch = await firstBatch(console)
    expect(batch?.counts).toMatchObject({ sent: 3, failed: 3, deferred: 4, queued: 0, sending: 0 })
    expect(
      (await console.call('outbox:messages', { states: ['deferred'] })).messages.map(({ attempts }) => attempts)
    ).toEqual([1, 1, 1, 1])
    const nextTryAtMs = console.clock.nowMs() + 300_000
    expect(batch).toMatchObject({ state: 'sending', ratePerMinute: null, remainingMs: null, nextTryAtMs })
    expect(await console.call('outbox:summary', {})).toMatchObject({ waiting: 4, nextDueAtMs: nextTryAtMs })
    const { messages } = await console.call('outbox:messages', { username: 'u3' })
    expect(messages[0]?.response).toContain('5.1.1 no such mailbox')
    expect(console.sink.received).toHaveLength(3)
  })

  it('holds up nobody where it takes only so many mails over one connection', async () => {
    const console = await openMailConsole(25)
    const taken = new Map<string, number>()
    const limited = await openSmtpSink({
      options: {
        onMailFrom(_address, { id }, callback) {
          const mails = (taken.get(id) ?? 0) + 1
          taken.set(id, mails)
          if (mails <= 3) return callback()
          callback(Object.assign(new Error('4.7.0 too many messages in this connection'), { responseCode: 421 }))
        }
      }
    })
    await console.call('settings:set', { changes: transportTo(limited.port) })
    await console.call('mail:send', everybody)
    expect(await console.sendDue()).toBe('done')
    expect(limited.received).toHaveLength(25)
    expect(limited.connections).toBeGreaterThan(8)
  })

  it('makes it try again later, at longer and longer distances, until the code has expired', async () => {
    let tries = 0
    const console = await openMailConsole(1, { rcpt: () => (tries++, '451 4.3.0 not now') })
    await console.call('mail:send', { ...everybody, life: { validForMs: 2 * hourMs } })
    for (const waitMs of [0, 300_000, 600_000, 1_200_000, 2_400_000]) {
      console.clock.advance(waitMs - 1)
      await console.sendDue()
      const before = tries
      console.clock.advance(1)
      await console.sendDue()
      expect(tries - (waitMs === 0 ? 0 : before)).toBe(1)
    }
    console.clock.advance(4 * hourMs)
    await console.sendDue()
    expect(tries).toBe(5)
    const { messages } = await console.call('outbox:messages', {})
    expect(messages[0]).toMatchObject({ state: 'failed', response: expect.stringContaining('expired') as string })
  })

  it('stops the batch at the first refused sign-in, not at the five hundredth', async () => {
    const console = await openMailConsole(40, { password: 'user:right' })
    await console.call('settings:set', {
      changes: {
        'transport.default.authentication': 'password',
        'transport.default.username': 'user',
        'transport.default.password': 'wrong',
        'transport.default.connections': 10
      }
    })
    await console.call('mail:send', everybody)
    await console.sendDue()
    expect(console.sink.signIns).toEqual(['user:wrong'])
    const batch = await firstBatch(console)
    expect(batch).toMatchObject({ state: 'stopped', counts: { queued: 40 } })
    expect(batch?.note).toContain('535')
    await console.call('settings:set', { changes: { 'transport.default.password': 'right' } })
    await console.call('outbox:resume', { batchId: batch?.id ?? 0 })
    expect(await console.sendDue()).toBe('done')
    expect(console.sink.received).toHaveLength(40)
  })

  it('stops the batch when it takes no mail from the sender', async () => {
    const console = await openMailConsole(5, { mail: () => '553 5.7.1 sender not allowed' })
    await console.call('mail:send', everybody)
    await console.sendDue()
    expect(await firstBatch(console)).toMatchObject({ state: 'stopped', counts: { queued: 5 } })
  })

  it('waits by itself while nobody answers, and goes on', async () => {
    const console = await openTestConsole()
    const gone = await openSmtpSink()
    await gone.close()
    await console.call('settings:set', { changes: transportTo(gone.port) })
    await addUsers(console, 3)
    await console.call('mail:send', everybody)
    expect(await console.sendDue()).toBe('waiting')
    expect((await firstBatch(console))?.note).toContain('nothing listens there')
    const sink = await openSmtpSink()
    await console.call('settings:set', { changes: { 'transport.default.port': sink.port } })
    expect(await console.sendDue()).toBe('done')
    expect(sink.received).toHaveLength(3)
    expect((await firstBatch(console))?.note).toBeNull()
  })
})

describe('pausing, cancelling and retrying', () => {
  it('keeps a paused batch still, and withdraws the codes of a cancelled one', async () => {
    const console = await openMailConsole(3)
    const { batch } = await console.call('mail:send', everybody)
    const batchId = batch?.id ?? 0
    expect((await console.call('outbox:pause', { batchId })).state).toBe('paused')
    await console.sendDue()
    expect(console.sink.received).toHaveLength(0)
    expect(await console.call('outbox:cancel', { batchId })).toEqual({ cancelled: 3 })
    expect(await firstBatch(console)).toMatchObject({ state: 'cancelled', counts: { cancelled: 3 } })
    expect((await console.call('users:show', { username: 'u1' })).user.code).toBe('withdrawn')
    await console.sendDue()
    expect(console.sink.received).toHaveLength(0)
  })

  it('sends what failed once more, with a new code where the old one has ended', async () => {
    let isRefusing = true
    const console = await openMailConsole(3, { rcpt: () => (isRefusing ? '550 5.1.1 no' : null) })
    const { batch } = await console.call('mail:send', everybody)
    await console.sendDue()
    isRefusing = false
    await console.call('codes:withdraw', { selection: { usernames: ['u2'] } })
    await console.call('codes:issue', { selection: { usernames: ['u3'] } })
    const { retried, skipped } = await console.call('outbox:retry', { batchId: batch?.id ?? 0 })
    expect([retried, skipped]).toEqual([2, [{ username: 'u3', reason: 'the user has a newer live code' }]])
    expect(await console.sendDue()).toBe('done')
    expect(console.sink.received.map(({ to }) => to).toSorted()).toEqual(['u1@example.com', 'u2@example.com'])
    for (const { raw } of console.sink.received) {
      const [picture] = (await simpleParser(raw)).attachments
      const [decoded] = await console.call('qr:decode', { image: picture?.content ?? Buffer.alloc(0) })
      expect(decoded?.code).toBe('live')
    }
  })

  it('sends none whose code was ended meanwhile', async () => {
    const console = await openMailConsole(3)
    await console.call('mail:send', everybody)
    await console.call('codes:withdraw', { selection: { usernames: ['u1'] } })
    await console.call('users:disable', { selection: { usernames: ['u2'] } })
    await console.sendDue()
    expect(console.sink.received.map(({ to }) => to)).toEqual(['u3@example.com'])
    expect(await statesOf(console)).toEqual({ u1: 'cancelled', u2: 'cancelled', u3: 'sent' })
  })
})

describe('a notice that a phone was set up', () => {
  it('is mailed after provisioning, and not where policy says so', async () => {
    const console = await openMailConsole(2)
    const provision = async (username: string) => {
      const { issued } = await console.call('codes:issue', { selection: { usernames: [username] }, reveal: true })
      return console.portal.provisioning.provision({ username, code: issued[0]?.code ?? '', address: '203.0.113.9' })
    }
    expect(await provision('u1')).toHaveProperty('id')
    await console.sendDue()
    expect(console.sink.received).toHaveLength(1)
    const mail = await simpleParser(console.sink.received[0]?.raw ?? Buffer.alloc(0))
    expect(mail.subject).toBe('A phone was set up for you')
    expect(mail.text).toContain('203.0.113.9')
    await console.call('settings:set', { changes: { 'policy.selfReset.notifyProvisioned': false } })
    await provision('u2')
    await console.sendDue()
    expect(console.sink.received).toHaveLength(1)
  })
})

describe('a program that has nothing to send', () => {
  it('writes nothing, so that two of them leave each other alone', async () => {
    const console = await openMailConsole(1)
    const { db, dataVersion, close } = await openDatabase(`${console.folder}/console.db`)
    onTestFinished(close)
    await console.sendDue()
    await db.selectFrom('mails').select('id').execute()
    const before = dataVersion()
    console.clock.advance(60_000)
    for (let turn = 0; turn < 3; turn++) await console.sendDue()
    expect(dataVersion()).toBe(before)
  })
})

describe('a restored backup', () => {
  it('sends nothing by itself of what waited in it', async () => {
    const console = await openMailConsole(2)
    await console.call('mail:send', everybody)
    const passphrase = 'correct horse battery staple'
    const { content } = await console.call('backup:create', { passphrase })
    await console.sendDue()
    await console.call('backup:restore', { content, passphrase })
    await console.sendDue()
    expect(console.sink.received).toHaveLength(2)
    expect(await statesOf(console)).toEqual({ u1: 'unknown', u2: 'unknown' })
    expect(await firstBatch(console)).toMatchObject({ state: 'cancelled', counts: { unknown: 2 } })
  })
})
