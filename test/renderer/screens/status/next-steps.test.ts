import { describe, expect, it } from 'vitest'
import type { CertificateInfo, PortalState } from '../../../../src/shared/portal.ts'
import type { ServerStatus } from '../../../../src/shared/status.ts'
import { nextSteps } from '../../../../src/renderer/screens/status/next-steps.ts'

const fresh: ServerStatus = {
  serverName: 'Test',
  siteId: 100_000_001,
  publicAddress: 'https://127.0.0.1:8443',
  publicAddressScope: 'loopback',
  groups: 1,
  users: 0,
  usersByApp: { none: 0, 'set-up': 0, provisioned: 0 },
  usersByCode: { none: 0, live: 0, used: 0, failed: 0, expired: 0, superseded: 0, withdrawn: 0 },
  keyOpenedBy: 'file',
  clockBehindMs: 0,
  dataFolder: '/srv/provision'
}

const certificate: CertificateInfo = {
  source: 'self-signed',
  isSelfSigned: true,
  subject: '127.0.0.1',
  issuer: '127.0.0.1',
  names: ['127.0.0.1'],
  notBeforeMs: 0,
  notAfterMs: 1,
  fingerprint: ''
}
const freshPortal: PortalState = {
  state: 'running',
  url: 'https://127.0.0.1:8443',
  problem: null,
  certificate,
  certificateProblem: null,
  requests: 0
}

const done = (change: Partial<ServerStatus>, portal: Partial<PortalState> = {}) =>
  nextSteps({ ...fresh, ...change }, { ...freshPortal, ...portal })
    .filter(({ isDone }) => isDone)
    .map(({ id }) => id)

describe('what to do next', () => {
  it('is everything, in its order, on a new server', () => {
    expect(nextSteps(fresh, freshPortal).map(({ id }) => id)).toEqual([
      'publicName',
      'certificate',
      'key',
      'import',
      'issue'
    ])
    expect(done({})).toEqual([])
  })

  it('is no public name once phones can reach the server', () => {
    expect(done({ publicAddressScope: 'name' })).toEqual(['publicName'])
    expect(done({ publicAddressScope: 'private' })).toEqual(['publicName'])
  })

  it('is no certificate once it is not the portal’s own, or a proxy holds one', () => {
    expect(done({}, { certificate: { ...certificate, isSelfSigned: false } })).toEqual(['certificate'])
    expect(done({}, { certificate: null })).toEqual(['certificate'])
    expect(done({}, { certificate: null, certificateProblem: 'The file cannot be read.' })).toEqual([])
    expect(done({ publicAddress: 'http://127.0.0.1:8443' }, { certificate: null })).toEqual([])
  })

  it('is no key once a passphrase or a keychain opens it', () => {
    expect(done({ keyOpenedBy: 'passphrase' })).toEqual(['key'])
  })

  it('is a first code as long as no user has one', () => {
    const usersByCode = { ...fresh.usersByCode, none: 3 }
    const usersByApp = { ...fresh.usersByApp, none: 3 }
    expect(done({ users: 3, usersByCode, usersByApp })).toEqual(['import'])
    expect(done({ users: 3, usersByApp, usersByCode: { ...usersByCode, none: 2, live: 1 } })).toEqual([
      'import',
      'issue'
    ])
    expect(done({ users: 3, usersByCode, usersByApp: { ...usersByApp, none: 2, provisioned: 1 } })).toEqual([
      'import',
      'issue'
    ])
  })
})
