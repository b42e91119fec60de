import { scopeOfHost } from '../../../shared/host-scope.ts'
import { certificateWarningMs, type CertificateInfo, type PortalState } from '../../../shared/portal.ts'
import { publicAddress, type Settings } from '../../../shared/settings.ts'
import { t } from '../../words/index.ts'
import { briefTime, relativeTime } from '../../words/time.ts'

export interface Finding {
  /** Red keeps phones out, amber may. */
  tone: 'red' | 'amber'
  text: string
}

/** What stands between the phones and this portal, the worst first. */
export function portalFindings(
  settings: Settings,
  { state, certificate, certificateProblem }: Pick<PortalState, 'state' | 'certificate' | 'certificateProblem'>,
  nowMs: number
): Finding[] {
  const found = [...addressFindings(settings), ...schemeFindings(settings)]
  if (state === 'running' && certificateProblem !== null) {
    found.push({ tone: 'amber', text: t('portal.findings.certificateKept', { problem: certificateProblem }) })
  }
  // Behind a proxy it is the proxy's certificate that phones see.
  if (certificate && !isBehindProxy(settings)) found.push(...certificateFindings(certificate, settings, nowMs))
  return found.toSorted((a, b) => Number(b.tone === 'red') - Number(a.tone === 'red'))
}

function addressFindings(settings: Settings): Finding[] {
  const address = publicAddress(settings)
  const scope = scopeOfHost(settings['server.host'])
  if (scope === 'loopback') return [{ tone: 'red', text: t('portal.findings.loopback', { address }) }]
  const found: Finding[] = []
  if (scope === 'private') found.push({ tone: 'amber', text: t('portal.findings.private', { address }) })
  if (isBehindProxy(settings)) return found
  if (scopeOfHost(settings['portal.address']) === 'loopback') {
    found.push({ tone: 'amber', text: t('portal.findings.listensLocally', { address }) })
  } else if (settings['portal.port'] !== settings['server.port']) {
    const ports = { publicPort: settings['server.port'], port: settings['portal.port'] }
    found.push({ tone: 'amber', text: t('portal.findings.otherPort', ports) })
  }
  return found
}

function schemeFindings(settings: Settings): Finding[] {
  if (!settings['server.usesSsl']) {
    return [
      { tone: 'red', text: t(settings['portal.tls'] ? 'portal.findings.schemeHttp' : 'portal.findings.plainHttp') }
    ]
  }
  if (settings['portal.tls'] || isBehindProxy(settings)) return []
  return [{ tone: 'red', text: t('portal.findings.schemeHttps') }]
}

function certificateFindings(certificate: CertificateInfo, settings: Settings, nowMs: number): Finding[] {
  const { notBeforeMs, notAfterMs } = certificate
  const host = settings['server.host'].replace(/^\[|\]$/g, '')
  const found: Finding[] = []
  if (certificate.isSelfSigned) found.push({ tone: 'amber', text: t('portal.findings.selfSigned') })
  if (!isFor(certificate, host)) found.push({ tone: 'red', text: t('portal.findings.wrongName', { host }) })
  if (notAfterMs <= nowMs) {
    found.push({ tone: 'red', text: t('portal.findings.expired', { at: briefTime(notAfterMs) }) })
  } else if (notBeforeMs > nowMs) {
    found.push({ tone: 'red', text: t('portal.findings.notYet', { at: briefTime(notBeforeMs) }) })
  } else if (notAfterMs - nowMs < certificateWarningMs) {
    const when = { when: relativeTime(notAfterMs, nowMs), at: briefTime(notAfterMs) }
    found.push({ tone: 'amber', text: t('portal.findings.expiring', when) })
  }
  return found
}

/** A star stands for one label (RFC 6125, 6.4.3). */
function isFor({ names }: CertificateInfo, host: string): boolean {
  const wanted = host.toLowerCase()
  const parent = /^[^.]+\.(.+\..+)$/.exec(wanted)?.[1]
  return names.some((name) => name === wanted || (parent !== undefined && name === `*.${parent}`))
}

function isBehindProxy(settings: Settings): boolean {
  return settings['portal.trustedProxies'].length > 0
}
