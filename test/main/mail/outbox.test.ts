import { simpleParser } from 'mailparser'
import { describe, expect, it } from 'vitest'
import { decodeQrBitmap, readQrPicture } from '../../../src/main/qr/decode.ts'
import { everybody, openMailConsole } from '../../support/mail-console.ts'
import { messageIdOf } from '../../support/smtp-sink.ts'

void decodeQrBitmap

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
    const { batches } = await console.call('outbox:batches', {})
    expect(batches[0]).toMatchObject({ state: 'done', total: 30, counts: { sent: 30, queued: 0 } })

    const mail = await simpleParser(sink.received[0]?.raw ?? Buffer.alloc(0))
    const [picture] = mail.attachments
    const [qr] = await readQrPicture(picture?.content ?? Buffer.alloc(0))
    const [entry] = await console.call('qr:decode', { image: picture?.content ?? Buffer.alloc(0) })
    expect(qr?.text).toMatch(/^https:\/\/127\.0\.0\.1:8443\/userportal\/complete\/\d+\/u\d+\/[0-9A-Z]{10}$/)
    expect(entry).toMatchObject({ isOurs: true, code: 'live' })
    expect(String(mail.html)).toContain(`${qr?.text}?s=`)
  })
})
