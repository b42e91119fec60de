import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { createTestClock, createTestFolder, openTestConsole, type TestConsole } from '../../support/console.ts'

interface Notes {
  madeAtMs: number
  schemaVersion: number
  head: { rows: number; brokenRow: number | null; head: { id: number; mac: string; atMs: number } }
  liveCode: { username: string; code: string }
  usedCode: { username: string; code: string }
  usedLinkToken: string
  unusedLinkToken: string
  sheetId: number
  users: { username: string; code: string; app: string; disabled: boolean; group: string }[]
}

const releases = readdirSync('test/support/data').filter((name) => name.startsWith('release-'))
const address = '192.0.2.1'

/** The data folder of a release, opened by this program a minute after it was last used. */
async function openRelease(release: string): Promise<{ console: TestConsole; notes: Notes }> {
  const source = path.join('test/support/data', release)
  const folder = createTestFolder()
  for (const name of readdirSync(source).filter((each) => each.endsWith('.br'))) {
    const content = brotliDecompressSync(readFileSync(path.join(source, name)))
    writeFileSync(path.join(folder, name.slice(0, -'.br'.length)), content, { mode: 0o600 })
  }
  const notes = JSON.parse(readFileSync(path.join(source, 'notes.json'), 'utf8')) as Notes
  return { console: await openTestConsole({ folder, clock: createTestClock(notes.madeAtMs + 60_000) }), notes }
}

it('there is a data folder of a release to open', () => {
  expect(releases).not.toEqual([])
})

it.each(releases)('the log of %s is whole, and ends where it ended', async (release) => {
  const { console, notes } = await openRelease(release)
  const { head } = notes.head
  const verified = await console.call('log:verify', { head: { id: head.id, mac: head.mac } })
  expect(verified).toEqual({ ...notes.head, keptHead: 'fits', checkpoint: null })
})

it.each(releases)('users, codes, apps and groups of %s are as they were', async (release) => {
  const { console, notes } = await openRelease(release)
  const { users } = await console.call('users:list', { limit: 500 })
  expect(users.map(({ username, code, app, disabled, group }) => ({ username, code, app, disabled, group }))).toEqual(
    notes.users
  )
  expect(new Set(users.map(({ code }) => code))).toEqual(new Set(['none', 'live', 'used', 'expired', 'withdrawn']))
  expect(users.filter(({ disabled }) => disabled)).toHaveLength(3)
  const { timeline } = await console.call('users:show', { username: notes.usedCode.username })
  expect(timeline.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['attempt.passed', 'strings.downloaded']))
})

it.each(releases)('the sheet and the mails of %s are as they were', async (release) => {
  const { console, notes } = await openRelease(release)
  const { labels } = await console.call('sheets:show', { id: notes.sheetId })
  expect(labels.map(({ name, code }) => [name, code])).toEqual(
    [31, 32, 33, 34, 35, 36].map((number) => [`Jörg Nº ${number}`, 'live'])
  )
  const { messages } = await console.call('outbox:messages', { limit: 500 })
  const numbersIn = (state: string) =>
    messages
      .filter((message) => message.batchId !== null && message.state === state)
      .map(({ username }) => Number(username.slice(1)))
      .toSorted((one, other) => one - other)
  expect([numbersIn('sent'), numbersIn('failed'), numbersIn('queued')]).toEqual([
    [20, 23, 24, 25],
    [21, 22],
    [26, 27, 28]
  ])
})

it.each(releases)('a live code of %s sets an app up, and a used one does not', async (release) => {
  const { console, notes } = await openRelease(release)
  const { provisioning } = console.portal
  const provisioned = await provisioning.provision({ ...notes.liveCode, address })
  if (!('id' in provisioned)) throw new Error(provisioned.error)
  expect(await provisioning.downloadSecurityStrings({ id: provisioned.id, address })).toHaveProperty('securityStrings')
  expect(await provisioning.provision({ ...notes.usedCode, address })).toHaveProperty('error')
})

it.each(releases)('a one-time link of %s leads to a code once, and a used one to none', async (release) => {
  const { console, notes } = await openRelease(release)
  const { links } = console.portal
  expect(await links.redeem(notes.unusedLinkToken, address)).toHaveProperty('code')
  expect(await links.redeem(notes.unusedLinkToken, address)).toEqual({ refusal: 'used' })
  expect(await links.redeem(notes.usedLinkToken, address)).toEqual({ refusal: 'used' })
})

it.each(releases)('users of %s can be changed, and the log goes on', async (release) => {
  const { console, notes } = await openRelease(release)
  await console.call('users:set', { username: 'u2', change: { email: 'new@example.com' } })
  await console.call('codes:issue', { selection: { usernames: ['u2'] } })
  const verified = await console.call('log:verify', {})
  expect(verified).toMatchObject({ brokenRow: null, rows: notes.head.rows + 2 })
})
