import { AppError } from '../../shared/errors.ts'
import { parseDuration } from '../../shared/duration.ts'
import type { MailRequest } from '../../shared/mail.ts'
import type { MessageSelection, MessageState, OutboxBatch, OutboxMessage, OutboxSummary } from '../../shared/outbox.ts'
import type { Settings } from '../../shared/settings.ts'
import type { TemplateKind } from '../../shared/template.ts'
import { breathe, chunkRows, chunksOf, stoppedByCaller, stopReason, type Act } from '../act.ts'
import { usersDetail } from '../audit/audit-log.ts'
import { expiryOf, issueCodes } from '../codes/code-issue.ts'
import { withdrawCodesById } from '../codes/code-withdrawal.ts'
import type { Db } from '../database/schema.ts'
import { foldCase } from '../fold-case.ts'
import { forEachChunk, type BulkOutcome } from '../users/selection.ts'
import { findUserByKey, findUsersByKeys, type UserRow } from '../users/user-store.ts'
import { openPayload, sealPayload, type MailPayload } from './mail-writer.ts'
import { finishBatch, showBatches } from './outbox-batches.ts'
import { queuedLifeMs, type StepParts } from './outbox-steps.ts'
import {
  countMails,
  isWaiting,
  findBatch,
  insertBatch,
  insertMails,
  isLeased,
  keepContent,
  listBatchRows,
  listMailRows,
  nextChosenMails,
  openBatchRows,
  setCodeOfMail,
  updateBatch,
  updateMails,
  type AddressedMailRow,
  type MailChoice,
  type MailPage
} from './outbox-store.ts'
import { leftOutReason, leftOutWords, readGroups } from './recipients.ts'
import type { TemplateService } from './template-service.ts'
import type { TransportService } from './transport-service.ts'
import { envelopeAddress } from './message.ts'
import { mailboxOf } from './transport-settings.ts'

export interface OutboxService {
  /** Issues a code to each recipient and puts the mail with it into the outbox; both or neither. */
  send(request: MailRequest, act: Act): Promise<{ batch: OutboxBatch | null; queued: number } & BulkOutcome>
  /** Within the caller's transaction; false when nothing can be mailed to this user (no address, no transport). */
  queueNotice(transaction: Db, userId: number, notice: { atMs: number; address: string }): Promise<boolean>
  /** Mails a one-time link of the User Portal. Throws `user-not-found` or `mail-unable`. */
  queueLink(username: string, link: { url: string; expiresAtMs: number }): Promise<void>
  summary(): Promise<OutboxSummary>
  batches(page: { beforeId: number | null; limit: number }): Promise<OutboxBatch[]>
  messages(page: Omit<MailPage, 'userId'> & { username?: string | undefined }): Promise<OutboxMessage[]>
  pause(batchId: number, act: Act): Promise<OutboxBatch>
  resume(batchId: number, act: Act): Promise<OutboxBatch>
  cancel(batchId: number | undefined, act: Act): Promise<number>
  retry(selection: MessageSelection, act: Act): Promise<{ retried: number } & BulkOutcome>
}

export interface OutboxServiceParts extends StepParts {
  templates: TemplateService
  transports: TransportService
  /** Told when there is something to send. */
  poke(): void
}

/** A year ahead is a slip of the pen. */
const mostAheadMs = 366 * 86_400_000

