import type { KeyObject } from 'node:crypto'
import { AppError } from '../../shared/errors.ts'
import type {
  LinkAnswer,
  MailPlan,
  MailPreview,
  MailRequest,
  PlanList,
  PlannedUser,
  PreviewRequest
} from '../../shared/mail.ts'
import type { Settings } from '../../shared/settings.ts'
import type { TemplateContent, TemplateKind } from '../../shared/template.ts'
import { defaultTransportName, type Delivery, type TransportChange } from '../../shared/transport.ts'
import type { Act } from '../system/operation.ts'
import { compileDraft } from '../aside/templates.ts'
import type { AuditLog } from '../store/audit-chain.ts'
import type { Random } from '../system/clock.ts'
import { expiryOf } from '../codes/issue.ts'
import type { Db } from '../store/schema.ts'
import type { Timekeeper } from '../store/time.ts'
import { foldCase } from '../system/fold-case.ts'
import { findGroup, type GroupRow } from '../groups/group-store.ts'
import { createQrMatrix } from '../qr/matrix.ts'
import { renderQrPng } from '../qr/png.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import { findUserByKey } from '../users/user-store.ts'
import { lifeOf } from './code-life.ts'
import { requireAddress } from './given-address.ts'
import { readHtml } from './html-tags.ts'
import { askLinks } from './link-answers.ts'
import { planBatch, publicAddressOf } from './mail-plan.ts'
import { createMailWriter, type Addressee, type MailPayload, type WrittenMail } from './mail-writer.ts'
import { createOwnAddresses, type OwnAddresses } from './own-address.ts'
import type { TokenSource } from './oauth-tokens.ts'
import { checkPreview } from './preview-checks.ts'
import { readMessage } from './read-message.ts'
import { pageOfPlan, readGroups } from './recipients.ts'
import { sampleCode } from './sample-code.ts'
import { openSmtp, type SmtpSession, type SmtpTimeouts } from './smtp.ts'
import { SmtpFailure } from './smtp-outcomes.ts'
import type { TemplateService } from './template-service.ts'
import { placeOf, type TransportService } from './transport-service.ts'
import { missingOf, requireComplete, type TransportConfig } from './transport-settings.ts'

export interface MailService {
  /** What a batch would be: nothing is written. */
  plan(request: MailRequest, act: Act): Promise<MailPlan>
  planned(
    request: MailRequest & { list: PlanList; after?: string | undefined; limit: number },
    act: Act
  ): Promise<{ users: PlannedUser[]; next: string | null }>
  /** The message as it would go out, with a sample code: no live one is made. */
  preview(request: PreviewRequest): Promise<MailPreview>
  checkLinks(request: PreviewRequest): Promise<LinkAnswer[]>
  ownAddresses: OwnAddresses
  /** Sends that message, sample code and all, to the account's own address; past the outbox, since nobody waits for it. */
  toMe(request: PreviewRequest, act: Act): Promise<Delivery>
  /** The same by a transport as a form has it, from the general template. */
  test(name: string, change: TransportChange | undefined, address: string, act: Act): Promise<Delivery>
}

export interface MailServiceParts {
  db: Db
  time: Timekeeper
  random: Random
  audit: AuditLog
  signing: KeyObject
  sealing: KeyObject
  settings: SettingsService
  templates: TemplateService
  transports: TransportService
  tokens: TokenSource
  timeouts?: SmtpTimeouts | undefined
}

/** Stands in for a sender that is not set, in a preview alone. */
const noSender = 'Sender not set <sender-not-set@example.invalid>'

/** For looking at a template without looking at anybody. */
const madeUpUser: Addressee & { groupId: null } = {
  id: 0,
  username: 'jdoe',
  name: 'Jo Doe',
  address: 'jdoe@example.com',
  groupId: null
}

interface Draft extends WrittenMail {
  content: TemplateContent
  config: TransportConfig
  addressee: Addressee
  policy: Settings
  code: string
  expiresAtMs: number
}

