import fc from 'fast-check'
import { simpleParser } from 'mailparser'
import { describe, expect, it } from 'vitest'
import { compileTemplate, pictureWord } from '../../../src/main/mail/compiled-template.ts'
import { composeByNodes, createComposer, envelopeAddress, type Letter } from '../../../src/main/mail/message.ts'

const atMs = Date.UTC(2026, 4, 4, 9, 0, 0)
const picture = { contentId: 'qr@mail.example.com', content: Buffer.from('not really a picture, but bytes '.repeat(9)) }

function aLetter(change: Partial<Letter> = {}): Letter {
  return {
    from: { name: 'Help Desk', address: 'help@example.com' },
    replyTo: null,
    to: { name: 'Jo Doe', address: 'jdoe@example.com' },
    messageId: '<0123456789abcdef@example.com>',
    atMs,
    values: { NAME: 'Jo Doe', CODE: 'K7QM4T9XPD', url4: 'https://h/q?text=x&s=y', [pictureWord]: picture.contentId },
    picture: null,
    ...change
  }
}

const plain = { subject: 'Hello %NAME%', html: '<p>Hi %NAME%, <img src=url4></p>', text: null }

/** Any text of one line, with what is dangerous in headers and HTML among it. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc.string({ unit: 'grapheme', maxLength: 120 }),
  fc
    .array(
      fc.constantFrom(
        '\r\n',
        '\n',
        '\0',
        'Bcc: x@y.z',
        '<b>',
        '"',
        "'",
        '&',
        ' ',
        '\t',
        '=?',
        '?=',
        'ü',
        '漢字',
        '😀',
        '\u202e',
        'a',
        ',',
        ';',
        '@',
        '%'
      ),
      { maxLength: 40 }
    )
    .map((parts) => parts.join(''))
)

describe('composing', () => {
  it('makes, the fast way, byte for byte what nodemailer’s nodes make', async () => {
    const property = fc.asyncProperty(
      fc.record({
        subject: anyText,
        before: anyText,
        after: anyText,
        name: anyText,
        code: anyText,
        way: fc.constantFrom('linked', 'embedded', 'both')
      }),
      fc.boolean(),
      fc.boolean(),
      async (given, hasHtml, hasReplyTo) => {
        const content = {
          subject: `${given.subject} %NAME%`,
          html: `<p>${given.before}\n<b title=%NAME%>%NAME%</b> <img src=url4>\r\n${given.after}%CODE%</p>`,
          text: `${given.before}%NAME%\n${given.after} %CODE%`
        }
        const template = await compileTemplate(content, { html: hasHtml, qrImage: given.way })
        const letter = aLetter({
          to: { name: given.name, address: 'jdoe@example.com' },
          replyTo: hasReplyTo ? { name: given.name, address: 'desk@example.com' } : null,
          values: {
            ...aLetter().values,
            NAME: given.name.replace(/[\r\n]/g, ' '),
            CODE: given.code.replace(/[\r\n]/g, ' ')
          },
          picture: template.hasEmbeddedPicture ? picture : null
        })
        const fast = createComposer(template)(letter)
        expect(fast.toString('latin1')).toBe((await composeByNodes(template, letter)).toString('latin1'))
      }
    )
    await fc.assert(property, { numRuns: 200 })
  })

  it('does so for parts of several hundred kilobytes too', async () => {
    const long = Array.from(
      { length: 4000 },
      (_, index) => `<p>Zeile ${index} mit Ümlaut und %NAME%${'x'.repeat(index % 97)}</p>`
    ).join('\n')
    const template = await compileTemplate({ subject: 'x', html: long, text: null }, { html: true, qrImage: 'linked' })
    const letter = aLetter()
    const fast = createComposer(template)(letter)
    expect(fast.equals(await composeByNodes(template, letter))).toBe(true)
  })

  it('keeps every line short, every header in ASCII, and one recipient, whatever the names are', async () => {
    const property = fc.asyncProperty(anyText, anyText, async (name, subject) => {
      const template = await compileTemplate(
        { ...plain, subject: `${subject}%NAME%` },
        { html: true, qrImage: 'embedded' }
      )
      const letter = aLetter({
        to: { name, address: 'jdoe@example.com' },
        values: { ...aLetter().values, NAME: name },
        picture
      })
      const message = createComposer(template)(letter)
      const text = message.toString('latin1')
      expect(text).not.toMatch(/\P{ASCII}/u)
      expect(text).not.toMatch(/(?<!\r)\n|\r(?!\n)/)
      expect(Math.max(...text.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998)
      const headers = text
        .slice(0, text.indexOf('\r\n\r\n'))
        .replace(/\r\n[ \t]/g, ' ')
        .split('\r\n')
      expect(headers.map((header) => header.split(':')[0])).toEqual([
        'From',
        'To',
        ...(headers.some((header) => header.startsWith('Subject')) ? ['Subject'] : []),
        'Message-ID',
        'Date',
        'Auto-Submitted',
        'MIME-Version',
        'Content-Type'
      ])
      const parsed = await simpleParser(message)
      const to = [parsed.to].flat().flatMap((one) => one?.value ?? [])
      expect(to.map(({ address }) => address)).toEqual(['jdoe@example.com'])
    })
    await fc.assert(property, { numRuns: 200 })
  })

  it('says name and subject as they are, in any script', async () => {
    for (const name of [
      'Jörg Ümlaut',
      '山田 太郎',
      'مريم حداد',
      'O’Hara, "Ann"',
      '👩‍👩‍👧 Family',
      'x'.repeat(200),
      'Ω '.repeat(80).trim()
    ]) {
      const template = await compileTemplate({ ...plain, subject: 'Für %NAME%' }, { html: true, qrImage: 'linked' })
      const letter = aLetter({ to: { name, address: 'jdoe@example.com' }, values: { ...aLetter().values, NAME: name } })
      const parsed = await simpleParser(createComposer(template)(letter))
      expect(parsed.subject).toBe(`Für ${name}`)
      expect([parsed.to].flat()[0]?.value).toEqual([{ name, address: 'jdoe@example.com' }])
    }
  })

  it('puts the picture into the mail under the Content-ID that the HTML shows', async () => {
    const template = await compileTemplate(plain, { html: true, qrImage: 'embedded' })
    const parsed = await simpleParser(createComposer(template)(aLetter({ picture })), { keepCidLinks: true } as object)
    expect(parsed.html).toContain(`<img alt="QR code. Code to type: K7QM4T9XPD" src="cid:${picture.contentId}">`)
    expect(parsed.attachments).toHaveLength(1)
    expect(parsed.attachments[0]).toMatchObject({ cid: picture.contentId, contentType: 'image/png', related: true })
    expect(parsed.attachments[0]?.content.equals(picture.content)).toBe(true)
  })
})

describe('an address in the envelope', () => {
  it('needs SMTPUTF8 for its local part alone', () => {
    expect(envelopeAddress('jdoe@bücher.example')).toEqual({
      address: 'jdoe@xn--bcher-kva.example',
      needsSmtpUtf8: false
    })
    expect(envelopeAddress('jörg@bücher.example')).toEqual({ address: 'jörg@bücher.example', needsSmtpUtf8: true })
    expect(envelopeAddress('a+b@example.com')).toEqual({ address: 'a+b@example.com', needsSmtpUtf8: false })
  })
})
