import type { Insertable } from 'kysely'
import { AppError } from '../../shared/errors.ts'
import type { MailRequest } from '../../shared/mail.ts'
import type { Settings } from '../../shared/settings.ts'
import type { TemplateKind } from '../../shared/template.ts'
import { stoppedByCaller, stopReason, type Act } from '../system/operation.ts'
import { usersDetail } from '../store/audit-chain.ts'
import { compileForSending } from '../aside/templates.ts'
import { expiryOf, fitsQrCode, issueCodes, tooLongForQr } from '../codes/issue.ts'
import type { Db, MailsTable } from '../store/schema.ts'
import { forEachChunk, type BulkOutcome } from '../users/selection.ts'
import type { UserRow } from '../users/user-store.ts'
import { insertBatch, openBatch, requireBatch } from './batch-store.ts'
import { lifeOf, queuedLifeMs, type CodeLife } from '../mail/code-life.ts'
import { createHolder } from './lease.ts'
import { sealPayload, type MailPayload } from '../mail/mail-writer.ts'
import { cancelBatch } from './cancel.ts'
import type { StepParts } from './settle.ts'
import { insertMails, keepContent } from './outbox-store.ts'
import { newMessageId, readReadyTransports, type ReadyTransports } from '../mail/ready-transports.ts'
import { leftOutReason, leftOutWords, readGroups, type Groups } from '../mail/recipients.ts'
import type { TemplateService } from '../mail/template-service.ts'
import type { TransportService } from '../mail/transport-service.ts'

export interface QueueingParts extends StepParts {
  templates: TemplateService
  transports: TransportService
  /** Told when there is something to send. */
  poke(): void
  /** Told of a batch that is put together but could not be opened. */
  openWhenPossible(batchId: number): void
}

type Skip = (username: string, reason: string) => void

/** What holds for all mails of a batch while it is put together. */
interface Terms {
  policy: Settings
  life: CodeLife
  atMs: number
  isLater: boolean
  ready: ReadyTransports
  groups: Groups
  /** What its mails say, by group: of one batch all the same, whoever changes a template meanwhile. */
  contents: Map<number, number>
  /** Groups whose template has been made into a mail, and the templates themselves: most groups share one. */
  tried: { groups: Set<number>; templates: Set<string> }
  /** Of the program that puts it together. */
  holder: string
}

/** A year ahead is a slip of the pen. */
const mostAheadMs = 366 * 86_400_000

/**
 * Issues a code to each recipient and puts the mail with it into the outbox; both or neither. `batchId` is null where nobody
 * gets one. Throws `transport-incomplete` where that is so because a transport is not set up.
 */
export async function queueBatch(
  parts: QueueingParts,
  request: MailRequest,
  act: Act
): Promise<{ batchId: number | null; queued: number } & BulkOutcome> {
  const { db, time, settings, transports } = parts
  const policy = await settings.read()
  const startMs = await time.peekMs(db)
  const atMs = Math.max(request.atMs ?? startMs, startMs)
  if (atMs - startMs > mostAheadMs) {
    throw new AppError('invalid-input', 'A batch can be planned for a time within the next year.')
  }
  expiryOf(request.life, policy, 'mail', atMs)
  const terms: Terms = {
    policy,
    life: lifeOf(request, policy),
    atMs,
    isLater: atMs > startMs,
    ready: await readReadyTransports(transports),
    groups: await readGroups(db),
    contents: new Map(),
    tried: { groups: new Set(), templates: new Set() },
    holder: createHolder(parts.random)
  }
  let batchId: number | null = null
  let queued = 0
  const unready = new Set<string>()

  const outcome = await forEachChunk(db, request.selection, startMs, act, async (rows, skip) => {
    const chosen = rows.filter((row) => {
      const group = terms.groups.get(row.group_id)
      const transport = transportOf(terms, row)
      const reason = leftOutReason(row, group, request.includeProvisioned)
      if (reason !== null) skip(row.username, leftOutWords[reason])
      else if (!group || !terms.ready.has(transport)) {
        unready.add(transport)
        skip(row.username, `the transport “${transport}” is not set up`)
      } else if (!fitsQrCode(policy, row.username)) skip(row.username, tooLongForQr)
      else return true
      return false
    })
    if (chosen.length === 0) return
    await tryTemplates(parts, terms, chosen)
    // Counted once it is committed: what a full disk took back was never there.
    const added = await queueChunk(parts, terms, { chosen, batchId, queued }, act, skip)
    batchId = added.batchId
    queued += added.mails
  })
  const id = batchId as number | null
  if (id === null || queued === 0) {
    const [missing] = unready
    if (missing !== undefined) {
      throw new AppError(
        'transport-incomplete',
        `No mail can be sent yet: the transport “${missing}” is not set up. Set its host and sender first.`
      )
    }
    return { batchId: null, queued, ...outcome }
  }
  return { batchId: id, queued, ...outcome, ...(await endPuttingTogether(parts, { id, queued, ...outcome }, act)) }
}

