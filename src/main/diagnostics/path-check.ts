import { isIP } from 'node:net'
import type { CheckStep, Outcome } from '../../shared/diagnostics.ts'
import { scopeOfHost } from '../../shared/host-scope.ts'
import { isInside } from './own-portal.ts'
import { NoAnswer, type AppAnswer, type AppRequest } from './app-fetch.ts'
import type { AppStep } from './reference-app.ts'
import {
  askHttp,
  bare,
  openTcp,
  resolveHost,
  shakeHands,
  type CertificateFault,
  type Place,
  type ProbeOptions,
  type TlsResult
} from './probe.ts'

/** A server as an address names it. */
export interface Origin extends Place {
  isTls: boolean
  /** `https://host:port` */
  text: string
}

export function originOf(url: string): Origin {
  const { protocol, hostname, port, origin } = new URL(url)
  const isTls = protocol === 'https:'
  return { host: hostname, port: port === '' ? (isTls ? 443 : 80) : Number(port), isTls, text: origin }
}

export interface CheckOptions extends ProbeOptions {
  /** Told of each step as soon as it is known how it came out. */
  onStep?: ((step: CheckStep) => void) | undefined
  /** Goes no further than the name where it leads to this machine or its neighbours. */
  isOutsideOnly?: boolean
}

export type Scope = ReturnType<typeof scopeOfHost>

/** What is known of the way to a server. `null` where an earlier step failed, so that this one was not tried. */
export interface PathFacts {
  origin: Origin
  dns: { addresses: string[] } | { error: string }
  /** The nearest scope of all its addresses. */
  scope: Scope
  tcp: { result: 'open' | 'refused' | 'unreachable'; detail: string } | null
  tls: TlsResult | null
  steps: CheckStep[]
}

/** From the name to a TLS connection, each step timed. */
export async function checkPath(origin: Origin, options: CheckOptions = {}): Promise<PathFacts> {
  const steps: CheckStep[] = []
  const note = (...[name, target, durationMs, outcome, about]: Parameters<typeof step>) => {
    const taken = step(name, target, durationMs, outcome, about)
    steps.push(taken)
    options.onStep?.(taken)
  }
  const { durationMs, ...dns } = await resolveHost(origin.host, options)
  const isFound = 'addresses' in dns && dns.addresses.length > 0
  note('dns', origin.host, durationMs, isFound ? 'passed' : 'failed', {
    sentence: isFound
      ? isIP(bare(origin.host)) === 0
        ? `${origin.host} is ${dns.addresses.join(', ')}.`
        : `${origin.host} is an address, so there is no name to find.`
      : `The name ${origin.host} is not found (${'error' in dns ? dns.error : 'no address'}).`
  })
  const facts: PathFacts = {
    origin,
    dns,
    scope: isFound ? nearestScope([origin.host, ...dns.addresses]) : scopeOfHost(origin.host),
    tcp: null,
    tls: null,
    steps
  }
  if (!isFound) return facts
  const place = `${origin.host}:${origin.port}`
  if (options.isOutsideOnly === true && [bare(origin.host), ...dns.addresses].some(isInside)) return facts
  const found = { ...options, addresses: dns.addresses }
  const tcp = await openTcp(origin, found)
  facts.tcp = tcp
  note('tcp', place, tcp.durationMs, tcp.result === 'open' ? 'passed' : 'failed', {
    sentence: tcpSentence(place, tcp)
  })
  if (tcp.result !== 'open' || !origin.isTls) return facts
  const tls = await shakeHands(origin, found)
  facts.tls = tls
  note('tls', place, tls.durationMs, tls.ok && tls.faults.length === 0 ? 'passed' : 'failed', {
    sentence: tlsSentence(origin.host, tls),
    certificates: tls.ok ? tls.chain : []
  })
  return facts
}

/** Whether requests get through, whatever is to be said of the certificate. */
export function isOpen({ tcp, tls, origin }: PathFacts): boolean {
  return tcp?.result === 'open' && (!origin.isTls || tls?.ok === true)
}