export function createMailService(parts: MailServiceParts): MailService {
  const { db, time, random, audit, signing, settings, templates, transports, tokens, timeouts } = parts

  const addresseeOf = async (username: string | undefined): Promise<Addressee & { groupId: number | null }> => {
    if (username === undefined) return madeUpUser
    const row = await findUserByKey(db, foldCase(username.trim()))
    if (!row) throw new AppError('user-not-found', `There is no user “${username}”.`)
    return { id: row.id, username: row.username, name: row.name, address: row.email, groupId: row.group_id }
  }

  const groupOf = async (request: PreviewRequest, groupId: number | null): Promise<GroupRow | undefined> => {
    const groups = await readGroups(db)
    if (request.group === undefined) return groupId === null ? undefined : groups.get(groupId)
    const named = await findGroup(db, foldCase(request.group.trim()))
    if (!named) throw new AppError('group-not-found', `There is no group “${request.group}”.`)
    return named
  }

  const draft = async (
    request: PreviewRequest,
    over: { config?: TransportConfig; address?: string } = {}
  ): Promise<Draft> => {
    const policy = await settings.read()
    const nowMs = await time.peekMs(db)
    const addressee = await addresseeOf(request.username)
    const group = await groupOf(request, addressee.groupId)
    const content = request.draft ?? (await templates.contentFor(db, request.kind, group?.id ?? null))
    const config = over.config ?? (await transports.config(group?.transport ?? 'default'))
    const atMs = Math.max(nowMs, request.atMs ?? nowMs)
    const life = lifeOf(request, policy)
    expiryOf(request.life, policy, 'mail', atMs)
    const expiresAtMs = life.untilMs ?? atMs + life.validForMs
    const code = sampleCode(policy['policy.codes.alphabet'], policy['policy.codes.length'])
    const writer = await createMailWriter(
      content,
      { ...config, sender: config.sender || noSender },
      { settings: policy, signing, compile: compileDraft }
    )
    const written = await writer({
      to: { ...addressee, address: over.address ?? (addressee.address || 'no-address@example.invalid') },
      payload: samplePayload(request.kind, { code, nowMs, policy }),
      messageId: `<sample.${random.bytes(12).toString('hex')}@${messageDomain(policy)}>`,
      nowMs: atMs,
      life: { expiresAtMs, validForMs: expiresAtMs - atMs }
    })
    return { ...written, content, config, addressee, policy, code, expiresAtMs }
  }

  const deliver = async (config: TransportConfig, written: WrittenMail, act: Act): Promise<Delivery> => {
    const delivery = await handOver(config, written)
    const { accepted, address, response } = delivery
    await db.transaction().execute(async (transaction) => {
      const detail = { to: address, ...placeOf(config), response }
      const kind = accepted ? 'mail.sample-sent' : 'mail.sample-refused'
      await audit.append(transaction, await time.nowMs(transaction), { actor: act.actor, kind, detail })
    })
    return delivery
  }

  const handOver = async (config: TransportConfig, written: WrittenMail): Promise<Delivery> => {
    const base = { address: written.envelope.to, messageId: written.letter.messageId }
    let session: SmtpSession | undefined
    try {
      session = await openSmtp(config, tokens, timeouts)
      const outcome = await session.send(written.envelope, written.message)
      return { ...base, accepted: outcome.kind === 'sent', response: outcome.response }
    } catch (error) {
      if (error instanceof SmtpFailure) return { ...base, accepted: false, response: error.message }
      throw error
    } finally {
      session?.close()
    }
  }

  const ownAddresses = createOwnAddresses({
    db,
    time,
    random,
    audit,
    sealing: parts.sealing,
    requireReady: async () => requireComplete(await transports.config(defaultTransportName)),
    async send(address, number) {
      const [config, policy] = [await transports.config(defaultTransportName), await settings.read()]
      const text = `Your number is ${number}. Enter it in the console to confirm that this address is yours.`
      const content = { subject: `${number} confirms your address`, html: `<p>${text}</p><p>%SERVER%</p>`, text: null }
      const writer = await createMailWriter(content, config, { settings: policy, signing, compile: compileDraft })
      const nowMs = await time.peekMs(db)
      const written = await writer({
        to: { ...madeUpUser, name: '', address },
        payload: { kind: 'notice', atMs: nowMs, address: '' },
        messageId: `<${random.bytes(16).toString('hex')}@${messageDomain(policy)}>`,
        nowMs,
        life: null
      })
      return handOver(config, written)
    }
  })

  return {
    plan: (request, act) => planBatch(parts, request, act),

    async planned({ after, ...request }, act) {
      return pageOfPlan(db, { ...request, after }, await time.peekMs(db), act)
    },

    async preview(request) {
      const drafted = await draft(request)
      const { message, letter, config, addressee, policy, code, expiresAtMs, qrText, content, envelope } = drafted
      const read = readMessage(message)
      const pictures = picturesOf(drafted, read)
      const header = (wanted: string) => read.headers.find(({ name }) => name === wanted)?.value ?? ''
      return {
        username: addressee.username,
        name: addressee.name,
        to: addressee.address === '' ? '' : header('To'),
        from: config.sender === '' ? '' : header('From'),
        subject: header('Subject'),
        transport: config.name,
        sampleCode: code,
        expiresAtMs,
        raw: message,
        headers: read.headers,
        html: read.html,
        text: read.text,
        pictures,
        sizeBytes: message.length,
        checks: await checkPreview({
          kind: request.kind,
          html: content.html,
          isHtmlSent: config.html,
          raw: message,
          read,
          values: letter.values,
          pictures,
          qrText,
          transport: {
            name: config.name,
            missing: missingOf(config, {
              password: config.password !== null,
              clientSecret: config.clientSecret !== null
            })
          },
          hasAddress: addressee.address !== '',
          needsSmtpUtf8: envelope.needsSmtpUtf8,
          publicAddress: publicAddressOf(policy)
        })
      }
    },

    async checkLinks(request) {
      const { message, policy } = await draft(request)
      const { html, text } = readMessage(message)
      const ownUrls = [
        policy['policy.selfReset.provisioningUrl'],
        policy['policy.selfReset.settingsUrl'],
        policy['policy.selfReset.completeUrl'],
        policy['policy.selfReset.qrCodeUrl']
      ]
      return askLinks({ html, text }, ownUrls, policy)
    },

    ownAddresses,

    async toMe(request, act) {
      const drafted = await draft(request, { address: await ownAddresses.require(act) })
      requireComplete(drafted.config)
      return deliver(drafted.config, drafted, act)
    },

    async test(name, change, address, act) {
      const config = await transports.config(name, change)
      requireComplete(config)
      const request = { kind: 'code' as const, life: {} }
      return deliver(config, await draft(request, { config, address: requireAddress(address) }), act)
    }
  }
}

