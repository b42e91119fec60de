import { parseDuration } from '../../shared/duration.ts'
import type { MessageSelection, MessageState } from '../../shared/outbox.ts'
import type { Settings } from '../../shared/settings.ts'
import { breathe, chunkRows, chunksOf, stoppedByCaller, stopReason, type Act } from '../system/operation.ts'
import { usersDetail } from '../store/audit-chain.ts'
import { fitsQrCode, issueCodes, tooLongForQr } from '../codes/issue.ts'
import type { Db } from '../store/schema.ts'
import { foldCase } from '../system/fold-case.ts'
import type { BulkOutcome } from '../users/selection.ts'
import { findUsersByKeys, type UserRow } from '../users/user-store.ts'
import { requireBatch, updateBatch } from './batch-store.ts'
import { queuedLifeMs } from '../mail/code-life.ts'
import { openPayload, sealPayload, type MailPayload } from '../mail/mail-writer.ts'
import type { StepParts } from './settle.ts'
import { nextChosenMails, setCodeOfMail, updateMails, type AddressedMailRow, type MailChoice } from './outbox-store.ts'
import { newMessageId, readReadyTransports, type ReadyTransports } from '../mail/ready-transports.ts'
import { leftOutWords, readGroups, type Groups } from '../mail/recipients.ts'
import type { TransportService } from '../mail/transport-service.ts'

export interface RetryingParts extends StepParts {
  transports: TransportService
  poke(): void
}

type Skip = (username: string, reason: string) => void

const retryable: MessageState[] = ['failed', 'deferred', 'unknown', 'cancelled']

/** Puts mails into the outbox once more, with a new code where the old one has ended. */
export async function retryMails(
  parts: RetryingParts,
  selection: MessageSelection,
  act: Act
): Promise<{ retried: number } & BulkOutcome> {
  const { db } = parts
  const policy = await parts.settings.read()
  const ready = await readReadyTransports(parts.transports)
  const states = (selection.states ?? retryable).filter((state) => retryable.includes(state))
  const skipped: { username: string; reason: string }[] = []
  let retried = 0
  let isFirst = true
  try {
    for (const choice of states.length === 0 ? [] : await choicesOf(db, selection)) {
      let afterId = 0
      for (;;) {
        const mails = await nextChosenMails(db, { ...choice, batchId: selection.batchId, states }, afterId, chunkRows)
        const last = mails.at(-1)
        if (!last) break
        afterId = last.id
        retried += await retryChunk(parts, mails, { policy, ready }, act, (username, reason) =>
          skipped.push({ username, reason })
        )
        isFirst = false
        if (await breathe(act)) return { retried, skipped, stopped: stoppedByCaller }
      }
    }
  } catch (error) {
    if (isFirst) throw error
    return { retried, skipped, stopped: stopReason(error) }
  } finally {
    if (retried > 0) parts.poke()
  }
  return { retried, skipped, stopped: null }
}

/** One statement takes only so many values. */
async function choicesOf(db: Db, { ids, usernames }: MessageSelection): Promise<Pick<MailChoice, 'ids' | 'userIds'>[]> {
  if (ids) return [...chunksOf(ids)].map((chunk) => ({ ids: chunk }))
  if (!usernames) return [{}]
  const keys = [...new Set(usernames.map((name) => foldCase(name.normalize('NFC').trim())))]
  const choices: { userIds: number[] }[] = []
  for (const chunk of chunksOf(keys)) {
    choices.push({ userIds: [...(await findUsersByKeys(db, chunk)).values()].map(({ id }) => id) })
  }
  return choices
}