export function createOutboxService(parts: OutboxServiceParts): OutboxService {
  const { db, time, audit, random, keys, settings, templates, transports } = parts
  const newMessageId = (domain: string) => `<${random.bytes(16).toString('hex')}@${domain}>`

  const requireBatch = async (from: Db, id: number) => {
    const batch = await findBatch(from, id)
    if (!batch) throw new AppError('batch-not-found', `There is no batch ${id}.`)
    return batch
  }
  const showBatch = async (id: number) => {
    const [shown] = await showBatches(db, [await requireBatch(db, id)], await time.peekMs(db))
    if (!shown) throw new Error(`batch ${id} is gone`)
    return shown
  }

  /** What can send, by name: the domain for its Message-IDs and its rate. */
  const readyTransports = async () => {
    const ready = new Map<string, { domain: string; ratePerMinute: number }>()
    for (const { name, missing, sender, ratePerMinute } of await transports.list()) {
      if (missing.length === 0) ready.set(name, { domain: domainOf(sender), ratePerMinute })
    }
    return ready
  }

  const queueOne = async (
    transaction: Db,
    user: UserRow,
    kind: Exclude<TemplateKind, 'code'>,
    payload: MailPayload,
    groups: Awaited<ReturnType<typeof readGroups>>,
    ready: Awaited<ReturnType<typeof readyTransports>>
  ): Promise<boolean> => {
    const transport = groups.get(user.group_id)?.transport ?? 'default'
    const known = ready.get(transport)
    if (user.email === '' || !known) return false
    const nowMs = await time.nowMs(transaction)
    const messageId = newMessageId(known.domain)
    await insertMails(transaction, [
      {
        batch_id: null,
        kind,
        user_id: user.id,
        content_id: await keepContent(transaction, await templates.contentFor(transaction, kind, user.group_id)),
        transport,
        address: user.email,
        state: 'queued',
        attempts: 0,
        message_id: messageId,
        sealed: sealPayload(keys.sealing, payload, messageId),
        code_id: null,
        valid_for_ms: null,
        next_try_at_ms: nowMs,
        response: null,
        created_at_ms: nowMs,
        updated_at_ms: nowMs,
        sent_at_ms: null
      }
    ])
    return true
  }

  const cancelChunk = async (batchId: number | null, act: Act, ids?: number[]): Promise<number> =>
    db.transaction().execute(async (transaction) => {
      const nowMs = await time.nowMs(transaction)
      const mails = await transaction
        .selectFrom('mails')
        .innerJoin('users', 'users.id', 'mails.user_id')
        .select(['mails.id', 'mails.code_id', 'mails.user_id', 'users.username'])
        .where('mails.state', 'in', ['queued', 'deferred'])
        .where('mails.batch_id', batchId === null ? 'is' : '=', batchId)
        .$if(ids !== undefined, (query) => query.where('mails.id', 'in', ids ?? []))
        .orderBy('mails.id')
        .limit(chunkRows)
        .execute()
      if (mails.length === 0) return 0
      await updateMails(
        transaction,
        mails.map(({ id }) => id),
        { state: 'cancelled', sealed: null, response: `Cancelled by ${act.actor}.`, updated_at_ms: nowMs }
      )
      const codeIds = mails.flatMap(({ code_id }) => (code_id === null ? [] : [code_id]))
      if (codeIds.length > 0) await withdrawCodesById(transaction, audit, codeIds, nowMs, act)
      const [only] = mails
      await audit.append(transaction, nowMs, {
        actor: act.actor,
        kind: 'mail.cancelled',
        user: mails.length === 1 && only ? { id: only.user_id, username: only.username } : undefined,
        detail: { ...(batchId !== null && { batch: batchId }), ...usersDetail(mails) }
      })
      return mails.length
    })

  const cancelBatch = async (batchId: number, act: Act): Promise<number> => {
    await db.transaction().execute(async (transaction) => {
      const batch = await requireBatch(transaction, batchId)
      if (batch.ended_at_ms === null)
        await updateBatch(transaction, batchId, { state: 'cancelled', note: null, next_try_at_ms: null })
    })
    let cancelled = 0
    for (;;) {
      const count = await cancelChunk(batchId, act)
      cancelled += count
      if (count === 0) break
      await breathe(act)
    }
    await db.transaction().execute(async (transaction) => {
      const batch = await requireBatch(transaction, batchId)
      // What is being handed over right now comes to its end first.
      if (batch.ended_at_ms === null && !(await isWaiting(transaction, batchId))) {
        await finishBatch(transaction, batch, await time.nowMs(transaction))
      }
    })
    return cancelled
  }

  return {
    async send(request, act) {
      const policy = await settings.read()
      const startMs = await time.peekMs(db)
      const atMs = Math.max(request.atMs ?? startMs, startMs)
      if (atMs - startMs > mostAheadMs) {
        throw new AppError('invalid-input', 'A batch can be planned for a time within the next year.')
      }
      const life = lifeOf(request, policy)
      expiryOf(request.life, policy, 'mail', atMs)
      const isLater = atMs > startMs
      const ready = await readyTransports()
      const groups = await readGroups(db)
      const contents = new Map<number, number>()
      let batchId: number | null = null
      let queued = 0
      const unready = new Set<string>()

      const outcome = await forEachChunk(db, request.selection, startMs, act, async (rows, skip) => {
        const chosen = rows.filter((row) => {
          const group = groups.get(row.group_id)
          const reason = leftOutReason(row, group, request.includeProvisioned)
          if (reason !== null) skip(row.username, leftOutWords[reason])
          else if (!ready.has(group?.transport ?? '')) {
            const name = group?.transport ?? 'default'
            unready.add(name)
            skip(row.username, `the transport “${name}” is not set up`)
          } else return true
          return false
        })
        if (chosen.length === 0) return
        await db.transaction().execute(async (transaction) => {
          const nowMs = await time.nowMs(transaction)
          batchId ??= await insertBatch(transaction, {
            state: 'made',
            actor: act.actor,
            created_at_ms: nowMs,
            at_ms: isLater ? atMs : nowMs,
            valid_for_ms: life.validForMs,
            until_ms: life.untilMs,
            started_at_ms: null,
            ended_at_ms: null,
            note: null,
            next_try_at_ms: null,
            counts: null
          })
          const rates = chosen.map((row) => ready.get(groups.get(row.group_id)?.transport ?? '')?.ratePerMinute ?? 0)
          const rate = Math.min(...rates.map((perMinute) => (perMinute === 0 ? Infinity : perMinute)))
          const codes = isLater
            ? null
            : new Map(
                (
                  await issueCodes(
                    parts,
                    transaction,
                    chosen,
                    {
                      policy,
                      channel: 'mail',
                      life:
                        life.untilMs === null
                          ? {
                              validForMs: queuedLifeMs(
                                life.validForMs ?? 0,
                                queued + chosen.length,
                                rate === Infinity ? 0 : rate
                              )
                            }
                          : { untilMs: life.untilMs },
                      reveal: false
                    },
                    nowMs,
                    act
                  )
                ).map((code) => [code.userId, code])
              )
          const mails = []
          for (const row of chosen) {
            const code = codes?.get(row.id)
            if (codes && !code) {
              skip(row.username, leftOutWords.disabled)
              continue
            }
            const transport = groups.get(row.group_id)?.transport ?? 'default'
            const messageId = newMessageId(ready.get(transport)?.domain ?? 'localhost')
            let contentId = contents.get(row.group_id)
            if (contentId === undefined) {
              contentId = await keepContent(transaction, await templates.contentFor(transaction, 'code', row.group_id))
              contents.set(row.group_id, contentId)
            }
            mails.push({
              batch_id: batchId,
              kind: 'code' as const,
              user_id: row.id,
              content_id: contentId,
              transport,
              address: row.email,
              state: 'queued' as const,
              attempts: 0,
              message_id: messageId,
              sealed: code ? sealPayload(keys.sealing, { kind: 'code', code: code.code }, messageId) : null,
              code_id: code?.codeId ?? null,
              valid_for_ms: life.validForMs,
              next_try_at_ms: isLater ? atMs : nowMs,
              response: null,
              created_at_ms: nowMs,
              updated_at_ms: nowMs,
              sent_at_ms: null,
              username: row.username
            })
          }
          if (mails.length === 0) return
          await insertMails(
            transaction,
            mails.map(({ username: _username, ...mail }) => mail)
          )
          const [only] = mails
          await audit.append(transaction, nowMs, {
            actor: act.actor,
            kind: 'mail.queued',
            user: mails.length === 1 && only ? { id: only.user_id, username: only.username } : undefined,
            detail: { batch: batchId, atMs: isLater ? atMs : nowMs, ...usersDetail(mails) }
          })
          queued += mails.length
        })
      })
      if (batchId === null || queued === 0) {
        const [missing] = unready
        if (missing !== undefined) {
          throw new AppError(
            'transport-incomplete',
            `No mail can be sent yet: the transport “${missing}” is not set up. Set its host and sender first.`
          )
        }
        return { batch: null, queued, ...outcome }
      }
      const id: number = batchId
      // Somebody stopped it half-way: half a batch is not what was asked for.
      if (outcome.stopped === stoppedByCaller) {
        await cancelBatch(id, { actor: act.actor })
        return { batch: await showBatch(id), queued: 0, ...outcome }
      }
      await updateBatch(db, id, { state: 'open' })
      parts.poke()
      return { batch: await showBatch(id), queued, ...outcome }
    },

    async queueNotice(transaction, userId, notice) {
      const user = await transaction.selectFrom('users').selectAll().where('id', '=', userId).executeTakeFirst()
      if (!user) return false
      const ready = new Map<string, { domain: string; ratePerMinute: number }>()
      for (const one of await transports.list(transaction)) {
        if (one.missing.length === 0)
          ready.set(one.name, { domain: domainOf(one.sender), ratePerMinute: one.ratePerMinute })
      }
      return queueOne(transaction, user, 'notice', { kind: 'notice', ...notice }, await readGroups(transaction), ready)
    },

    async queueLink(username, link) {
      const [groups, ready] = [await readGroups(db), await readyTransports()]
      await db.transaction().execute(async (transaction) => {
        const user = await findUserByKey(transaction, foldCase(username.trim()))
        if (!user) throw new AppError('user-not-found', `There is no user “${username}”.`)
        if (!(await queueOne(transaction, user, 'link', { kind: 'link', ...link }, groups, ready))) {
          throw new AppError(
            'mail-unable',
            `Nothing can be mailed to ${user.username}: the user has no address, or the transport is not set up.`
          )
        }
      })
      parts.poke()
    },

    async summary() {
      const nowMs = await time.peekMs(db)
      const counts = await countMails(db)
      const open = await showBatches(db, await openBatchRows(db), nowMs)
      const rank = (batch: OutboxBatch) =>
        ['sending', 'stopped', 'paused', 'scheduled', 'cancelled', 'done'].indexOf(batch.state)
      return {
        counts,
        waiting: counts.queued + counts.sending + counts.deferred,
        open: open.toSorted((a, b) => rank(a) - rank(b) || a.id - b.id),
        isSenderRunning: await isLeased(db, nowMs)
      }
    },

    async batches(page) {
      return showBatches(db, await listBatchRows(db, page), await time.peekMs(db))
    },

    async messages({ username, ...page }) {
      const user = username === undefined ? null : await findUserByKey(db, foldCase(username.trim()))
      if (username !== undefined && !user) return []
      const rows = await listMailRows(db, { ...page, ...(user && { userId: user.id }) })
      return rows.map(showMessage)
    },

    async pause(batchId, act) {
      await db.transaction().execute(async (transaction) => {
        const batch = await requireBatch(transaction, batchId)
        if (batch.ended_at_ms !== null)
          throw new AppError('nothing-done', 'This batch is over; there is nothing to pause.')
        if (batch.state === 'paused') return
        await updateBatch(transaction, batchId, { state: 'paused', note: null, next_try_at_ms: null })
        await audit.append(transaction, await time.nowMs(transaction), {
          actor: act.actor,
          kind: 'outbox.paused',
          detail: { batch: batchId }
        })
      })
      return showBatch(batchId)
    },

    async resume(batchId, act) {
      await db.transaction().execute(async (transaction) => {
        const batch = await requireBatch(transaction, batchId)
        if (batch.ended_at_ms !== null)
          throw new AppError('nothing-done', 'This batch is over; retry what was not sent.')
        if (batch.state === 'open' || batch.state === 'cancelled') return
        await updateBatch(transaction, batchId, { state: 'open', note: null, next_try_at_ms: null })
        await audit.append(transaction, await time.nowMs(transaction), {
          actor: act.actor,
          kind: 'outbox.resumed',
          detail: { batch: batchId }
        })
      })
      parts.poke()
      return showBatch(batchId)
    },

    async cancel(batchId, act) {
      if (batchId !== undefined) return cancelBatch(batchId, act)
      let cancelled = 0
      for (const { id } of await openBatchRows(db)) cancelled += await cancelBatch(id, act)
      for (;;) {
        const count = await cancelChunk(null, act)
        cancelled += count
        if (count === 0) return cancelled
      }
    },

    async retry(selection, act) {
      const policy = await settings.read()
      const ready = await readyTransports()
      const states = (selection.states ?? retryable).filter((state) => retryable.includes(state))
      const userIds = selection.usernames && (await userIdsOf(db, selection.usernames))
      const skipped: { username: string; reason: string }[] = []
      // One statement takes only so many values.
      const choices: Pick<MailChoice, 'ids' | 'userIds'>[] = selection.ids
        ? [...chunksOf(selection.ids)].map((ids) => ({ ids }))
        : userIds
          ? [...chunksOf(userIds)].map((chunk) => ({ userIds: chunk }))
          : [{}]
      let retried = 0
      let isFirst = true
      try {
        for (const choice of states.length === 0 ? [] : choices) {
          let afterId = 0
          for (;;) {
            const mails = await nextChosenMails(
              db,
              { ...choice, batchId: selection.batchId, states },
              afterId,
              chunkRows
            )
            const last = mails.at(-1)
            if (!last) break
            afterId = last.id
            retried += await retryChunk(mails, policy, ready, act, (username, reason) =>
              skipped.push({ username, reason })
            )
            isFirst = false
            if (await breathe(act)) {
              parts.poke()
              return { retried, skipped, stopped: stoppedByCaller }
            }
          }
        }
      } catch (error) {
        if (isFirst) throw error
        return { retried, skipped, stopped: stopReason(error) }
      }
      if (retried > 0) parts.poke()
      return { retried, skipped, stopped: null }
    }
  }

  async function retryChunk(
    mails: AddressedMailRow[],
    policy: Settings,
    ready: Awaited<ReturnType<typeof readyTransports>>,
    act: Act,
    skip: (username: string, reason: string) => void
  ): Promise<number> {
    return db.transaction().execute(async (transaction) => {
      const nowMs = await time.nowMs(transaction)
      const groups = await readGroups(transaction)
      const users = new Map(
        (
          await transaction
            .selectFrom('users')
            .selectAll()
            .where(
              'id',
              'in',
              mails.map(({ user_id }) => user_id)
            )
            .execute()
        ).map((user) => [user.id, user])
      )
      const codes = new Map(
        (
          await transaction
            .selectFrom('codes')
            .select(['id', 'state', 'expires_at_ms'])
            .where(
              'id',
              'in',
              mails.flatMap(({ code_id }) => (code_id === null ? [] : [code_id]))
            )
            .execute()
        ).map((code) => [code.id, code])
      )
      const again: AddressedMailRow[] = []
      const renewed: AddressedMailRow[] = []
      // One user's code can go into one mail alone: of several mails the newest counts.
      const newest = new Map(mails.filter(({ kind }) => kind === 'code').map(({ user_id, id }) => [user_id, id]))
      for (const mail of mails) {
        const user = users.get(mail.user_id)
        const code = mail.code_id === null ? undefined : codes.get(mail.code_id)
        const isLive = code?.state === 'live' && code.expires_at_ms > nowMs
        if (!user || user.removed_at_ms !== null) skip(mail.username, 'the user has been removed')
        else if (user.disabled === 1) skip(mail.username, leftOutWords.disabled)
        else if (user.email === '') skip(mail.username, leftOutWords['no-address'])
        else if (!ready.has(groups.get(user.group_id)?.transport ?? ''))
          skip(mail.username, 'the transport is not set up')
        else if (mail.kind !== 'code') {
          if (mail.sealed === null) skip(mail.username, 'what the mail said is no longer kept')
          else again.push(mail)
        } else if (groups.get(user.group_id)?.mobile_client !== 1) skip(mail.username, leftOutWords['no-mobile-client'])
        else if (newest.get(user.id) !== mail.id) skip(mail.username, 'a later mail of the same user is sent instead')
        else if (code?.state === 'used') skip(mail.username, 'its code has been used, so it did arrive')
        else if (isLive && mail.sealed !== null) again.push(mail)
        else if (user.code_state === 'live' && (user.code_expires_at_ms ?? 0) > nowMs && !isLive) {
          skip(mail.username, 'the user has a newer live code')
        } else renewed.push(mail)
      }
      const fresh = new Map<number, { codeId: number; code: string }>()
      if (renewed.length > 0) {
        const chosen = renewed.flatMap(({ user_id }) => users.get(user_id) ?? [])
        const validForMs = renewed[0]?.valid_for_ms ?? parseDuration(policy['policy.selfReset.mailValidity']) ?? 0
        const life = { validForMs: queuedLifeMs(validForMs, chosen.length, 0) }
        for (const code of await issueCodes(
          parts,
          transaction,
          chosen,
          { policy, channel: 'mail', life, reveal: false },
          nowMs,
          act
        )) {
          fresh.set(code.userId, code)
        }
      }
      for (const mail of [...again, ...renewed]) {
        const user = users.get(mail.user_id)
        const transport = groups.get(user?.group_id ?? 0)?.transport ?? mail.transport
        const code = fresh.get(mail.user_id)
        // The one before may have arrived; another one is another message.
        const isSame = mail.state === 'deferred' && !code
        const messageId = isSame ? mail.message_id : newMessageId(ready.get(transport)?.domain ?? 'localhost')
        const payload: MailPayload = code
          ? { kind: 'code', code: code.code }
          : openPayload(keys.sealing, mail.sealed ?? '', mail.message_id)
        await updateMails(transaction, [mail.id], {
          state: 'queued',
          transport,
          address: user?.email ?? mail.address,
          message_id: messageId,
          attempts: 0,
          next_try_at_ms: nowMs,
          response: null,
          updated_at_ms: nowMs,
          // A fixed end that has passed is no end for a new code: it gets the policy's life.
          ...(code && { valid_for_ms: mail.valid_for_ms ?? parseDuration(policy['policy.selfReset.mailValidity']) }),
          sealed: sealPayload(keys.sealing, payload, messageId)
        })
        if (code) await setCodeOfMail(transaction, mail.id, code.codeId, sealPayload(keys.sealing, payload, messageId))
      }
      const done = [...again, ...renewed]
      for (const id of new Set(done.flatMap(({ batch_id }) => (batch_id === null ? [] : [batch_id])))) {
        const batch = await requireBatch(transaction, id)
        if (batch.ended_at_ms !== null)
          await updateBatch(transaction, id, { state: 'open', ended_at_ms: null, counts: null })
        else if (batch.state === 'stopped') await updateBatch(transaction, id, { state: 'open', note: null })
      }
      if (done.length > 0) {
        const [only] = done
        await audit.append(transaction, nowMs, {
          actor: act.actor,
          kind: 'mail.retried',
          user: done.length === 1 && only ? { id: only.user_id, username: only.username } : undefined,
          detail: usersDetail(done)
        })
      }
      return done.length
    })
  }
}

