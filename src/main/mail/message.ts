import type * as QuotedPrintable from 'nodemailer/lib/qp'
import type * as MimeFunctions from 'nodemailer/lib/mime-funcs'
import { domainToASCII } from 'node:url'
import type MimeNode from 'nodemailer/lib/mime-node'
import { loadLate } from '../system/late-module.ts'
import { escapeValue, type KeywordValues } from './keywords.ts'
import { fillIn, type CompiledTemplate, type Piece } from './compiled-template.ts'

export interface Mailbox {
  name: string
  address: string
}

/** What a mail says besides its template. */
export interface Letter {
  from: Mailbox
  replyTo: Mailbox | null
  to: Mailbox
  /** `<id@host>` */
  messageId: string
  atMs: number
  values: KeywordValues
  /** The picture of the QR code, where the template embeds it. */
  picture: { contentId: string; content: Buffer } | null
}

/** Composes mails of one template; what they have in common is worked out once. */
export type Composer = (letter: Letter) => Buffer

/**
 * nodemailer's quoted-printable encoder works in pieces of this many bytes, and may break lines differently at their ends;
 * larger parts are encoded as a whole.
 */
const mostBytesByLine = 60_000

const mimeNode = loadLate((require) => require('nodemailer/lib/mime-node') as typeof MimeNode)
const mimeFunctions = loadLate((require) => require('nodemailer/lib/mime-funcs') as typeof MimeFunctions)
const quotedPrintable = loadLate((require) => require('nodemailer/lib/qp') as typeof QuotedPrintable)

const textType = 'text/plain; charset=utf-8'
const htmlType = 'text/html; charset=utf-8'

/**
 * The fast way: byte for byte what `composeByNodes` makes of the same letter. Lines that hold no keyword are encoded once for
 * all letters; quoted-printable never carries anything over from one line to the next.
 */
export function createComposer(template: CompiledTemplate): Composer {
  const writeText = createPartWriter(template.text)
  const writeHtml = template.html && createPartWriter(template.html)
  return (letter) => {
    const boundary = boundaryOf(letter)
    let message = ''
    for (const [name, value] of headersOf(template, letter)) message += formatHeader(name, value)
    const text = `Content-Transfer-Encoding: quoted-printable\r\n\r\n${writeText(letter.values)}`
    if (!writeHtml) {
      // The root's own type comes last, after the encoding.
      message += `Content-Transfer-Encoding: quoted-printable\r\nMIME-Version: 1.0\r\nContent-Type: ${textType}\r\n\r\n${writeText(letter.values)}`
      return Buffer.from(message)
    }
    const outer = `--_NmP-${boundary}-Part_1`
    const html = `Content-Type: ${htmlType}\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${writeHtml(letter.values)}`
    message += `MIME-Version: 1.0\r\n${formatHeader('Content-Type', `multipart/alternative; boundary="${outer}"`)}\r\n`
    message += `--${outer}\r\nContent-Type: ${textType}\r\n${text}`
    message += `\r\n--${outer}\r\n`
    if (letter.picture) {
      const inner = `--_NmP-${boundary}-Part_3`
      message += `${formatHeader('Content-Type', `multipart/related; type="text/html"; boundary="${inner}"`)}\r\n`
      message += `--${inner}\r\n${html}\r\n--${inner}\r\n${formatPicture(letter.picture)}\r\n--${inner}--\r\n`
    } else {
      message += html
    }
    message += `\r\n--${outer}--\r\n`
    return Buffer.from(message)
  }
}

/** The slow way, through nodemailer's own nodes: the measure that the fast one is held to. */
export async function composeByNodes(template: CompiledTemplate, letter: Letter): Promise<Buffer> {
  const { values, picture } = letter
  const encoded = { 'Content-Transfer-Encoding': 'quoted-printable' }
  const options = { baseBoundary: boundaryOf(letter) }
  const addHeaders = (root: MimeNode) => {
    for (const [name, value] of headersOf(template, letter)) root.setHeader(name, value)
    return root
  }
  if (!template.html) {
    const root = addHeaders(new (mimeNode())(textType, options)).setHeader(encoded).setHeader('MIME-Version', '1.0')
    return root.setContent(fillIn(template.text, values)).build()
  }
  const root = addHeaders(new (mimeNode())('multipart/alternative', options)).setHeader('MIME-Version', '1.0')
  root.createChild(textType).setHeader(encoded).setContent(fillIn(template.text, values))
  const parent = picture ? root.createChild('multipart/related; type="text/html"') : root
  parent.createChild(htmlType).setHeader(encoded).setContent(fillIn(template.html, values))
  if (picture) {
    parent
      .createChild('image/png')
      .setHeader('Content-ID', `<${picture.contentId}>`)
      .setHeader('Content-Disposition', 'inline; filename=qr-code.png')
      .setHeader('Content-Transfer-Encoding', 'base64')
      .setContent(picture.content)
  }
  return root.build()
}

function headersOf(template: CompiledTemplate, letter: Letter): [string, string | Mailbox | Date][] {
  return [
    ['From', mailbox(letter.from)],
    ...(letter.replyTo ? ([['Reply-To', mailbox(letter.replyTo)]] as [string, Mailbox][]) : []),
    ['To', mailbox(letter.to)],
    ['Subject', subjectOf(template, letter.values)],
    ['Message-ID', letter.messageId],
    ['Date', new Date(letter.atMs)],
    // RFC 3834: no holiday message answers it.
    ['Auto-Submitted', 'auto-generated']
  ]
}

