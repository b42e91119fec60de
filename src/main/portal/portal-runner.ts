import { get as getPlain } from 'node:http'
import { get as getSecure } from 'node:https'
import { statSync } from 'node:fs'
import { AppError } from '../../shared/errors.ts'
import type { PortalRequest, PortalState } from '../../shared/portal.ts'
import { urlHost, type Settings } from '../../shared/settings.ts'
import type { Clock } from '../system/clock.ts'
import type { Log } from '../system/log.ts'
import type { Certificate } from './certificate.ts'
import { announcedPortals, announcePortal } from './announced-portals.ts'
import { createNetworkCheck } from './client-address.ts'
import type { PortalParts } from './portal-parts.ts'
import type { Portal } from './portal.ts'
import { createRequestLog, type RequestCounts } from './request-log.ts'

/** What the command line says instead of the settings. */
export interface PortalOverrides {
  host?: string | undefined
  port?: number | undefined
  tls?: boolean | undefined
}

/** The User Portal of one program: runs as the settings say, and goes after them when they change. */
export interface PortalRunner {
  /** Runs it from now on. Throws, for a caller that has nothing else to do, why it does not run. */
  start(overrides?: PortalOverrides): Promise<{ url: string; port: number }>
  /** Looks at the settings again; without `start` before it does nothing. A failure shows in the state. */
  refresh(): Promise<void>
  state(): Promise<PortalState>
  requests(limit: number): PortalRequest[]
  /** Answered by this program from then on, at most a day ago. */
  requestsSince(sinceMs: number): RequestCounts
  stop(): Promise<void>
}

export interface PortalRunnerParts {
  folder: string
  clock: Clock
  log: Log
  portal: PortalParts
  /** Told when its state or a request is news for a screen. */
  onChange: () => void
}

/** How often certificate files are looked at, and an address that was taken is tried again. */
const lookMs = 5_000

interface Wanted {
  isOn: boolean
  host: string
  port: number
  usesTls: boolean
  certificateFile: string
  keyFile: string
  names: string[]
  trustedProxies: string[]
}