/**
 * Lets a batch go, or withdraws it where somebody stopped it half-way: half a batch is not what was asked for. Its emails have been
 * written by now, so where the disk has no room for this last step the outcome says what becomes of them.
 */
async function endPuttingTogether(
  parts: QueueingParts,
  { id, queued, stopped }: { id: number; queued: number; stopped: string | null },
  act: Act
): Promise<{ queued?: number; stopped?: string }> {
  if (stopped === stoppedByCaller) {
    try {
      await cancelBatch(parts, id, { actor: act.actor })
      return { queued: 0 }
    } catch (error) {
      return {
        stopped: `${stopped}, but not all of it could be withdrawn. ${stopReason(error)} None of its ${queued} emails goes out; cancel batch ${id} once that is put right.`
      }
    }
  }
  try {
    await openBatch(parts.db, id)
  } catch (error) {
    const reason = stopped ?? stopReason(error)
    parts.openWhenPossible(id)
    return {
      stopped: `${reason} ${queued === 1 ? '1 email is' : `${queued} emails are`} in the outbox and will be sent once that is put right; if the program ends before, resume batch ${id}.`
    }
  } finally {
    parts.poke()
  }
  return {}
}

/** What the users would get is made into a mail before their codes are issued. Throws `template-invalid`. */
async function tryTemplates({ db, templates }: QueueingParts, terms: Terms, chosen: readonly UserRow[]): Promise<void> {
  const { tried } = terms
  for (const row of chosen) {
    const transport = terms.ready.get(transportOf(terms, row))
    if (!transport || tried.groups.has(row.group_id)) continue
    const { subject, html: source, text } = await templates.contentFor(db, 'code', row.group_id)
    const options = { html: transport.html, qrImage: transport.qrImage }
    const template = JSON.stringify([subject, source, text, options])
    if (!tried.templates.has(template)) await compileForSending({ subject, html: source, text }, options)
    tried.templates.add(template)
    tried.groups.add(row.group_id)
  }
}

async function queueChunk(
  parts: QueueingParts,
  terms: Terms,
  so: { chosen: UserRow[]; batchId: number | null; queued: number },
  act: Act,
  skip: Skip
): Promise<{ batchId: number | null; mails: number }> {
  const { db, time, random, keys, audit, templates } = parts
  const { life, atMs, isLater, ready, contents } = terms
  const { chosen } = so
  return db.transaction().execute(async (transaction) => {
    const nowMs = await time.nowMs(transaction)
    if (so.batchId !== null && (await requireBatch(transaction, so.batchId)).state === 'cancelled') {
      for (const { username } of chosen) skip(username, 'the batch was cancelled')
      return { batchId: so.batchId, mails: 0 }
    }
    const codes = isLater ? null : await codesFor(parts, transaction, terms, { ...so, nowMs }, act)
    const getting = codes ? chosen.filter(({ id }) => codes.has(id)) : chosen
    for (const row of chosen) if (codes && !codes.has(row.id)) skip(row.username, leftOutWords.disabled)
    if (getting.length === 0) return { batchId: so.batchId, mails: 0 }
    const batchId =
      so.batchId ??
      (await insertBatch(transaction, {
        state: 'made',
        actor: act.actor,
        created_at_ms: nowMs,
        at_ms: isLater ? atMs : nowMs,
        valid_for_ms: life.validForMs,
        until_ms: life.untilMs,
        started_at_ms: null,
        ended_at_ms: null,
        note: terms.holder,
        next_try_at_ms: null,
        counts: null
      }))
    for (const { group_id } of getting) {
      if (contents.has(group_id)) continue
      contents.set(group_id, await keepContent(transaction, await templates.contentFor(transaction, 'code', group_id)))
    }
    await insertMails(
      transaction,
      getting.map((row) => {
        const code = codes?.get(row.id)
        const transport = transportOf(terms, row)
        const messageId = newMessageId(random, ready, transport)
        return {
          batch_id: batchId,
          kind: 'code' as const,
          user_id: row.id,
          content_id: contents.get(row.group_id) ?? 0,
          transport,
          address: row.email,
          message_id: messageId,
          sealed: code ? sealPayload(keys.sealing, { kind: 'code', code: code.code }, messageId) : null,
          code_id: code?.codeId ?? null,
          valid_for_ms: life.validForMs,
          next_try_at_ms: isLater ? atMs : nowMs,
          ...newMail(nowMs)
        }
      })
    )
    const [only] = getting
    await audit.append(transaction, nowMs, {
      actor: act.actor,
      kind: 'mail.queued',
      user: getting.length === 1 && only ? { id: only.id, username: only.username } : undefined,
      detail: { batch: batchId, atMs: isLater ? atMs : nowMs, ...usersDetail(getting) }
    })
    return { batchId, mails: getting.length }
  })
}

