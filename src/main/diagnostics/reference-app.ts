import type { AppErrorKind } from '../../shared/app-errors.ts'
import { appErrorTexts } from '../../shared/app-errors.ts'
import { AppError } from '../../shared/errors.ts'
import { parseProvisionText } from '../../shared/provision-url.ts'
import { urlHost } from '../../shared/settings.ts'
import type { DevicePolicy } from '../../shared/device.ts'
import type { XmlElement, XmlNode } from '../system/xml.ts'
import { formatXml, parseXml, readLeaves } from '../system/xml.ts'
import { fetchFailureReason, sendByFetch, type AppAnswer, type AppRequest } from './app-fetch.ts'

export type AppStepName = 'server-details' | 'ping' | 'provision' | 'security-strings'

/** One exchange with a server as it went over the wire. It may hold a provision code and an Id: for the screen, not for a log. */
export interface AppStep {
  name: AppStepName
  url: string
  durationMs: number
  /** HTTP status, null when none came. */
  status: number | null
  request: string | null
  response: string | null
}

export interface ProvisionedApp {
  ok: true
  /** Where this app downloads its strings again. */
  agentUrl: string
  id: string
  /** One hundred strings of ten digits. */
  securityStrings: string[]
  policies: DevicePolicy[]
  steps: AppStep[]
}

export interface FailedApp {
  ok: false
  error: AppErrorKind
  /** What the app shows. */
  errorText: string
  /** `text` when what was scanned is no provision text. */
  step: AppStepName | 'text'
  /** What the app does not show: the finer reason, one plain sentence. */
  reason: string
  steps: AppStep[]
}

export interface ReferenceAppOptions {
  /** Where settings are asked for, when not at the server that the text names: some apps ask a central directory. */
  serverDetailsOrigin?: string
  stepTimeoutMs?: number
  /** Told of each exchange once it is known how it came out, with the reason where the app ends there. */
  onStep?: (step: AppStep, failure: string | null) => void
  /** Carries the requests in place of `fetch`, for a check that looks behind a certificate which phones refuse. */
  send?: (request: AppRequest, onStatus: (status: number) => void) => Promise<AppAnswer>
}

const defaultStepTimeoutMs = 10_000

/** Does what an app does once it has scanned a QR code. Never rejects for what a server does; the attempt ends the code. */
export async function provisionReferenceApp(
  scannedText: string,
  options: ReferenceAppOptions = {}
): Promise<ProvisionedApp | FailedApp> {
  return reportFailure(options, async (steps) => {
    const scanned = parseProvisionText(scannedText)
    if (scanned === null) {
      throw new StepFailure('text', 'unknown-server-id', 'The text holds no Site ID, username and provision code.')
    }
    const exchange = createExchange(steps, options)
    const origin = new URL(options.serverDetailsOrigin ?? scanned.base).origin
    const agentUrl = await findAgentUrl(exchange, origin, scanned.siteId)
    await ping(exchange, agentUrl)
    const id = await provision(exchange, agentUrl, scanned.username, scanned.code)
    return { ok: true, agentUrl, id, ...(await downloadSecurityStrings(exchange, agentUrl, id)), steps }
  })
}

/** The first steps alone, which end no code: settings by Site ID, then ping. */
export async function reachReferenceServer(
  siteId: number,
  options: ReferenceAppOptions & { serverDetailsOrigin: string }
): Promise<{ ok: true; agentUrl: string; steps: AppStep[] } | FailedApp> {
  return reportFailure(options, async (steps) => {
    const exchange = createExchange(steps, options)
    const agentUrl = await findAgentUrl(exchange, options.serverDetailsOrigin, siteId)
    await ping(exchange, agentUrl)
    return { ok: true, agentUrl, steps }
  })
}

/** What an app does when its strings have run out: the same Id, a hundred new strings. */
export async function downloadAgain(
  app: ProvisionedApp,
  options: ReferenceAppOptions = {}
): Promise<ProvisionedApp | FailedApp> {
  return reportFailure(options, async (steps) => {
    const exchange = createExchange(steps, options)
    return { ...app, ...(await downloadSecurityStrings(exchange, app.agentUrl, app.id)), steps }
  })
}