async function retryChunk(
  parts: RetryingParts,
  mails: AddressedMailRow[],
  { policy, ready }: { policy: Settings; ready: ReadyTransports },
  act: Act,
  skip: Skip
): Promise<number> {
  const { db, time, audit, keys, random } = parts
  return db.transaction().execute(async (transaction) => {
    const nowMs = await time.nowMs(transaction)
    const groups = await readGroups(transaction)
    const users = await usersOf(transaction, mails)
    const { again, renewed } = await sortOut(transaction, mails, { users, groups, ready, policy, nowMs }, skip)
    const mailLifeMs = parseDuration(policy['policy.selfReset.mailValidity'])
    const fresh = new Map<number, { codeId: number; code: string }>()
    if (renewed.length > 0) {
      const chosen = renewed.flatMap(({ user_id }) => users.get(user_id) ?? [])
      const life = { validForMs: queuedLifeMs(renewed[0]?.valid_for_ms ?? mailLifeMs ?? 0, chosen.length, 0) }
      const terms = { policy, channel: 'mail' as const, life, reveal: false }
      for (const code of await issueCodes(parts, transaction, chosen, terms, nowMs, act)) fresh.set(code.userId, code)
    }
    const done = [...again, ...renewed]
    for (const mail of done) {
      const user = users.get(mail.user_id)
      const transport = groups.get(user?.group_id ?? 0)?.transport ?? mail.transport
      const code = fresh.get(mail.user_id)
      // The one before may have arrived; another one is another message.
      const isSame = mail.state === 'deferred' && !code
      const messageId = isSame ? mail.message_id : newMessageId(random, ready, transport)
      const payload: MailPayload = code
        ? { kind: 'code', code: code.code }
        : openPayload(keys.sealing, mail.sealed ?? '', mail.message_id)
      const sealed = sealPayload(keys.sealing, payload, messageId)
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
        ...(code && { valid_for_ms: mail.valid_for_ms ?? mailLifeMs }),
        sealed
      })
      if (code) await setCodeOfMail(transaction, mail.id, code.codeId, sealed)
    }
    await reopenBatches(transaction, done)
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

async function usersOf(transaction: Db, mails: AddressedMailRow[]): Promise<Map<number, UserRow>> {
  const ids = mails.map(({ user_id }) => user_id)
  const rows = await transaction.selectFrom('users').selectAll().where('id', 'in', ids).execute()
  return new Map(rows.map((user) => [user.id, user]))
}

/** Which mails go out as they are, which need a new code, and which cannot go out at all. */
async function sortOut(
  transaction: Db,
  mails: AddressedMailRow[],
  known: {
    users: ReadonlyMap<number, UserRow>
    groups: Groups
    ready: ReadyTransports
    policy: Settings
    nowMs: number
  },
  skip: Skip
): Promise<{ again: AddressedMailRow[]; renewed: AddressedMailRow[] }> {
  const { users, groups, ready, policy, nowMs } = known
  const codeIds = mails.flatMap(({ code_id }) => (code_id === null ? [] : [code_id]))
  const codeRows = await transaction
    .selectFrom('codes')
    .select(['id', 'state', 'expires_at_ms'])
    .where('id', 'in', codeIds)
    .execute()
  const codes = new Map(codeRows.map((code) => [code.id, code]))
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
    else if (!ready.has(groups.get(user.group_id)?.transport ?? '')) skip(mail.username, 'the transport is not set up')
    else if (mail.kind !== 'code') {
      if (mail.sealed === null) skip(mail.username, 'what the mail said is no longer kept')
      else again.push(mail)
    } else if (groups.get(user.group_id)?.mobile_client !== 1) skip(mail.username, leftOutWords['no-mobile-client'])
    else if (newest.get(user.id) !== mail.id) skip(mail.username, 'a later mail of the same user is sent instead')
    else if (code?.state === 'used') skip(mail.username, 'its code has been used, so it did arrive')
    else if (isLive && mail.sealed !== null) again.push(mail)
    else if (user.code_state === 'live' && (user.code_expires_at_ms ?? 0) > nowMs && !isLive) {
      skip(mail.username, 'the user has a newer live code')
    } else if (!fitsQrCode(policy, user.username)) skip(mail.username, tooLongForQr)
    else renewed.push(mail)
  }
  return { again, renewed }
}

async function reopenBatches(transaction: Db, mails: AddressedMailRow[]): Promise<void> {
  for (const id of new Set(mails.flatMap(({ batch_id }) => (batch_id === null ? [] : [batch_id])))) {
    const batch = await requireBatch(transaction, id)
    if (batch.ended_at_ms !== null)
      await updateBatch(transaction, id, { state: 'open', ended_at_ms: null, counts: null })
    else if (batch.state === 'stopped') await updateBatch(transaction, id, { state: 'open', note: null })
  }
}
