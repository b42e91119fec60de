import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { createStopwatch, type Clock } from '../system/clock.ts'
import { connectionFault } from '../system/connection-faults.ts'
import { SmtpFailure } from './smtp-outcomes.ts'
import type { TransportConfig } from './transport-settings.ts'
import { trustedAuthorities } from './trusted-authorities.ts'

/** Access tokens for signing in, fetched when first needed and again before they end. */
export interface TokenSource {
  /** Throws SmtpFailure. */
  get(config: TransportConfig): Promise<string>
  /** Whether one is at hand that was fetched before. */
  isKept(config: TransportConfig): boolean
  /** After a mail server refused it. */
  forget(config: TransportConfig): void
}

/** A token is fetched anew this long before its end, so that none ends on its way. */
const spareMs = 60_000
/** RFC 6749, 5.1 only recommends that a server says how long a token lives. */
const usualLifeMs = 3_600_000
const mostAnswerBytes = 64 * 1024
const answerWithinMs = 20_000

/** Microsoft 365 (client credentials flow for SMTP AUTH), unless the transport names another service. */
function serviceOf(config: TransportConfig): { url: string; scope: string } {
  return {
    url: config.tokenUrl || `https://login.microsoftonline.com/${config.tenant}/oauth2/v2.0/token`,
    scope: config.scope || (config.tokenUrl === '' ? 'https://outlook.office365.com/.default' : '')
  }
}

export function createTokenSource(clock: Clock): TokenSource {
  const elapsedMs = createStopwatch(clock)
  /** `untilMs` is null while it is being fetched: twenty connections that open at once ask once. */
  const known = new Map<string, { token: Promise<string>; untilMs: number | null }>()
  const keyOf = (config: TransportConfig) => {
    const { url, scope } = serviceOf(config)
    return JSON.stringify([url, scope, config.clientId, config.clientSecret])
  }
  const isGood = (untilMs: number) => untilMs - spareMs > elapsedMs()
  const fetchAnew = (key: string, config: TransportConfig) => {
    const fetching = fetchToken(config, elapsedMs)
    const entry = { token: fetching.then(({ token }) => token), untilMs: null as number | null }
    known.set(key, entry)
    fetching.then(
      ({ untilMs }) => void (entry.untilMs = untilMs),
      () => void (known.get(key) === entry && known.delete(key))
    )
    return entry.token
  }
  return {
    get(config) {
      const key = keyOf(config)
      const entry = known.get(key)
      return entry && (entry.untilMs === null || isGood(entry.untilMs)) ? entry.token : fetchAnew(key, config)
    },
    isKept: (config) => isGood(known.get(keyOf(config))?.untilMs ?? Number.NEGATIVE_INFINITY),
    forget: (config) => void known.delete(keyOf(config))
  }
}

async function fetchToken(
  config: TransportConfig,
  elapsedMs: () => number
): Promise<{ token: string; untilMs: number }> {
  const { url, scope } = serviceOf(config)
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: config.clientId,
    client_secret: config.clientSecret ?? '',
    ...(scope === '' ? {} : { scope })
  }).toString()
  const { status, text } = await post(url, body, config)
  const answer = readAnswer(text)
  const { access_token: token, expires_in: seconds } = answer
  if (status === 200 && typeof token === 'string' && token !== '') {
    const lifeMs = Number(seconds) > 0 ? Number(seconds) * 1000 : usualLifeMs
    return { token, untilMs: elapsedMs() + lifeMs }
  }
  // RFC 6749, 5.2: what is wrong with the request comes as 400 or 401, and stays wrong.
  const isRefused = status >= 400 && status < 500 && status !== 429
  const said = [answer.error, answer.error_description].filter((part) => typeof part === 'string').join(': ')
  const line = said.split(/[\r\n]/)[0]?.slice(0, 300) ?? ''
  const words = line === '' ? `status ${status}` : line
  throw new SmtpFailure('sign-in', `The token service at ${new URL(url).host} gave no token: ${words}`, !isRefused)
}

function readAnswer(text: string): Record<string, unknown> {
  try {
    const answer: unknown = JSON.parse(text)
    return typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

async function post(url: string, body: string, config: TransportConfig): Promise<{ status: number; text: string }> {
  const isSecure = url.toLowerCase().startsWith('https:')
  const unreachable = (error: Error) =>
    new SmtpFailure(
      'sign-in',
      `The token service at ${new URL(url).host} cannot be asked: ${connectionFault(error)}.`,
      true
    )
  const secure = isSecure ? trustedAuthorities(config) : {}
  return new Promise((resolve, reject) => {
    const options = {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
        'content-length': Buffer.byteLength(body)
      },
      signal: AbortSignal.timeout(answerWithinMs)
    }
    const ask = isSecure
      ? httpsRequest(url, { ...options, ...secure, minVersion: 'TLSv1.2' })
      : httpRequest(url, options)
    ask.on('error', (error) => reject(unreachable(error)))
    ask.on('response', (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        text += chunk
        if (text.length > mostAnswerBytes) ask.destroy(new Error('its answer is too long'))
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
      answer.on('error', (error) => reject(unreachable(error)))
    })
    ask.end(body)
  })
}
