import { networkInterfaces } from 'node:os'
import type { Cause, CauseId, CheckStep } from '../../shared/diagnostics.ts'
import { urlHost, type SettingKey, type Settings } from '../../shared/settings.ts'
import type { Clock } from '../clock.ts'
import type { Db } from '../database/schema.ts'
import type { Timekeeper } from '../database/timekeeper.ts'
import { formatXml } from '../xml.ts'
import { appSteps, boundedSend, checkPath, originOf, type Origin, type PathFacts } from './path-check.ts'
import { askHttp, openTcp, shakeHands, type CertificateFault, type ProbeOptions } from './probe.ts'
import { reachReferenceServer, type FailedApp } from './reference-app.ts'

export interface ServerCheckParts {
  db: Db
  clock: Clock
  time: Timekeeper
}

export interface ServerCheck {
  steps: CheckStep[]
  causes: Cause[]
  /** Whether an app gets as far as the server's answer to its ping, certificates aside. */
  isReached: boolean
}

/**
 * Goes the way of an app as far as no code is needed, and tells why it ends where it ends. The causes are in the order in which
 * the way is gone, since what fails first is why the rest fails.
 */
export async function checkServer(
  parts: ServerCheckParts,
  settings: Settings,
  options: ProbeOptions = {}
): Promise<ServerCheck> {
  const asked = originOf(settings['policy.selfReset.completeUrl'])
  const told = originOf(publicAddress(settings))
  const first = await checkPath(asked, options)
  const causes = await pathCauses(first, settings, options, forPhones)
  const steps = [...first.steps]
  let isReached = false
  let dateMs: number | null = null
  if (isOpen(first)) {
    const send = boundedSend(options)
    const reached = await reachReferenceServer(settings['server.siteId'], {
      serverDetailsOrigin: asked.text,
      async send(request) {
        const answer = await send(request)
        dateMs ??= answer.dateMs
        return answer
      }
    })
    const failure = reached.ok ? null : reached.reason
    const [details, ...rest] = appSteps(reached.steps, failure)
    if (details) steps.push(details)
    if (told.text !== asked.text && rest.length > 0) {
      const second = await checkPath(told, options)
      steps.push(...second.steps)
      causes.push(...(await pathCauses(second, settings, options, forPhones)))
    }
    steps.push(...rest)
    isReached = reached.ok
    if (reached.ok) causes.push(...differentServer(reached.agentUrl, settings))
    else causes.push(...(await answerCauses(reached, settings, asked, options)))
  }
  const clock = await clockCauses(parts, dateMs)
  const { faults, others } = byWeight([...clock, ...causes])
  return { steps, causes: [...faults, ...others, ...scopeCauses(first, faults)], isReached }
}

export function publicAddress(settings: Settings): string {
  const scheme = settings['server.usesSsl'] ? 'https' : 'http'
  return `${scheme}://${urlHost(settings['server.host'])}:${settings['server.port']}`
}

function byWeight(causes: Cause[]): { faults: Cause[]; others: Cause[] } {
  return {
    faults: causes.filter(({ weight }) => weight === 'fault'),
    others: causes.filter(({ weight }) => weight !== 'fault')
  }
}

function isOpen({ tcp, tls, origin }: PathFacts): boolean {
  return tcp?.result === 'open' && (!origin.isTls || tls?.ok === true)
}

export const setting = (key: SettingKey): Cause['cure'] => ({ kind: 'setting', key })

/** Who goes the way, and the setting that holds the address where it is not the public one. */
export interface Traveller {
  who: 'phones' | 'mail readers' | 'browsers'
  key: SettingKey
}

const forPhones: Traveller = { who: 'phones', key: 'policy.selfReset.completeUrl' }

/** The setting in which an origin stands: the public address, or a URL that was set by hand. */
function settingOf(
  origin: Origin,
  settings: Settings,
  part: 'host' | 'port' | 'usesSsl',
  { key }: Traveller
): Cause['cure'] {
  const isOfServer = origin.text === originOf(publicAddress(settings)).text
  return setting(isOfServer ? `server.${part}` : key)
}

