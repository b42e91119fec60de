import { AppError } from '../../shared/errors.ts'
import type { Settings } from '../../shared/settings.ts'
import { compileForSending } from '../aside/templates.ts'
import { createStopwatch, type Clock } from '../system/clock.ts'
import type { Db } from '../store/schema.ts'
import type { Timekeeper } from '../store/time.ts'
import type { DerivedKeys } from '../keys/derived-keys.ts'
import type { SettingsService } from '../settings/settings-service.ts'
import { createMailWriter, openPayload, type MailWriter, type WrittenMail } from '../mail/mail-writer.ts'
import type { TokenSource } from '../mail/oauth-tokens.ts'
import { findContent, type DueMailRow } from './outbox-store.ts'
import { openSmtp, type SmtpSession, type SmtpTimeouts } from '../mail/smtp.ts'
import { SmtpFailure, type SendOutcome } from '../mail/smtp-outcomes.ts'
import { requireComplete, type TransportConfig } from '../mail/transport-settings.ts'

export interface LaneParts {
  db: Db
  time: Timekeeper
  clock: Clock
  keys: DerivedKeys
  settings: SettingsService
  tokens: TokenSource
  readConfig(name: string): Promise<TransportConfig>
  timeouts?: SmtpTimeouts | undefined
}

/** The connections of one transport, and how many mails may go over them now. */
export interface Lane {
  name: string
  /** Reads its settings anew where they may have changed. Not within a transaction. */
  refresh(): Promise<void>
  /** How many mails may be handed over now, besides those that are. */
  room(): number
  /** Never throws for what a mail server does. */
  send(mail: DueMailRow): Promise<{ lane: Lane; outcome: SendOutcome }>
  /** How long until there may be room; 0 when there is. */
  readyInMs(): number
  /** Why it waits, and how long still; null while it goes on. */
  heldUp(): { note: string; forMs: number } | null
  /** Ends connections that nobody needs. */
  rest(): void
  /** Somebody changed something: forget what failed, and look again. */
  renew(): void
  /** Leaves what is under way before its text has begun: it is as if it had not been tried. */
  leave(): void
  close(): void
}

const refreshMs = 2_000
const firstWaitMs = 5_000
const mostWaitMs = 5 * 60_000
/** How long an open connection may be idle before it is not trusted any more. */
const idleMs = 20_000

