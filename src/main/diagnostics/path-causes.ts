import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { Cause, CauseId } from '../../shared/diagnostics.ts'
import { publicAddress, urlHost, type SettingKey, type Settings } from '../../shared/settings.ts'
import { originOf, type Origin, type PathFacts } from './path-check.ts'
import { askHttp, bare, shakeHands, type CertificateFault, type ProbeOptions } from './probe.ts'

export const setting = (key: SettingKey): Cause['cure'] => ({ kind: 'setting', key })

/** Who goes the way, and the setting that holds the address where it is not the public one. */
export interface Traveller {
  who: 'phones' | 'mail readers' | 'browsers'
  key: SettingKey
}

/** The setting in which an origin stands: the public address, or a URL that was set by hand. */
export function settingOf(
  origin: Origin,
  settings: Settings,
  part: 'host' | 'port' | 'usesSsl',
  { key }: Traveller
): Cause['cure'] {
  const isOfServer = origin.text === originOf(publicAddress(settings)).text
  return setting(isOfServer ? `server.${part}` : key)
}

const portalField = (field: SettingKey): Cause['cure'] => ({ kind: 'screen', screen: 'portal', item: null, field })
const certificateField = portalField('portal.certificateFile')

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
            cure: certificateField
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
    return { id, weight: 'fault', sentence: sentence(who, origin.host), evidence: shown, cure: certificateField }
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
      cure: portalField('portal.enabled')
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
  const found = { ...options, ...('addresses' in facts.dns && { addresses: facts.dns.addresses }) }
  const plain = await askHttp({ method: 'GET', url: `${facts.origin.text}/healthz` }, found)
  if ('answer' in plain && plain.answer.status !== 400) return []
  const tls = await shakeHands(facts.origin, found)
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

/** An address that only few reach works in tests and in the office, and nowhere else. */
export function scopeCauses(
  { origin, scope, steps }: PathFacts,
  faults: Cause[],
  cure = setting('server.host')
): Cause[] {
  if (faults.some(({ id }) => id === 'address-private')) return []
  // An address speaks for itself; a name has to be shown to lead there.
  const evidence = isIP(bare(origin.host)) === 0 ? steps.slice(0, 1).map(({ sentence }) => sentence) : []
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
