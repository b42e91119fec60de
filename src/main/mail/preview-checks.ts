import type { PreviewCheck } from '../../shared/mail.ts'
import type { ServerStatus } from '../../shared/status.ts'
import type { TemplateKind } from '../../shared/template.ts'
import { readQrPicture } from '../qr/decode.ts'
import { hasQrCode } from './template-rules.ts'
import type { ReadMessage } from './read-message.ts'

/** Gmail cuts a mail off whose HTML is longer. */
const clippingBytes = 102 * 1024

export interface Checked {
  kind: TemplateKind
  /** The template's HTML. */
  html: string
  isHtmlSent: boolean
  raw: Buffer
  read: ReadMessage
  /** What a sample word may look like after it was filled in, so that it is not taken for a forgotten one. */
  values: Readonly<Record<string, string>>
  pictures: { content: Uint8Array; isEmbedded: boolean }[]
  qrText: string
  transport: { name: string; missing: string[] }
  hasAddress: boolean
  needsSmtpUtf8: boolean
  publicAddress: { url: string; scope: ServerStatus['publicAddressScope'] }
}

export async function checkPreview(checked: Checked): Promise<PreviewCheck[]> {
  const checks: PreviewCheck[] = []
  const add = (check: PreviewCheck['check'], outcome: PreviewCheck['outcome'], message: string) =>
    checks.push({ check, outcome, message })

  const warning = publicAddressWarning(checked.publicAddress)
  if (warning !== null) add('public-address', 'failed', warning)
  if (checked.kind === 'code') {
    if (!checked.isHtmlSent)
      add('url4-present', 'warning', 'The transport sends text alone (HTML is off): no QR code can show.')
    else if (hasQrCode(checked.html)) add('url4-present', 'passed', 'The template shows the QR code (url4).')
    else add('url4-present', 'warning', 'No QR code shows: the template holds no url4.')
    if (checked.pictures.length > 0) add(...(await checkPictures(checked)))
  }
  add(...checkKeywords(checked))
  add(...checkSize(checked))
  add(...checkHeaders(checked))
  const { missing, name } = checked.transport
  if (missing.includes('sender')) add('sender', 'failed', `The transport “${name}” has no sender.`)
  else add('sender', 'passed', 'The sender is set.')
  const rest = missing.filter((field) => field !== 'sender')
  if (rest.length > 0)
    add('transport', 'failed', `The transport “${name}” cannot send yet: ${rest.join(', ')} not set.`)
  else if (!missing.includes('sender')) add('transport', 'passed', `It goes out by the transport “${name}”.`)
  if (!checked.hasAddress) add('address', 'failed', 'The user has no email address.')
  else if (checked.needsSmtpUtf8) {
    add(
      'address',
      'warning',
      'The address has letters beyond ASCII before its @: only some mail servers take it (SMTPUTF8).'
    )
  } else add('address', 'passed', 'The address can be mailed to.')
  return checks
}

/** Null when nothing speaks against the address that phones are told. */
export function publicAddressWarning({ url, scope }: Checked['publicAddress']): string | null {
  if (scope === 'loopback')
    return `Phones are told to go to ${url}, which leads every phone to itself. Set server.host first.`
  if (scope === 'private') return `Phones are told to go to ${url}, which they reach in your own network alone.`
  return null
}

type Add = [PreviewCheck['check'], PreviewCheck['outcome'], string]

async function checkPictures({ pictures, qrText }: Checked): Promise<Add> {
  for (const { content } of pictures) {
    const texts = await readQrPicture(content).catch(() => [])
    if (!texts.some(({ text }) => text === qrText))
      return ['qr-decodes', 'failed', 'The QR code could not be read back.']
  }
  return ['qr-decodes', 'passed', 'The QR code was read back and says what the app needs.']
}

function checkKeywords({ read, values }: Checked): Add {
  const subject = read.headers.find(({ name }) => name === 'Subject')?.value ?? ''
  const texts = [subject, read.html ?? '', read.text]
  const known = Object.keys(values)
  const left = known.filter((word) => texts.some((text) => !word.startsWith('url') && text.includes(`%${word}%`)))
  if (left.length > 0)
    return ['keywords-resolved', 'failed', `Not filled in: ${left.map((word) => `%${word}%`).join(', ')}.`]
  return ['keywords-resolved', 'passed', 'Every keyword was filled in.']
}

function checkSize({ raw, read }: Checked): Add {
  const htmlBytes = Buffer.byteLength(read.html ?? '')
  const size = `${Math.ceil(raw.length / 1024)} KB`
  if (htmlBytes > clippingBytes) {
    return ['size', 'warning', `The HTML is ${Math.ceil(htmlBytes / 1024)} KB; Gmail cuts off what is past 102 KB.`]
  }
  return ['size', 'passed', `The mail is ${size}.`]
}

function checkHeaders({ raw, read }: Checked): Add {
  const text = raw.toString('latin1')
  const head = text.slice(0, text.indexOf('\r\n\r\n'))
  const names = read.headers.map(({ name }) => name.toLowerCase())
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) return ['headers', 'failed', `The header ${twice} is there twice.`]
  const lacking = ['from', 'to', 'subject', 'date', 'message-id', 'mime-version'].find((name) => !names.includes(name))
  if (lacking !== undefined) return ['headers', 'failed', `The header ${lacking} is missing.`]
  // An address beyond ASCII stands in its header as it is (RFC 6532); nothing else does.
  const unfolded = head.replace(/\r\n(?=[ \t])/g, '').split('\r\n')
  if (unfolded.some((line) => /\P{ASCII}/u.test(line) && !/^(To|From|Reply-To): /.test(line))) {
    return ['headers', 'failed', 'A header holds letters that are not encoded.']
  }
  if (text.split('\r\n').some((line) => line.length > 998))
    return ['headers', 'failed', 'A line is longer than 998 characters.']
  return ['headers', 'passed', 'The headers are complete and well-formed.']
}
