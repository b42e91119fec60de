import path from 'node:path'
import type { KyselyPlugin } from 'kysely'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createAuditLog } from '../../../src/main/store/audit-chain.ts'
import { systemRandom } from '../../../src/main/system/clock.ts'
import { attemptProvision } from '../../../src/main/provisioning/attempt.ts'
import { createRefusalCounts } from '../../../src/main/provisioning/refusal-counts.ts'
import { createReprovisionLinks } from '../../../src/main/links/one-time-links.ts'
import { findSignedCode } from '../../../src/main/links/signed-codes.ts'
import { createDiskReserve } from '../../../src/main/store/disk-reserve.ts'
import { openDatabase } from '../../../src/main/store/sqlite/open.ts'
import { createStore } from '../../../src/main/store/store.ts'
import { createTimekeeper } from '../../../src/main/store/time.ts'
import { openDataKey } from '../../../src/main/keys/data-key.ts'
import { createSettingsService } from '../../../src/main/settings/settings-service.ts'
import { fileKeySources } from '../../support/console.ts'
import { openMailConsole } from '../../support/mail-console.ts'

/** Over the same folder as a console, a connection whose statements are counted. */
async function openCounted() {
  const console = await openMailConsole(3)
  await console.call('users:add', { username: 'nomail', group: 'Staff' })
  await console.call('users:disable', { selection: { usernames: ['u3'] } })
  await console.call('groups:set', { name: 'Staff', change: { selfProvision: true } })
  await console.call('settings:set', {
    changes: { 'policy.selfReset.selfService': true, 'policy.hideUnknownUsers': true }
  })
  const opened = await openDatabase(path.join(console.folder, 'console.db'))
  onTestFinished(opened.close)
  let statements = 0
  const counter: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      statements++
      return result
    }
  }
  const db = opened.db.withPlugin(counter)
  const { keys } = await openDataKey(console.folder, fileKeySources, console.clock)
  const time = createTimekeeper(console.clock)
  const audit = createAuditLog(keys.audit)
  const settings = createSettingsService(db, time, audit, keys.sealing)
  /** How many statements the work takes. */
  const count = async (work: () => Promise<unknown>) => {
    statements = 0
    await work()
    return statements
  }
  const refusals = createRefusalCounts({ flush: async () => undefined, log: console.log })
  const reserve = createDiskReserve(console.folder)
  const store = createStore({ ...opened, db }, { time, audit })
  return { console, count, parts: { db, time, store, random: systemRandom, keys, settings, audit, refusals, reserve } }
}

describe('what tells nobody who exists', () => {
  it('asks the store as often for a link that anybody may have as for one that nobody gets, and leaves nothing behind', async () => {
    const { console, count, parts } = await openCounted()
    const links = createReprovisionLinks(parts)
    let mailed: string[] = []
    const ask = (username: string) =>
      count(() =>
        links.request(username, async (transaction, user) => {
          mailed.push(user.email)
          await transaction.updateTable('users').set({ name: 'mailed' }).where('id', '=', user.id).execute()
          return true
        })
      )
    // The time is remembered by whoever comes first.
    await ask('somebody')
    const counts = [await ask('u1'), await ask('u1'), await ask('nobody'), await ask('u3'), await ask('nomail')]
    expect(counts[0]).toBeGreaterThan(8)
    expect(counts).toEqual(counts.map(() => counts[0]))
    // Each was mailed to somebody as far as the work goes; all but one were undone.
    expect(mailed).toHaveLength(6)
    const { users } = await console.call('users:list', { limit: 10 })
    expect(users.filter(({ name }) => name === 'mailed').map(({ username }) => username)).toEqual(['u1'])
    expect(await parts.db.selectFrom('reprovision_links').select('user_id').execute()).toHaveLength(1)
    expect((await console.call('log:verify', {})).brokenRow).toBeNull()

    // Where none can be mailed, the user is not said to have had one.
    mailed = []
    expect(await links.request('u2', async () => false)).toBe(false)
    expect(await links.request('u2', async () => true)).toBe(true)
  })

  it('asks the store as often for a link that was not signed, whoever it names', async () => {
    const { console, count, parts } = await openCounted()
    const policy = await parts.settings.read()
    const siteId = policy['server.siteId']
    await console.call('users:remove', { selection: { usernames: ['u2'] } })
    const look = (username: string, signature: string, site = siteId) =>
      count(async () =>
        expect(
          await findSignedCode(parts, policy, { siteId: site, username, code: 'ABCDE12345', signature })
        ).toBeNull()
      )
    const wrong = 'A'.repeat(27)
    const counts = [
      await look('u1', wrong),
      await look('u1', ''),
      await look('u2', wrong),
      await look('nobody', wrong),
      await look('nobody', ''),
      await look('u1', wrong, siteId + 1)
    ]
    expect(counts[0]).toBeGreaterThan(0)
    expect(counts).toEqual(counts.map(() => counts[0]))
  })

  it('asks the store as often for an attempt of a user whom nobody has as for a wrong code', async () => {
    const { console, count, parts } = await openCounted()
    await console.call('codes:issue', { selection: { usernames: ['u1'] }, reveal: true })
    const attempt = (username: string, address: string) =>
      count(() => attemptProvision(parts, { username, code: 'ZZZZZZZZZZ', address }))
    // The time is remembered by whoever comes first.
    await attempt('somebody', '192.0.2.1')
    const counts = [
      await attempt('u1', '192.0.2.2'),
      await attempt('nobody', '192.0.2.3'),
      await attempt('u3', '192.0.2.4'),
      await attempt('nomail', '192.0.2.5')
    ]
    expect(counts[0]).toBeGreaterThan(5)
    expect(counts).toEqual(counts.map(() => counts[0]))
  })
})