/** The code that a user types: the PIN's digits say which digits of the string, 0 being the tenth, then the two-digit index. */
export function oneTimeCode(pin: string, securityString: string, index: number): string {
  if (!/^\d+$/.test(pin) || !/^\d{10}$/.test(securityString) || !Number.isInteger(index) || index < 0 || index > 99) {
    throw new AppError(
      'invalid-input',
      'A one-time code needs a PIN of digits, a string of ten digits and an index from 0 to 99.'
    )
  }
  const picked = Array.from(pin, (digit) => securityString.at(Number(digit) - 1))
  return picked.join('') + String(index).padStart(2, '0')
}

class StepFailure extends Error {
  readonly step: FailedApp['step']
  readonly kind: AppErrorKind

  constructor(step: FailedApp['step'], kind: AppErrorKind, reason: string) {
    super(reason)
    this.step = step
    this.kind = kind
  }
}

async function reportFailure<T>(
  { onStep }: ReferenceAppOptions,
  run: (steps: AppStep[]) => Promise<T>
): Promise<T | FailedApp> {
  const steps: AppStep[] = []
  const tellLast = (failure: string | null) => {
    const last = steps.at(-1)
    if (last) onStep?.(last, failure)
  }
  try {
    const done = await run(steps)
    tellLast(null)
    return done
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error
    const { kind, step, message } = error
    tellLast(message)
    return { ok: false, error: kind, errorText: appErrorTexts[kind], step, reason: message, steps }
  }
}

/** Sends a GET, or a POST where there is a body, and reads the answer as XML with the given root. */
type Exchange = (step: AppStepName, url: string, answerRoot: string, request: string | null) => Promise<XmlElement>

async function findAgentUrl(exchange: Exchange, origin: string, siteId: number): Promise<string> {
  const step = 'server-details'
  const answer = await exchange(
    step,
    `${origin}/ssdserver/getServerDetails?id=${siteId}`,
    'getServerDetailsResponse',
    null
  )
  const { responseCode } = readAnswer(step, () => readLeaves(answer, ['responseCode']))
  if (responseCode === undefined) throw connectionFailure(step, 'The answer has no responseCode.')
  if (responseCode !== '0') {
    throw new StepFailure(step, 'unknown-server-id', `The server does not know the Site ID ${siteId}.`)
  }
  const details = answer.children.find(({ name }) => name === 'SSDetails')
  if (details === undefined) throw connectionFailure(step, 'The answer has no SSDetails.')
  return buildAgentUrl(readAnswer(step, () => readLeaves(details, ['hostname', 'usingSSL', 'port', 'connectionType'])))
}