/** Why the way to a server ends before anything was asked of it. */
export async function pathCauses(
  facts: PathFacts,
  settings: Settings,
  options: ProbeOptions,
  traveller: Traveller
): Promise<Cause[]> {
  const { who } = traveller
  const { origin, dns, tcp, tls } = facts
  const place = `${origin.host}:${origin.port}`
  const evidence = facts.steps.map(({ sentence }) => sentence)
  if (tcp === null) {
    return [
      {
        id: 'name-unresolved',
        weight: 'fault',
        sentence: `The name ${origin.host} is not found, so ${who} do not find the server. Correct the name, or enter it in the DNS.`,
        evidence: ['error' in dns ? `The DNS answered ${dns.error}.` : 'The DNS knows no address for it.'],
        cure: settingOf(origin, settings, 'host', traveller)
      }
    ]
  }
  if (tcp.result !== 'open') return [await unreachable(facts, settings, options, traveller)]
  if (!origin.isTls) return speaksTls(facts, settings, options, traveller)
  if (tls === null) return []
  if (!tls.ok) {
    return [
      tls.isPlain
        ? {
            id: 'scheme-wrong',
            weight: 'fault',
            sentence: `HTTPS is what ${who} are told to use, but plain HTTP answers at ${place}. Turn TLS on there, or have the address say http.`,
            evidence,
            cure: settingOf(origin, settings, 'usesSsl', traveller)
          }
        : {
            id: 'tls-failed',
            weight: 'fault',
            sentence: `No TLS connection to ${place} comes about. Look at its TLS settings and certificate.`,
            evidence,
            cure: { kind: 'screen', screen: 'portal' }
          }
    ]
  }
  return tls.faults.map((fault) => {
    const own = tls.chain[0]
    const shown = own
      ? [
          `It is for ${[...own.names, own.subject].filter((name) => name !== '').join(', ')}.`,
          `It was made by ${own.issuer} and is valid from ${day(own.validFromMs)} to ${day(own.validToMs)}.`
        ]
      : []
    const { id, sentence } = certificateCauses[fault]
    const cure = { kind: 'screen', screen: 'portal' } as const
    return { id, weight: 'fault', sentence: sentence(who, origin.host), evidence: shown, cure }
  })
}

const certificateCauses: Record<CertificateFault, { id: CauseId; sentence: (who: string, host: string) => string }> = {
  expired: {
    id: 'certificate-expired',
    sentence: (who) => `The certificate has expired, so ${who} refuse the connection. Put a new one in.`
  },
  early: {
    id: 'certificate-early',
    sentence: (who) =>
      `The certificate is not valid yet, so ${who} refuse the connection. Check the clock, or put another in.`
  },
  name: {
    id: 'certificate-name',
    sentence: (who, host) =>
      `The certificate is not for ${host}, so ${who} refuse the connection. Get one with this name in it.`
  },
  'self-signed': {
    id: 'certificate-self-signed',
    sentence: (who) =>
      `The certificate is self-signed, and ${who} refuse such a one. Get one from an authority that they know, or install this one on each device.`
  },
  untrusted: {
    id: 'certificate-untrusted',
    sentence: (who) =>
      `The certificate is signed by an authority that ${who} do not know. Add the intermediate certificate to its file, or get one from an authority that they know.`
  }
}

function day(atMs: number): string {
  return Number.isNaN(atMs) ? 'an unknown day' : new Date(atMs).toISOString().slice(0, 10)
}

/** Whether the portal of this machine answers where it is set to listen, whatever the public address says. */
async function isPortalHere(settings: Settings, options: ProbeOptions): Promise<boolean> {
  const address = settings['portal.address']
  const host = address === '0.0.0.0' ? '127.0.0.1' : address === '::' || address === '[::]' ? '::1' : address
  const port = settings['portal.port']
  for (const scheme of ['http', 'https']) {
    const result = await askHttp({ method: 'GET', url: `${scheme}://${urlHost(host)}:${port}/healthz` }, options)
    if ('answer' in result && result.answer.status < 500 && result.answer.body.includes('"store"')) return true
  }
  return false
}