/** A name that leads to a private address is reached by as few as the address itself. */
function nearestScope(hosts: string[]): Scope {
  const scopes = new Set(hosts.map(scopeOfHost))
  return (['loopback', 'private', 'public'] as const).find((scope) => scopes.has(scope)) ?? 'name'
}

function tcpSentence(place: string, { result, detail }: NonNullable<PathFacts['tcp']>): string {
  if (result === 'open') return `${place} accepts connections.`
  return result === 'refused' ? `Nothing listens on ${place}.` : `${place} cannot be reached (${detail}).`
}

const faultSentences: Record<CertificateFault, (host: string) => string> = {
  expired: () => 'The certificate has expired; every phone refuses it.',
  early: () => 'The certificate is not valid yet; every phone refuses it.',
  name: (host) => `The certificate is not for ${host}; every phone refuses it.`,
  'self-signed': () => 'The certificate is signed by itself alone; phones refuse it.',
  untrusted: () =>
    'No authority that phones know has signed the certificate, or an intermediate one is missing; phones refuse it.'
}

export function tlsSentence(host: string, tls: TlsResult): string {
  if (!tls.ok) {
    return tls.isPlain
      ? 'What answers does not speak TLS but plain text.'
      : `The TLS connection failed: ${tls.error.replace(/\.$/, '')}.`
  }
  const [fault] = tls.faults
  if (fault !== undefined) return faultSentences[fault](host)
  const until = tls.chain[0] ? new Date(tls.chain[0].validToMs).toISOString().slice(0, 10) : ''
  return `${tls.protocol}; the certificate of ${tls.chain[0]?.issuer ?? 'an authority'} is good until ${until}.`
}

export function step(
  name: CheckStep['step'],
  target: string,
  durationMs: number,
  outcome: Outcome,
  about: Pick<CheckStep, 'sentence'> & Partial<CheckStep>
): CheckStep {
  return { step: name, target, durationMs, outcome, request: null, response: null, certificates: [], ...about }
}

/** Carries the reference app's requests within the limits of a check, and past certificates that were judged before. */
export function boundedSend(options: ProbeOptions = {}) {
  return async ({ url, body }: AppRequest): Promise<AppAnswer & { dateMs: number | null }> => {
    const result = await askHttp(
      {
        method: body === null ? 'GET' : 'POST',
        url,
        ...(body !== null && { headers: { 'content-type': 'application/xml' }, body })
      },
      options
    )
    if ('error' in result) throw new NoAnswer(result.error)
    const date = Date.parse(result.answer.headers['date'] ?? '')
    return { status: result.answer.status, body: result.answer.body, dateMs: Number.isNaN(date) ? null : date }
  }
}

/** Longest raw exchange that is shown; the rest is of no use to a person. */
const mostShownCharacters = 8_000

const passedSentences: Record<AppStep['name'], string> = {
  'server-details': 'The server knows its Site ID and says where apps go.',
  ping: 'The server answers an app’s ping with PASS.',
  provision: 'The code was taken, and the app got its Id.',
  'security-strings': 'One hundred security strings of ten digits came.'
}

/** The app's exchanges as steps of a check; the last one failed where there is a reason. */
export function appSteps(steps: readonly AppStep[], failure: string | null): CheckStep[] {
  return steps.map((each, index) => appStep(each, index === steps.length - 1 ? failure : null))
}

/** One exchange of the app; `failure` says why the app ended with it. */
export function appStep(
  { name, url, durationMs, status, request, response }: AppStep,
  failure: string | null
): CheckStep {
  return step(name, url, durationMs, failure === null ? 'passed' : 'failed', {
    sentence: failure ?? passedSentences[name],
    request: request ?? `GET ${url}`,
    response: response === null ? null : shorten(`${status ?? ''} ${response}`.trim())
  })
}

export function shorten(text: string): string {
  return text.length > mostShownCharacters ? `${text.slice(0, mostShownCharacters)}… (${text.length} characters)` : text
}