function messageDomain(policy: Settings): string {
  return policy['server.host'].replace(/[^A-Za-z0-9.-]/g, '') || 'localhost'
}

function samplePayload(kind: TemplateKind, sample: { code: string; nowMs: number; policy: Settings }): MailPayload {
  if (kind === 'code') return { kind, code: sample.code }
  if (kind === 'notice') return { kind, atMs: sample.nowMs, address: '203.0.113.9' }
  const { origin } = new URL(sample.policy['policy.selfReset.completeUrl'])
  return { kind, url: `${origin}/userportal/reprovision/SAMPLE`, expiresAtMs: sample.nowMs + 10 * 60_000 }
}

/** The pictures that the HTML shows and that this program made, by their `src`. */
function picturesOf({ letter, qrText }: WrittenMail, read: ReturnType<typeof readMessage>): MailPreview['pictures'] {
  const pictures = new Map<string, MailPreview['pictures'][number]>()
  for (const token of readHtml(read.html ?? '')) {
    if (token.kind !== 'tag' || token.name !== 'img') continue
    const src = token.attributes.find(({ name }) => name === 'src')?.value.replaceAll('&amp;', '&') ?? ''
    const attached = read.attachments.find(({ contentId }) => src === `cid:${contentId}`)
    if (attached)
      pictures.set(src, { src, contentType: attached.contentType, content: attached.content, isEmbedded: true })
    // Drawn once, however often the author shows it.
    else if (src !== '' && src === letter.values['url4'] && !pictures.has(src)) {
      const content = renderQrPng(createQrMatrix(qrText))
      pictures.set(src, { src, contentType: 'image/png', content, isEmbedded: false })
    }
  }
  return [...pictures.values()]
}