export function createPortalRunner({ folder, clock, log, portal: parts, onChange }: PortalRunnerParts): PortalRunner {
  const requests = createRequestLog(onChange)
  let isTrustedProxy: (address: string) => boolean = () => false
  let overrides: PortalOverrides | null = null
  let running: {
    portal: Portal
    at: string
    url: string
    port: number
    certificateAt: string
    takeBack: () => void
  } | null = null
  let failure: { state: 'failed' | 'elsewhere'; problem: string; url: string } | null = null
  let timer: NodeJS.Timeout | undefined
  let turn: Promise<unknown> = Promise.resolve()
  const isServedElsewhere = rememberAnswer(answersAsPortal)

  const end = async () => {
    const ending = running
    running = null
    ending?.takeBack()
    await ending?.portal.close()
  }
  const readCertificate = async (wanted: Wanted): Promise<Certificate> => {
    const { readCertificateFiles, selfSignedCertificate } = await import('./certificate.ts')
    return wanted.certificateFile === '' && wanted.keyFile === ''
      ? selfSignedCertificate(folder, wanted.names, clock.nowMs())
      : readCertificateFiles(wanted.certificateFile, wanted.keyFile)
  }

  /** A service has no screen that would show it. */
  const warnOf = async ({ info }: Certificate) => {
    const { validityProblem } = await import('./certificate.ts')
    const problem = validityProblem(info, clock.nowMs())
    if (problem !== null)
      log.warn(`${problem} Phones refuse an expired one: put a new one into its place in good time.`)
  }

  const follow = async (): Promise<{ url: string; port: number } | null> => {
    if (overrides === null) return null
    const settings = await parts.readSettings()
    const wanted = wantedBy(settings, overrides)
    isTrustedProxy = createNetworkCheck(wanted.trustedProxies)
    if (!wanted.isOn) {
      await end()
      failure = null
      return null
    }
    const at = JSON.stringify([wanted.host, wanted.port, wanted.usesTls])
    const certificateAt = wanted.usesTls ? certificateMark(wanted) : ''
    if (running?.at === at) {
      if (running.certificateAt !== certificateAt) {
        // Files that are half written are read again at the next look; until then the old certificate serves.
        const certificate = await readCertificate(wanted)
        running.portal.setCertificate(certificate)
        running.certificateAt = certificateAt
        log.info('The User Portal shows itself with a new certificate.')
        await warnOf(certificate)
      }
      failure = null
      return running
    }
    await end()
    const certificate = wanted.usesTls ? await readCertificate(wanted) : undefined
    if (certificate) await warnOf(certificate)
    // The server and what makes certificates are left out of every start that serves nothing.
    const { createPortal } = await import('./portal.ts')
    const portal = createPortal({
      ...parts,
      certificate,
      isTrustedProxy: (address) => isTrustedProxy(address),
      requests
    })
    try {
      const listening = await portal.listen({ host: wanted.host, port: wanted.port })
      const isWhereSettingsSay = listening.url === urlOf(wantedBy(settings, {})) && settings['portal.enabled']
      const takeBack = isWhereSettingsSay ? () => undefined : announcePortal(folder, listening.url)
      running = { portal, at, ...listening, certificateAt, takeBack }
      failure = null
      return running
    } catch (error) {
      await portal.close()
      throw error
    }
  }
  /** One after the other: two that follow at once would listen twice. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work)
    turn = done.catch(() => undefined)
    return done
  }
  const noteFailure = async (error: unknown) => {
    const problem = error instanceof AppError ? error.message : 'It could not be started; the log has the details.'
    if (!(error instanceof AppError)) log.error('The User Portal could not be started.', { error })
    const wanted = wantedBy(await parts.readSettings(), overrides ?? {})
    const url = urlOf(wanted)
    const isElsewhere = error instanceof AppError && error.code === 'port-taken' && (await answersAsPortal(url))
    const before = failure
    failure = isElsewhere ? { state: 'elsewhere', problem: '', url } : { state: 'failed', problem, url }
    if (before?.problem !== failure.problem) {
      if (!isElsewhere) log.error(`The User Portal does not run: ${problem}`)
      onChange()
    }
  }
  const refresh = async () => {
    const before = running
    try {
      await inTurn(follow)
    } catch (error) {
      await noteFailure(error)
    }
    if (before !== running) onChange()
  }

  return {
    async start(given = {}) {
      overrides = given
      timer ??= setInterval(() => void refresh(), lookMs).unref()
      try {
        const listening = await inTurn(follow)
        onChange()
        if (listening) return { url: listening.url, port: listening.port }
      } catch (error) {
        await noteFailure(error)
        throw error
      }
      throw new AppError('portal-off', 'The User Portal is switched off (portal.enabled). Switch it on to run it.')
    },
    refresh,
    async state() {
      const wanted = wantedBy(await parts.readSettings(), overrides ?? {})
      const shown = await describeCertificate(wanted, readCertificate)
      const common = { ...shown, requests: requests.count() }
      if (running) return { state: 'running', url: running.url, problem: null, ...common }
      if (failure && wanted.isOn) {
        const { state, url, problem } = failure
        return { state, url, problem: problem === '' ? null : problem, ...common }
      }
      if (overrides !== null && wanted.isOn) return { state: 'starting', url: urlOf(wanted), problem: null, ...common }
      if (wanted.isOn && (await isServedElsewhere(urlOf(wanted)))) {
        return { state: 'elsewhere', url: urlOf(wanted), problem: null, ...common }
      }
      for (const url of announcedPortals(folder)) {
        if (await isServedElsewhere(url)) return { state: 'elsewhere', url, problem: null, ...common }
      }
      return { state: 'off', url: wanted.isOn ? urlOf(wanted) : null, problem: null, ...common }
    },
    requests: (limit) => requests.list(limit),
    requestsSince: (sinceMs) => requests.countSince(sinceMs),
    async stop() {
      clearInterval(timer)
      timer = undefined
      overrides = null
      await inTurn(end)
    }
  }
}

function wantedBy(settings: Settings, overrides: PortalOverrides): Wanted {
  const host = overrides.host ?? settings['portal.address']
  return {
    isOn: settings['portal.enabled'] || overrides.host !== undefined || overrides.port !== undefined,
    host,
    port: overrides.port ?? settings['portal.port'],
    usesTls: overrides.tls ?? settings['portal.tls'],
    certificateFile: settings['portal.certificateFile'],
    keyFile: settings['portal.keyFile'],
    names: [settings['server.host'].replace(/^\[|\]$/g, '')],
    trustedProxies: settings['portal.trustedProxies']
  }
}

function urlOf({ host, port, usesTls }: Wanted): string {
  return `${usesTls ? 'https' : 'http'}://${urlHost(host)}:${port}`
}

/** Changes when other files are named, the files change, or the self-signed certificate is for another name. */
function certificateMark({ certificateFile, keyFile, names }: Wanted): string {
  if (certificateFile === '' && keyFile === '') return JSON.stringify(names)
  return JSON.stringify(
    [certificateFile, keyFile].map((file) => {
      try {
        const { mtimeMs, size, ino } = statSync(file)
        return [file, mtimeMs, size, ino]
      } catch {
        return [file]
      }
    })
  )
}

async function describeCertificate(
  wanted: Wanted,
  read: (wanted: Wanted) => Promise<Certificate>
): Promise<Pick<PortalState, 'certificate' | 'certificateProblem'>> {
  if (!wanted.usesTls) return { certificate: null, certificateProblem: null }
  try {
    return { certificate: (await read(wanted)).info, certificateProblem: null }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { certificate: null, certificateProblem: error.message }
  }
}

const answerWaitMs = 2_000

/** A screen asks for the state with every request that is news; the network is asked at most as often as files are looked at. */
function rememberAnswer(ask: (url: string) => Promise<boolean>): (url: string) => Promise<boolean> {
  const known = new Map<string, { atMs: number; answer: Promise<boolean> }>()
  return (url) => {
    const nowMs = performance.now()
    for (const [one, { atMs }] of known) if (nowMs - atMs >= lookMs) known.delete(one)
    const { answer } = known.get(url) ?? { answer: ask(url) }
    if (!known.has(url)) known.set(url, { atMs: nowMs, answer })
    return answer
  }
}

/** Whether what answers there is a portal of this program: a service that runs beside the console, say. */
function answersAsPortal(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const health = new URL('/healthz', url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:'))
    const get = health.protocol === 'https:' ? getSecure : getPlain
    // Whose certificate it is does not matter: nothing is told to it, and nothing it says is believed but that it is there.
    // Of the whole answer: what drips in is never idle.
    const signal = AbortSignal.timeout(answerWaitMs)
    const request = get(health, { signal, rejectUnauthorized: false }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text
        if (body.length > 1000) response.destroy()
      })
      response.on('error', () => undefined)
      response.on('close', () => resolve(/"store":/.test(body)))
    })
    request.on('error', () => resolve(false))
  })
}