function buildAgentUrl(details: Partial<Record<'hostname' | 'usingSSL' | 'port' | 'connectionType', string>>): string {
  const { hostname = '', usingSSL, port = '', connectionType = '' } = details
  const scheme = usingSSL === 'YES' ? 'https' : usingSSL === 'NO' ? 'http' : null
  const isAddress =
    /^[^\s/?#@\\]+$/.test(hostname) && /^\d{1,5}$/.test(port) && /^(?!\.{1,2}$)[A-Za-z0-9._~-]+$/.test(connectionType)
  const url = `${scheme}://${urlHost(hostname)}:${port}/${connectionType}/AgentXML`
  if (scheme === null || !isAddress || !URL.canParse(url)) {
    throw connectionFailure(
      'server-details',
      "The server's host, port, scheme or connection type is missing or malformed."
    )
  }
  return url
}

async function ping(exchange: Exchange, agentUrl: string): Promise<void> {
  const { Result: result } = (await callAgent(exchange, agentUrl, 'ping', 'ping', [])).leaves
  if (result !== 'PASS') throw connectionFailure('ping', 'The server did not answer the ping with PASS.')
}

async function provision(exchange: Exchange, agentUrl: string, username: string, code: string): Promise<string> {
  const { leaves } = await callAgent(exchange, agentUrl, 'provision', 'provision', [
    { name: 'Username', content: username },
    { name: 'ProvisionCode', content: code }
  ])
  if (leaves.Result === 'PASS' && leaves.Id) return leaves.Id
  for (const kind of ['invalid-username', 'invalid-provision-code'] as const) {
    if (leaves.Result === 'FAIL' && leaves.Error === appErrorTexts[kind]) {
      throw new StepFailure('provision', kind, `The server answered ${leaves.Error}.`)
    }
  }
  throw connectionFailure('provision', 'The answer is neither PASS with an Id nor FAIL with an error that apps know.')
}

async function downloadSecurityStrings(
  exchange: Exchange,
  agentUrl: string,
  id: string
): Promise<{ securityStrings: string[]; policies: DevicePolicy[] }> {
  const { answer, leaves } = await callAgent(exchange, agentUrl, 'security-strings', 'SecurityStrings', [
    { name: 'Id', content: id }
  ])
  if (leaves.Result !== 'PASS') {
    const reason = leaves.Error === undefined || leaves.Error === '' ? 'without a reason' : leaves.Error
    throw downloadFailure(`The server answered ${reason}.`)
  }
  const securityStrings = leaves.SecurityStrings?.split(';') ?? []
  if (securityStrings.length !== 100 || !securityStrings.every((text) => /^\d{10}$/.test(text))) {
    throw downloadFailure('The server did not send one hundred strings of ten digits.')
  }
  const policies = answer.children.find(({ name }) => name === 'Policies')?.children ?? []
  return { securityStrings, policies: policies.filter(({ name }) => name === 'Policy').map(readPolicy) }
}

function readPolicy({ attributes, text }: XmlElement): DevicePolicy {
  return {
    id: attributes.get('id') ?? '',
    section: attributes.get('section') ?? '',
    show: attributes.get('show') === 'true',
    value: text
  }
}

async function callAgent(exchange: Exchange, url: string, step: AppStepName, action: string, fields: XmlNode[]) {
  const request = formatXml('SASRequest', [
    { name: 'Version', content: '3.6' },
    { name: 'Action', content: action },
    ...fields
  ])
  const answer = await exchange(step, url, 'SASResponse', request)
  const leaves = readAnswer(step, () => readLeaves(answer, ['Result', 'Error', 'Id', 'SecurityStrings']))
  return { answer, leaves }
}

function createExchange(steps: AppStep[], options: ReferenceAppOptions): Exchange {
  const { stepTimeoutMs = defaultStepTimeoutMs, send = sendByFetch(stepTimeoutMs), onStep } = options
  return async (name, url, answerRoot, request) => {
    // The app has gone on from there, so that exchange came out well.
    const before = steps.at(-1)
    if (before) onStep?.(before, null)
    const step: AppStep = { name, url, durationMs: 0, status: null, request, response: null }
    steps.push(step)
    const startedMs = performance.now()
    try {
      const { status, body } = await send({ url, body: request }, (early) => (step.status = early))
      step.status = status
      step.response = new TextDecoder().decode(body)
      if (status !== 200) throw connectionFailure(name, `The server answered with HTTP status ${status}.`)
      return readAnswer(name, () => parseXml(body, answerRoot))
    } catch (error) {
      if (error instanceof StepFailure || error instanceof AppError) throw error
      throw connectionFailure(name, fetchFailureReason(error, stepTimeoutMs))
    } finally {
      step.durationMs = performance.now() - startedMs
    }
  }
}

function readAnswer<T>(step: AppStepName, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof AppError)
      throw connectionFailure(step, `The answer is not the XML of an app's server: ${error.message}`)
    throw error
  }
}

function connectionFailure(step: AppStepName, reason: string): StepFailure {
  return new StepFailure(step, 'server-connection', reason)
}

function downloadFailure(reason: string): StepFailure {
  return new StepFailure('security-strings', 'downloading-security-strings', reason)
}