async function unreachable(
  facts: PathFacts,
  settings: Settings,
  options: ProbeOptions,
  traveller: Traveller
): Promise<Cause> {
  const { origin, dns, tcp, scope } = facts
  const place = `${origin.host}:${origin.port}`
  const evidence = facts.steps.map(({ sentence }) => sentence)
  const own = new Set(
    Object.values(networkInterfaces())
      .flat()
      .map((one) => one?.address)
  )
  const isOwn = 'addresses' in dns && dns.addresses.some((address) => own.has(address))
  if (scope === 'private' && !isOwn) {
    return privateCause(origin, settingOf(origin, settings, 'host', traveller), evidence, 'fault')
  }
  const isHere = await isPortalHere(settings, options)
  const listens = `${settings['portal.address']}:${settings['portal.port']}`
  if (isHere && origin.port !== settings['portal.port']) {
    return {
      id: 'port-wrong',
      weight: 'fault',
      sentence: `The address says port ${origin.port}, where nothing answers; the portal listens on port ${settings['portal.port']}.`,
      evidence: [...evidence, `The portal of this machine answers on ${listens}.`],
      cure: settingOf(origin, settings, 'port', traveller)
    }
  }
  if (isHere) {
    return {
      id: 'host-unreachable',
      weight: 'fault',
      sentence: `The portal runs here, but nothing answers at ${place}: the name leads elsewhere, or a firewall or router lets nothing through.`,
      evidence: [...evidence, `The portal of this machine answers on ${listens}.`],
      cure: settingOf(origin, settings, 'host', traveller)
    }
  }
  if (tcp?.result === 'refused' || isOwn) {
    return {
      id: 'portal-down',
      weight: 'fault',
      sentence: `The User Portal is not running: nothing answers at ${place}. Start it.`,
      evidence: [...evidence, `Nothing answers on ${listens} of this machine either.`],
      cure: { kind: 'screen', screen: 'portal' }
    }
  }
  return {
    id: 'host-unreachable',
    weight: 'fault',
    sentence: `Nothing answers at ${place}. Check the name, the firewall, and that the portal runs there.`,
    evidence,
    cure: settingOf(origin, settings, 'host', traveller)
  }
}

/** Plain HTTP is asked for; is it TLS that answers? */
async function speaksTls(
  facts: PathFacts,
  settings: Settings,
  options: ProbeOptions,
  traveller: Traveller
): Promise<Cause[]> {
  const plain = await askHttp({ method: 'GET', url: `${facts.origin.text}/healthz` }, options)
  if ('answer' in plain && plain.answer.status !== 400) return []
  const tls = await shakeHands(facts.origin, options)
  if (!tls.ok) return []
  return [
    {
      id: 'scheme-wrong',
      weight: 'fault',
      sentence: `Plain HTTP is what ${traveller.who} are told to use, but HTTPS answers at ${facts.origin.host}:${facts.origin.port}. Have the address say https.`,
      evidence: ['A TLS connection comes about there, a plain one does not.'],
      cure: settingOf(facts.origin, settings, 'usesSsl', traveller)
    }
  ]
}

/** Something answers, and not as this server would. */
async function answerCauses(
  failure: FailedApp,
  settings: Settings,
  asked: Origin,
  options: ProbeOptions
): Promise<Cause[]> {
  const siteId = settings['server.siteId']
  const evidence = [failure.reason]
  if (failure.error === 'unknown-server-id') {
    return [
      {
        id: 'site-id-foreign',
        weight: 'fault',
        sentence: `What answers at ${asked.text} does not know the Site ID ${siteId}: it is another server, or a portal over another data folder.`,
        evidence,
        cure: setting('server.siteId')
      }
    ]
  }
  if (failure.step === 'ping') {
    const agent = failure.steps.at(-1)
    const connectionType = settings['server.connectionType']
    const other = agent ? await findAgent(new URL(agent.url).origin, connectionType, options) : null
    if (other !== null) {
      return [
        {
          id: 'connection-type-wrong',
          weight: 'fault',
          sentence: `Apps are sent to /${connectionType}/AgentXML, where nothing answers; the server answers at /${other}/AgentXML. Set the connection type to ${other}.`,
          evidence: [...evidence, `A ping to /${other}/AgentXML is answered with PASS.`],
          cure: setting('server.connectionType')
        }
      ]
    }
    const place = agent ? originOf(agent.url) : asked
    if (place.text !== asked.text && (await openTcp(place, options)).result !== 'open') return []
  }
  return [
    {
      id: failure.step === 'server-details' ? 'foreign-server' : 'answer-wrong',
      weight: 'fault',
      sentence:
        failure.step === 'server-details'
          ? `What answers at ${asked.text} is not this server: it does not answer an app’s question for the settings. Check host, port, and what a proxy passes on.`
          : 'The server answers an app’s ping with something else than PASS. Check what a proxy passes on.',
      evidence,
      cure: setting('server.host')
    }
  ]
}

