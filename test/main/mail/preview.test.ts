import { simpleParser } from 'mailparser'
import { describe, expect, it } from 'vitest'
import { readQrPicture } from '../../../src/main/qr/decode.ts'
import { confirmOwnAddress, everybody, openMailConsole } from '../../support/mail-console.ts'
import { openTestConsole } from '../../support/console.ts'

/** A message without what is another in every mail: code, signature, picture, Date, Message-ID and the names made of it. */
function comparable(raw: Buffer, code: string): string {
  return raw
    .toString('latin1')
    .replace(/\r\niVBOR[^]*?\r\n--/g, '\r\nPICTURE\r\n--')
    .replace(/=\r\n/g, '')
    .replaceAll(code, 'CODE')
    .replace(/\?s=3D[\w-]{27}|s=3D[\w-]{27}/g, 'SIGNATURE')
    .replace(/^(Date|Message-ID): .*$/gm, '$1')
    .replace(/--_NmP-\w+-/g, '--_NmP-X-')
    .replace(/qr\.[\w.-]+@[\w.-]+/g, 'CID')
    .replace(/boundary="[^"]*"/g, 'boundary')
}

describe('the preview', () => {
  it('is the mail that is sent, but for the code', async () => {
    const console = await openMailConsole(1)
    const preview = await console.call('mail:preview', { username: 'u1' })
    expect((await console.call('users:show', { username: 'u1' })).user.code).toBe('none')
    await console.call('mail:send', everybody)
    await console.sendDue()
    const sent = console.sink.received[0]?.raw ?? Buffer.alloc(0)
    const [, code = ''] = /Code to type: ([0-9A-Z]{10})/.exec((await simpleParser(sent)).text ?? '') ?? []
    expect(comparable(Buffer.from(preview.raw), preview.sampleCode)).toBe(comparable(sent, code))
  })

  it('shows what a mail reader would find in it', async () => {
    const { call } = await openMailConsole(1)
    const preview = await call('mail:preview', { username: 'u1' })
    const parsed = await simpleParser(Buffer.from(preview.raw), { skipImageLinks: true })
    expect(preview.subject).toBe(parsed.subject)
    expect(preview.text.replaceAll('\r\n', '\n')).toBe(parsed.text)
    expect(preview.html?.replaceAll('\r\n', '\n')).toBe(parsed.html)
    expect(preview).toMatchObject({
      to: 'User 1 <u1@example.com>',
      from: 'Help Desk <help@example.com>',
      transport: 'default'
    })
    const [picture] = preview.pictures
    expect(picture).toMatchObject({ isEmbedded: true, contentType: 'image/png' })
    expect(preview.html).toContain(`"${picture?.src}"`)
    const [qr] = await readQrPicture(picture?.content ?? Buffer.alloc(0))
    expect(qr?.text).toContain('/u1/SAMP1EC0DE')
    const outcomes = Object.fromEntries(preview.checks.map(({ check, outcome }) => [check, outcome]))
    expect(outcomes).toEqual({
      'public-address': 'failed',
      'url4-present': 'passed',
      'qr-decodes': 'passed',
      'keywords-resolved': 'passed',
      size: 'passed',
      headers: 'passed',
      sender: 'passed',
      transport: 'passed',
      address: 'passed'
    })
  })

  it('draws the linked picture too, shows names as text, and works before anything is set up', async () => {
    const { call } = await openTestConsole()
    await call('users:add', {
      username: 'jörg',
      name: '<b>Jörg</b> "漢字"',
      email: 'jörg@bücher.example',
      group: 'Staff'
    })
    await call('settings:set', {
      changes: { 'transport.default.qrImage': 'linked', 'server.host': 'portal.example.com' }
    })
    const preview = await call('mail:preview', { username: 'jörg' })
    expect(preview.pictures).toMatchObject([{ isEmbedded: false }])
    expect(preview.html).toContain('&lt;b&gt;Jörg&lt;/b&gt;')
    expect(preview.html).not.toContain('<b>Jörg')
    expect(preview.to).toBe('<b>Jörg</b> "漢字" <jörg@bücher.example>')
    const found = preview.checks.filter(({ outcome }) => outcome !== 'passed').map(({ check }) => check)
    expect(found).toEqual(['sender', 'transport', 'address'])
    const draft = { subject: 'Hi %NAME%', html: '<p>%CODE%</p>', text: null }
    expect(await call('mail:preview', { draft })).toMatchObject({
      username: 'jdoe',
      subject: 'Hi Jo Doe',
      pictures: []
    })
  })

  it('goes to one’s own address with the sample code', async () => {
    const console = await openMailConsole(1)
    const { call, sink } = console
    await confirmOwnAddress(console, sink, 'me@example.com')
    const delivery = await call('mail:toMe', { username: 'u1' })
    expect(delivery).toMatchObject({ accepted: true, address: 'me@example.com' })
    expect(sink.received.map(({ to }) => to)).toEqual(['me@example.com', 'me@example.com'])
    expect(sink.received[1]?.raw.toString()).toContain('SAMP1EC0DE')
  })
})
