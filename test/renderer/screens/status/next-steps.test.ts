import { describe, expect, it } from 'vitest'
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

const done = (change: Partial<ServerStatus>) =>
  nextSteps({ ...fresh, ...change })
    .filter(({ isDone }) => isDone)
    .map(({ id }) => id)

describe('what to do next', () => {
  it('is everything, in its order, on a new server', () => {
    expect(nextSteps(fresh).map(({ id }) => id)).toEqual(['publicName', 'key', 'import', 'issue'])
    expect(done({})).toEqual([])
  })

  it('is no public name once phones can reach the server', () => {
    expect(done({ publicAddressScope: 'name' })).toEqual(['publicName'])
    expect(done({ publicAddressScope: 'private' })).toEqual(['publicName'])
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
