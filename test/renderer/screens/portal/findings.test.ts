import { describe, expect, it } from 'vitest'
import { portalFindings } from '../../../../src/renderer/screens/portal/findings.ts'
import type { CertificateInfo } from '../../../../src/shared/portal.ts'
import { defaultUrls, settingDefaults, type Settings } from '../../../../src/shared/settings.ts'

const nowMs = Date.UTC(2026, 4, 4)
const dayMs = 86_400_000

const reachable: Settings = {
  ...settingDefaults,
  ...defaultUrls(settingDefaults),
  'server.siteId': 7,
  'server.host': 'portal.example.com',
  'portal.address': '0.0.0.0'
}
const certificate: CertificateInfo = {
  source: 'file',
  isSelfSigned: false,
  subject: 'portal.example.com',
  issuer: 'An authority',
  names: ['portal.example.com'],
  notBeforeMs: nowMs - dayMs,
  notAfterMs: nowMs + 90 * dayMs,
  fingerprint: ''
}

const found = (
  settings: Partial<Settings>,
  change: Partial<CertificateInfo> | null = {},
  certificateProblem: string | null = null
) =>
  portalFindings(
    { ...reachable, ...settings },
    { state: 'running', certificate: change && { ...certificate, ...change }, certificateProblem },
    nowMs
  ).map(({ tone, text }) => `${tone}: ${text}`)

describe('what keeps phones out', () => {
  it('is nothing with a public name, an open address and a certificate that others vouch for', () => {
    expect(found({})).toEqual([])
  })

  it('is an address that only this machine or this network can reach', () => {
    expect(found({ 'server.host': '127.0.0.1' }, { names: ['127.0.0.1'] })).toEqual([
      expect.stringMatching(/^red: .*https:\/\/127\.0\.0\.1:8443, which only this machine/)
    ])
    expect(found({ 'server.host': '10.1.2.3' }, { names: ['10.1.2.3'] })).toEqual([
      expect.stringMatching(/^amber: .*only phones in this network/)
    ])
  })

  it('is a portal that listens elsewhere than phones go, unless a proxy is named that passes them on', () => {
    expect(found({ 'portal.address': '127.0.0.1' })).toEqual([expect.stringContaining('on this machine only')])
    expect(found({ 'server.port': 443 })).toEqual([expect.stringMatching(/port 443.*listens on 8443/)])
    const behindProxy = { 'portal.trustedProxies': ['127.0.0.1/32'], 'portal.tls': false, 'server.port': 443 }
    expect(found({ ...behindProxy, 'portal.address': '127.0.0.1' }, null)).toEqual([])
  })

  it('is soon a certificate whose files cannot be read while the one before goes on', () => {
    expect(found({}, null, 'The key file /a cannot be read.')).toEqual([
      'amber: The portal goes on with the certificate that it had. The key file /a cannot be read.'
    ])
  })

  it('is TLS on one side only, or on neither', () => {
    expect(found({ 'portal.tls': false }, null)).toEqual([expect.stringMatching(/^red: .*speaks plain HTTP/)])
    expect(found({ 'server.usesSsl': false })).toEqual([expect.stringMatching(/^red: .*without TLS/)])
    expect(found({ 'server.usesSsl': false, 'portal.tls': false }, null)).toEqual([
      expect.stringMatching(/^red: Without TLS/)
    ])
  })

  it('is a certificate that is self-signed, for another host, over, or nearly so', () => {
    expect(found({}, { isSelfSigned: true })).toEqual([expect.stringContaining('self-signed')])
    expect(found({}, { names: ['other.example.com'] })).toEqual([expect.stringContaining('not for portal.example.com')])
    expect(found({}, { notAfterMs: nowMs })).toEqual([expect.stringMatching(/^red: .*ended on/)])
    expect(found({}, { notBeforeMs: nowMs + dayMs })).toEqual([expect.stringMatching(/^red: .*begins on/)])
    expect(found({}, { notAfterMs: nowMs + 9 * dayMs })).toEqual([expect.stringMatching(/^amber: .*ends in 9 d/)])
  })

  it('is no certificate with a star for one label, and is one with a star for two', () => {
    expect(found({}, { names: ['*.example.com'] })).toEqual([])
    expect(found({ 'server.host': 'a.b.example.com' }, { names: ['*.example.com'] })).toHaveLength(1)
    expect(found({ 'server.host': 'example.com' }, { names: ['*.com'] })).toHaveLength(1)
  })
})