export function createLane(name: string, parts: LaneParts): Lane {
  // The clock may be set right meanwhile, and a wait must not last for as long.
  const elapsedMs = createStopwatch(parts.clock)
  const leaving = new AbortController()
  let config: TransportConfig | null = null
  let settings: Settings | null = null
  let readAtMs = Number.NEGATIVE_INFINITY
  let fingerprint = ''
  let writers = new Map<number, Promise<MailWriter>>()
  let idle: { session: SmtpSession; sinceMs: number }[] = []
  let active = 0
  /** At most so many at once: fewer after the server refused one more connection. */
  let limit = 1
  /** Until one connection has worked, no second one is tried: a wrong password locks some accounts after a few. */
  let isProven = false
  let failures = 0
  let waitUntilMs = Number.NEGATIVE_INFINITY
  let note = ''
  let tokens = 1
  let countedAtMs = elapsedMs()

  const refill = () => {
    const nowMs = elapsedMs()
    const perMs = (config?.ratePerMinute ?? 0) / 60_000
    // A second's worth may go out at once; more would be a burst that the rate is there to prevent.
    tokens = Math.min(Math.max(1, perMs * 1000), tokens + Math.max(0, nowMs - countedAtMs) * perMs)
    countedAtMs = nowMs
  }
  const hold = (reason: string, forMs: number) => {
    note = reason
    waitUntilMs = elapsedMs() + forMs
  }
  const failConnecting = (failure: SmtpFailure): SendOutcome => {
    // One connection too many for the server is no trouble while others work.
    if (isProven && active > 1 && failure.isPassing && failure.step === 'connect') {
      limit = Math.max(1, active - 1)
      return { kind: 'not-begun', response: failure.message }
    }
    isProven = false
    limit = 1
    if (!failure.isPassing) return { kind: 'stop', response: failure.message }
    if (elapsedMs() >= waitUntilMs) hold(failure.message, Math.min(mostWaitMs, firstWaitMs * 2 ** failures++))
    return { kind: 'not-begun', response: failure.message }
  }
  const takeIdle = (): SmtpSession | null => {
    for (let known = idle.pop(); known; known = idle.pop()) {
      if (known.session.isOpen() && elapsedMs() - known.sinceMs < idleMs) return known.session
      known.session.close()
    }
    return null
  }
  const connect = async (): Promise<SmtpSession> => {
    if (!config) throw new SmtpFailure('connect', 'The transport is not set up.', true)
    return openSmtp(config, parts.tokens, parts.timeouts, undefined, leaving.signal)
  }
  const handOver = async ({
    envelope,
    message
  }: WrittenMail): Promise<{ session: SmtpSession; outcome: SendOutcome }> => {
    const known = takeIdle()
    if (known) {
      const outcome = await known.send(envelope, message)
      // One that stood open may have been ended meanwhile, or have brought as many mails as the server takes over one.
      if (outcome.kind !== 'not-begun' || leaving.signal.aborted) return { session: known, outcome }
      known.close()
    }
    const session = await connect()
    return { session, outcome: await session.send(envelope, message) }
  }
  const write = async (mail: DueMailRow) => {
    const writer = writers.get(mail.content_id) ?? prepare(mail.content_id)
    writers.set(mail.content_id, writer)
    const nowMs = await parts.time.peekMs(parts.db)
    const { username, name: fullName, address, user_id: id, message_id: messageId } = mail
    return (await writer)({
      to: { id, username, name: fullName, address },
      payload: openPayload(parts.keys.sealing, mail.sealed ?? '', messageId),
      messageId,
      nowMs,
      life: lifeOf(mail, nowMs)
    })
  }
  const prepare = async (contentId: number) => {
    const content = await findContent(parts.db, contentId)
    if (!config || !settings) throw new Error(`the transport ${name} was not read`)
    return createMailWriter(content, config, { settings, signing: parts.keys.signing, compile: compileForSending })
  }
  const endIdle = () => {
    for (const { session } of idle.splice(0)) session.close()
  }

  const lane: Lane = {
    name,
    async refresh() {
      if (elapsedMs() - readAtMs < refreshMs) return
      const [found, known] = [await readComplete(parts, name), await parts.settings.read()]
      readAtMs = elapsedMs()
      const print = JSON.stringify([found, known])
      if (print === fingerprint) return
      fingerprint = print
      settings = known
      config = typeof found === 'string' ? null : found
      writers = new Map()
      endIdle()
      isProven = false
      failures = 0
      limit = config?.connections ?? 1
      waitUntilMs = Number.NEGATIVE_INFINITY
      if (typeof found === 'string') hold(found, mostWaitMs)
    },
    room() {
      if (!config || elapsedMs() < waitUntilMs) return 0
      refill()
      const most = isProven ? Math.min(limit, config.connections) : 1
      const free = Math.max(0, most - active)
      return config.ratePerMinute === 0 ? free : Math.min(free, Math.floor(tokens))
    },
    async send(mail) {
      active++
      if (config && config.ratePerMinute > 0) tokens -= 1
      try {
        let written: WrittenMail
        try {
          written = await write(mail)
        } catch (error) {
          if (!(error instanceof AppError)) throw error
          return { lane, outcome: { kind: 'failed', response: error.message } }
        }
        let handedOver: Awaited<ReturnType<typeof handOver>>
        try {
          handedOver = await handOver(written)
        } catch (error) {
          if (leaving.signal.aborted && error instanceof SmtpFailure) {
            return { lane, outcome: { kind: 'not-begun', response: error.message } }
          }
          if (error instanceof SmtpFailure) return { lane, outcome: failConnecting(error) }
          if (error instanceof AppError)
            return { lane, outcome: failConnecting(new SmtpFailure('tls', error.message, false)) }
          throw error
        }
        const { session, outcome } = handedOver
        if (outcome.kind === 'sent' || outcome.kind === 'failed' || outcome.kind === 'deferred') {
          isProven = true
          failures = 0
          if (active >= limit) limit = Math.min(limit + 1, config?.connections ?? 1)
        }
        if (outcome.kind === 'stop') isProven = false
        if (session.isOpen()) idle.push({ session, sinceMs: elapsedMs() })
        return { lane, outcome }
      } finally {
        active--
      }
    },
    readyInMs() {
      const waitMs = Math.max(0, waitUntilMs - elapsedMs())
      if (waitMs > 0 || !config || config.ratePerMinute === 0) return waitMs
      refill()
      return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) * 60_000) / config.ratePerMinute)
    },
    heldUp() {
      const forMs = waitUntilMs - elapsedMs()
      return forMs > 0 ? { note, forMs } : null
    },
    rest: endIdle,
    renew() {
      readAtMs = Number.NEGATIVE_INFINITY
      waitUntilMs = Number.NEGATIVE_INFINITY
      failures = 0
    },
    leave: () => leaving.abort(),
    close: endIdle
  }
  return lane
}

/** The settings of a transport that can send, or why it cannot. */
async function readComplete(parts: LaneParts, name: string): Promise<TransportConfig | string> {
  try {
    const config = await parts.readConfig(name)
    requireComplete(config)
    return config
  } catch (error) {
    if (error instanceof AppError) return error.message
    throw error
  }
}

/** What the mail says of its code's end: counted from now on, as the server is about to take it, or fixed. */
function lifeOf(mail: DueMailRow, nowMs: number): { expiresAtMs: number; validForMs: number } | null {
  if (mail.kind !== 'code') return null
  const expiresAtMs = mail.valid_for_ms === null ? (mail.code_expires_at_ms ?? nowMs) : nowMs + mail.valid_for_ms
  return { expiresAtMs, validForMs: expiresAtMs - nowMs }
}