async function findAgent(origin: string, not: string, options: ProbeOptions): Promise<string | null> {
  const body = formatXml('SASRequest', [
    { name: 'Version', content: '3.6' },
    { name: 'Action', content: 'ping' }
  ])
  for (const connectionType of ['proxy', 'userportal']) {
    if (connectionType === not) continue
    const url = `${origin}/${connectionType}/AgentXML`
    const result = await askHttp({ method: 'POST', url, body, headers: { 'content-type': 'application/xml' } }, options)
    if ('answer' in result && result.answer.status === 200 && result.answer.body.includes('<Result>PASS</Result>')) {
      return connectionType
    }
  }
  return null
}

function differentServer(agentUrl: string, settings: Settings): Cause[] {
  const own = `${new URL(publicAddress(settings)).origin}/${settings['server.connectionType']}/AgentXML`
  if (agentUrl === own) return []
  return [
    {
      id: 'foreign-server',
      weight: 'suspicion',
      sentence: `The server that answers sends apps to ${agentUrl}, this one would send them to ${own}: a portal over another data folder may be running there.`,
      evidence: [],
      cure: setting('server.host')
    }
  ]
}

/** A clock that is off by less does no harm: codes live at least for minutes. */
const harmlessClockMs = 300_000

async function clockCauses({ db, clock, time }: ServerCheckParts, dateMs: number | null): Promise<Cause[]> {
  const ownMs = clock.nowMs()
  const seenMs = await time.peekMs(db)
  const causes: Cause[] = []
  const cure = { kind: 'elsewhere', command: null } as const
  if (seenMs - ownMs > harmlessClockMs) {
    causes.push({
      id: 'clock-wrong',
      weight: 'fault',
      sentence: `The clock of this machine is ${span(seenMs - ownMs)} behind the latest time that the data folder has seen, and codes end by that time. Set the clock right, and issue new codes once it has caught up.`,
      evidence: [`The clock says ${utc(ownMs)}; the folder has seen ${utc(seenMs)}.`],
      cure
    })
  }
  if (dateMs !== null && Math.abs(dateMs - ownMs) > harmlessClockMs) {
    const direction = ownMs > dateMs ? 'ahead of' : 'behind'
    causes.push({
      id: 'clock-wrong',
      weight: 'fault',
      sentence: `The clock of this machine is ${span(Math.abs(dateMs - ownMs))} ${direction} that of the public address, so codes end at the wrong time. Set the clock right, then issue new codes.`,
      evidence: [`The clock here says ${utc(ownMs)}; the public address says ${utc(dateMs)}.`],
      cure
    })
  }
  return causes.slice(0, 1)
}

export function utc(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function span(ms: number): string {
  const hours = ms / 3_600_000
  if (hours >= 48) return `${Math.round(hours / 24)} days`
  return hours >= 2 ? `${Math.round(hours)} h` : `${Math.round(ms / 60_000)} min`
}

/** An address that only few reach works in tests and in the office, and nowhere else. */
export function scopeCauses(
  { origin, scope, steps }: PathFacts,
  faults: Cause[],
  cure = setting('server.host')
): Cause[] {
  if (faults.some(({ id }) => id === 'address-private')) return []
  const evidence = steps.slice(0, 1).map(({ sentence }) => sentence)
  if (scope === 'private') return [privateCause(origin, cure, evidence, 'suspicion')]
  if (scope !== 'loopback') return []
  return [
    {
      id: 'address-loopback',
      weight: 'suspicion',
      sentence: `${origin.host} is this machine alone: no phone and no mail reader elsewhere reaches it. Give the server a public name.`,
      evidence,
      cure
    }
  ]
}

function privateCause(origin: Origin, cure: Cause['cure'], evidence: string[], weight: Cause['weight']): Cause {
  return {
    id: 'address-private',
    weight,
    sentence: `${origin.host} is a private address: phones and mail readers outside this network do not reach it. Give the server a public name.`,
    evidence,
    cure
  }
}
