import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import { assertNever } from '../../shared/errors.ts'
import type { Settings } from '../../shared/settings.ts'
import type { TemplateContent } from '../../shared/template.ts'
import type { CompileAside } from '../aside/templates.ts'
import { unseal, seal } from '../keys/seal.ts'
import { assertQrReads } from '../qr/decode.ts'
import { createQrMatrix } from '../qr/matrix.ts'
import { renderQrPng } from '../qr/png.ts'
import { pictureWord, type CompiledTemplate } from './compiled-template.ts'
import { codeValues, linkValues, noticeValues } from './keyword-values.ts'
import type { KeywordValues } from './keywords.ts'
import { createComposer, envelopeAddress, type Composer, type Letter, type Mailbox } from './message.ts'
import { mailboxOf, type TransportConfig } from './transport-settings.ts'

/** What a mail says of its own: sealed while it waits. */
export const mailPayload = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('code'), code: z.string() }),
  z.object({ kind: z.literal('notice'), atMs: z.number(), address: z.string() }),
  z.object({ kind: z.literal('link'), url: z.string(), expiresAtMs: z.number() })
])
export type MailPayload = z.infer<typeof mailPayload>

export function sealPayload(sealing: KeyObject, payload: MailPayload, messageId: string): string {
  return seal(sealing, Buffer.from(JSON.stringify(payload)), payloadPlace(messageId)).toString('base64url')
}

/** Throws when the text was sealed for another mail, or with another key. */
export function openPayload(sealing: KeyObject, sealed: string, messageId: string): MailPayload {
  const opened = unseal(sealing, Buffer.from(sealed, 'base64url'), payloadPlace(messageId))
  if (!opened) throw new Error('what a mail of the outbox says cannot be unsealed')
  return mailPayload.parse(JSON.parse(opened.toString('utf8')))
}

function payloadPlace(messageId: string): string {
  return `mails/sealed/${messageId}`
}

export interface Addressee {
  id: number
  username: string
  name: string
  address: string
}

/** What is to be written, and until when its code lives as the mail is to say it. */
export interface Writing {
  to: Addressee
  payload: MailPayload
  messageId: string
  nowMs: number
  /** Of a mail with a code. */
  life: { expiresAtMs: number; validForMs: number } | null
}

export interface WrittenMail {
  message: Buffer
  envelope: { from: string; to: string; needsSmtpUtf8: boolean }
  letter: Letter
  template: CompiledTemplate
  /** The text of its QR code; empty for a mail without one. */
  qrText: string
}

/** Writes mails of one template by one transport. */
export type MailWriter = (writing: Writing) => Promise<WrittenMail>

export async function createMailWriter(
  content: TemplateContent,
  config: Pick<TransportConfig, 'html' | 'qrImage' | 'sender' | 'replyTo'>,
  parts: { settings: Settings; signing: KeyObject; compile: CompileAside }
): Promise<MailWriter> {
  const template = await parts.compile(content, { html: config.html, qrImage: config.qrImage })
  const compose: Composer = createComposer(template)
  const from = mailboxOf(config.sender)
  const replyTo: Mailbox | null = config.replyTo === '' ? null : mailboxOf(config.replyTo)
  const sender = envelopeAddress(from.address)
  return async ({ to, payload, messageId, nowMs, life }) => {
    const { values, qrText } = valuesOf(parts, to, payload, life, nowMs)
    const letter: Letter = {
      from: { name: from.name, address: sender.address },
      replyTo,
      to: { name: to.name, address: to.address },
      messageId,
      atMs: nowMs,
      values,
      picture: null
    }
    if (template.hasEmbeddedPicture && qrText !== '') {
      const matrix = createQrMatrix(qrText)
      // What no camera could read must not leave.
      await assertQrReads(matrix, qrText)
      const contentId = `qr.${messageId.replace(/[<>]/g, '')}`
      letter.picture = { contentId, content: renderQrPng(matrix) }
      letter.values = { ...values, [pictureWord]: contentId }
    }
    const recipient = envelopeAddress(to.address)
    return {
      message: compose(letter),
      envelope: {
        from: sender.address,
        to: recipient.address,
        needsSmtpUtf8: recipient.needsSmtpUtf8 || sender.needsSmtpUtf8
      },
      letter,
      template,
      qrText
    }
  }
}

function valuesOf(
  parts: { settings: Settings; signing: KeyObject },
  to: Addressee,
  payload: MailPayload,
  life: Writing['life'],
  nowMs: number
): { values: KeywordValues; qrText: string } {
  switch (payload.kind) {
    case 'code':
      return codeValues(parts, to, { text: payload.code, ...(life ?? { expiresAtMs: nowMs, validForMs: 0 }) })
    case 'notice':
      return { values: noticeValues(parts.settings, to, payload.atMs, payload.address), qrText: '' }
    case 'link':
      return { values: linkValues(parts.settings, to, { ...payload, nowMs }), qrText: '' }
    default:
      return assertNever(payload)
  }
}