/** Codes by user id. Until its mail is taken a code lives as long as that may take. */
async function codesFor(
  parts: QueueingParts,
  transaction: Db,
  terms: Terms,
  { chosen, queued, nowMs }: { chosen: UserRow[]; queued: number; nowMs: number },
  act: Act
): Promise<Map<number, { codeId: number; code: string }>> {
  const { policy, life, ready } = terms
  const rates = chosen
    .map((row) => ready.get(transportOf(terms, row))?.ratePerMinute ?? 0)
    .filter((perMinute) => perMinute > 0)
  const slowest = rates.length === 0 ? 0 : Math.min(...rates)
  const given =
    life.untilMs === null
      ? { validForMs: queuedLifeMs(life.validForMs, queued + chosen.length, slowest) }
      : { untilMs: life.untilMs }
  const issue = { policy, channel: 'mail' as const, life: given, reveal: false }
  const issued = await issueCodes(parts, transaction, chosen, issue, nowMs, act)
  return new Map(issued.map((code) => [code.userId, code]))
}

function transportOf({ groups }: Pick<Terms, 'groups'>, { group_id }: Pick<UserRow, 'group_id'>): string {
  return groups.get(group_id)?.transport ?? 'default'
}

/**
 * A link's mail goes out so long after it was asked for, at a moment that is drawn: right away, the work of sending it would show
 * whoever typed a name, in how long the portal's next answers take, that somebody has the name.
 */
const minLinkDelayMs = 15_000
export const maxLinkDelayMs = 45_000

/** A mail of no batch; false when nothing can be mailed to this user (no address, no transport). */
export async function queueOne(
  parts: QueueingParts,
  transaction: Db,
  user: UserRow,
  kind: Exclude<TemplateKind, 'code'>,
  payload: MailPayload,
  known: { groups: Groups; ready: ReadyTransports }
): Promise<boolean> {
  const { time, random, keys, templates } = parts
  const transport = transportOf(known, user)
  if (user.email === '' || !known.ready.has(transport)) return false
  const nowMs = await time.nowMs(transaction)
  const messageId = newMessageId(random, known.ready, transport)
  const delayMs = kind === 'link' ? minLinkDelayMs + random.int(maxLinkDelayMs - minLinkDelayMs) : 0
  await insertMails(transaction, [
    {
      batch_id: null,
      kind,
      user_id: user.id,
      content_id: await keepContent(transaction, await templates.contentFor(transaction, kind, user.group_id)),
      transport,
      address: user.email,
      message_id: messageId,
      sealed: sealPayload(keys.sealing, payload, messageId),
      code_id: null,
      valid_for_ms: null,
      next_try_at_ms: nowMs + delayMs,
      ...newMail(nowMs)
    }
  ])
  return true
}

function newMail(
  nowMs: number
): Pick<Insertable<MailsTable>, 'state' | 'attempts' | 'response' | 'created_at_ms' | 'updated_at_ms' | 'sent_at_ms'> {
  return {
    state: 'queued',
    attempts: 0,
    response: null,
    created_at_ms: nowMs,
    updated_at_ms: nowMs,
    sent_at_ms: null
  }
}