const retryable: MessageState[] = ['failed', 'deferred', 'unknown', 'cancelled']

async function userIdsOf(db: Db, usernames: string[]): Promise<number[]> {
  const keys = [...new Set(usernames.map((name) => foldCase(name.normalize('NFC').trim())))]
  const ids: number[] = []
  for (let start = 0; start < keys.length; start += chunkRows) {
    for (const { id } of (await findUsersByKeys(db, keys.slice(start, start + chunkRows))).values()) ids.push(id)
  }
  return ids
}

/** How long codes of a batch live: from when their mails are taken, or until a fixed time. */
export function lifeOf(
  { life }: Pick<MailRequest, 'life'>,
  policy: Settings
): { validForMs: number; untilMs: null } | { validForMs: null; untilMs: number } {
  if (life.untilMs !== undefined) return { validForMs: null, untilMs: life.untilMs }
  const validForMs = life.validForMs ?? parseDuration(policy['policy.selfReset.mailValidity']) ?? 86_400_000
  return { validForMs, untilMs: null }
}

function domainOf(sender: string): string {
  const { address, needsSmtpUtf8 } = envelopeAddress(mailboxOf(sender).address)
  const domain = address.slice(address.lastIndexOf('@') + 1)
  // A Message-ID is ASCII whatever the sender is.
  return needsSmtpUtf8 ? 'localhost.localdomain' : domain
}

function showMessage(row: AddressedMailRow): OutboxMessage {
  return {
    id: row.id,
    batchId: row.batch_id,
    kind: row.kind,
    username: row.username,
    name: row.name,
    address: row.address,
    transport: row.transport,
    state: row.state,
    attempts: row.attempts,
    response: row.response,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
    nextTryAtMs: row.state === 'deferred' || row.state === 'queued' ? row.next_try_at_ms : null,
    sentAtMs: row.sent_at_ms,
    messageId: row.message_id
  }
}