/** Half a character has no bytes of its own, and a name is one line, whatever it once was. */
function mailbox({ name, address }: Mailbox): Mailbox {
  return { name: oneLine(name), address }
}

export function subjectOf(template: CompiledTemplate, values: KeywordValues): string {
  return oneLine(fillIn(template.subject, values))
}

function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ')
    .trim()
}

/** One for all: each new node draws random bytes for a boundary that no header needs. */
const headerEncoder = loadLate(() => new (mimeNode())())

const encodedHeaders = new Map<string, string>()

/** One header with its line break; the same ones come again with every mail of a batch. */
function formatHeader(name: string, value: string | Mailbox | Date): string {
  const key =
    typeof value === 'string' && (name === 'Subject' || name === 'Content-Type')
      ? null
      : name === 'From' || name === 'Reply-To'
        ? `${name} ${JSON.stringify(value)}`
        : null
  const known = key === null ? undefined : encodedHeaders.get(key)
  if (known !== undefined) return known
  const encoded = headerEncoder().encodeHeaderValue(name, value)
  const header = encoded.trim() === '' ? '' : `${mimeFunctions().foldLines(`${name}: ${encoded}`, 76)}\r\n`
  if (key !== null) {
    if (encodedHeaders.size > 100) encodedHeaders.clear()
    encodedHeaders.set(key, header)
  }
  return header
}

function formatPicture({ contentId, content }: NonNullable<Letter['picture']>): string {
  const base64 = content.toString('base64').replace(/.{76}(?=.)/g, '$&\r\n')
  return (
    `Content-Type: image/png\r\nContent-ID: <${contentId}>\r\n` +
    `Content-Disposition: inline; filename=qr-code.png\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64}`
  )
}

/** Told from the Message-ID, which is random: the same letter always has the same bytes. */
function boundaryOf({ messageId }: Letter): string {
  return messageId.replace(/@.*$/, '').replace(/[^A-Za-z0-9]/g, '')
}

type EncodedLine = string | Piece[]

function createPartWriter(pieces: readonly Piece[]): (values: KeywordValues) => string {
  const lines = encodeStaticLines(pieces)
  return (values) => {
    let encoded = ''
    let bytes = 0
    for (const line of lines) {
      if (typeof line === 'string') {
        encoded += line
        bytes += line.length
        continue
      }
      const filled = fillLine(line, values)
      bytes += filled.length * 3
      encoded += quotedPrintable().wrap(quotedPrintable().encode(filled))
    }
    return bytes < mostBytesByLine ? encoded : encodeWhole(fillIn(pieces, values))
  }
}

/** As nodemailer's encoder does with a long part, which it is given in one piece. */
function encodeWhole(text: string): string {
  const bytes = Buffer.from(text)
  let rest = ''
  let encoded = ''
  for (let start = 0; start < bytes.length; start += 65_536) {
    const wrapped = quotedPrintable().wrap(rest + quotedPrintable().encode(bytes.subarray(start, start + 65_536)), 76)
    const end = wrapped.lastIndexOf('\n') + 1
    encoded += wrapped.slice(0, end)
    rest = wrapped.slice(end)
  }
  return encoded + rest
}

function fillLine(line: Piece[], values: KeywordValues): string {
  let filled = ''
  for (const piece of line) {
    filled += typeof piece === 'string' ? piece : escapeValue(piece.word, values[piece.word] ?? '', piece.escaping)
  }
  return filled
}

/** Runs of lines without keywords become one encoded text; the others keep their pieces. */
function encodeStaticLines(pieces: readonly Piece[]): EncodedLine[] {
  const lines: EncodedLine[] = []
  let line: Piece[] = []
  const endLine = () => {
    if (line.every((piece) => typeof piece === 'string')) {
      const encoded = quotedPrintable().wrap(quotedPrintable().encode(line.join('')))
      const last = lines.at(-1)
      if (typeof last === 'string') lines[lines.length - 1] = last + encoded
      else lines.push(encoded)
    } else {
      lines.push(line)
    }
    line = []
  }
  for (const piece of pieces) {
    if (typeof piece !== 'string') {
      line.push(piece)
      continue
    }
    const parts = piece.split(/(?<=\r\n)/)
    for (const part of parts) {
      line.push(part)
      if (part.endsWith('\r\n')) endLine()
    }
  }
  if (line.length > 0) endLine()
  return lines
}

/**
 * The address as it goes into the envelope. A domain is written in ASCII wherever the local part is; only a local part beyond
 * ASCII needs a server that speaks SMTPUTF8 (RFC 6531), and then the whole address may be what it is.
 */
export function envelopeAddress(address: string): { address: string; needsSmtpUtf8: boolean } {
  const at = address.lastIndexOf('@')
  const local = address.slice(0, at)
  const domain = address.slice(at + 1)
  const needsSmtpUtf8 = /\P{ASCII}/u.test(local)
  return { address: needsSmtpUtf8 ? address : `${local}@${domainToASCII(domain) || domain}`, needsSmtpUtf8 }
}
