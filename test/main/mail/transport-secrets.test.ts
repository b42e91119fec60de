import BetterSqlite3 from 'better-sqlite3'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { seal } from '../../../src/main/keys/seal.ts'
import { openDataKey } from '../../../src/main/keys/data-key.ts'
import { secretTargetFields } from '../../../src/shared/transport.ts'
import { openTestConsole, fileKeySources, type TestConsole } from '../../support/console.ts'
import { refusalOf } from '../../support/refusal.ts'
import { openSmtpSink } from '../../support/smtp-sink.ts'
import { transportTo } from '../../support/mail-console.ts'

const password = 'kept-s3cret'

/** A transport whose password was entered for one sink, and another sink to which somebody would like to have it sent. */
async function openKept() {
  const right = await openSmtpSink({ password: `me:${password}` })
  const other = await openSmtpSink({ password: `me:${password}` })
  const console = await openTestConsole()
  await console.call('settings:set', { changes: transportTo(right.port) })
  await console.call('transports:set', {
    name: 'default',
    change: { authentication: 'password', username: 'me', password }
  })
  return Object.assign(console, { right, other })
}

const again = expect.stringMatching(/^has to be entered again/) as string

async function lastOf(console: TestConsole, kind: string) {
  const { entries } = await console.call('log:list', { limit: 100 })
  return entries.find((entry) => entry.kind === kind)
}

function editRows(folder: string, values: Record<string, unknown>): void {
  const database = new BetterSqlite3(path.join(folder, 'console.db'))
  const write = database.prepare('insert or replace into settings (key, value, updated_at_ms) values (?, ?, 0)')
  for (const [key, value] of Object.entries(values)) write.run(key, JSON.stringify(value))
  database.close()
}

describe('a kept password', () => {
  it('goes to no other server by a check, a test mail or a save, and is asked for again', async () => {
    const { call, right, other } = await openKept()
    for (const change of [
      { port: other.port },
      { host: 'localhost' },
      { security: 'tls' },
      { caFile: '/tmp/ca.pem' },
      { username: 'you' }
    ]) {
      const refusals = [
        await refusalOf(() => call('transports:check', { name: 'default', change })),
        await refusalOf(() => call('transports:test', { name: 'default', change, address: 'me@example.com' })),
        await refusalOf(() => call('transports:set', { name: 'default', change }))
      ]
      expect(refusals).toEqual(
        Array.from(
          { length: 3 },
          () => expect.objectContaining({ code: 'setting-invalid', details: { password: again } }) as object
        )
      )
      const [[field, value] = []] = Object.entries(change)
      const changes = { [`transport.default.${field}`]: value }
      expect(await refusalOf(() => call('settings:set', { changes }))).toMatchObject({
        details: { 'transport.default.password': again }
      })
    }
    expect([right.signIns, other.signIns]).toEqual([[], []])
    // Nothing was lost by it.
    expect((await call('transports:check', { name: 'default' })).map(({ outcome }) => outcome)).not.toContain('failed')
    expect(right.signIns).toEqual([`me:${password}`])
  })

  it('is kept where nothing of its target changes, and moves where it is entered again', async () => {
    const { call, right, other } = await openKept()
    await call('transports:set', { name: 'default', change: { sender: 'other@example.com', host: '127.0.0.1' } })
    await call('transports:check', { name: 'default' })
    expect(right.signIns).toHaveLength(1)
    await call('transports:set', { name: 'default', change: { port: other.port, password } })
    await call('transports:check', { name: 'default' })
    expect(other.signIns).toHaveLength(1)
  })

  it('goes away with a change of its target where it is not in use, and the log says so', async () => {
    const console = await openKept()
    const set = (change: object) => console.call('transports:set', { name: 'default', change })
    expect((await set({ authentication: 'none' })).hasPassword).toBe(true)
    expect((await set({ port: console.other.port })).hasPassword).toBe(false)
    expect((await lastOf(console, 'settings.changed'))?.detail).toMatchObject({
      'transport.default.password': { before: true, after: null }
    })
    expect((await set({ authentication: 'password' })).missing).toEqual(['password'])
  })

  it('opens for nobody who writes another server into the database, nor from another place in it', async () => {
    const console = await openKept()
    await console.close()
    editRows(console.folder, { 'transport.default.port': console.other.port })
    const edited = await openTestConsole({ folder: console.folder })
    expect((await edited.call('transports:list', {}))[0]).toMatchObject({ hasPassword: false, missing: ['password'] })
    expect(await refusalOf(() => edited.call('transports:check', { name: 'default' }))).toMatchObject({
      code: 'transport-incomplete'
    })
    expect(console.other.signIns).toEqual([])
    await edited.close()
    editRows(console.folder, { 'transport.default.port': console.right.port })
    const mended = await openTestConsole({ folder: console.folder })
    await mended.call('transports:check', { name: 'default' })
    expect(console.right.signIns).toEqual([`me:${password}`])
  })
})

it('a client secret is bound to the token service, the client and the mail server alike', () => {
  expect(secretTargetFields.clientSecret).toEqual(
    expect.arrayContaining(['host', 'port', 'security', 'caFile', 'username', 'tenant', 'clientId', 'tokenUrl'])
  )
})

it('what an earlier version kept is bound to its server once, and what is put back later opens no more', async () => {
  const console = await openKept()
  await console.close()
  const { keys } = await openDataKey(console.folder, fileKeySources, console.clock)
  const old = seal(keys.sealing, Buffer.from(password), 'settings/transport/default/password').toString('base64url')
  editRows(console.folder, { 'transport.default.password': old })
  const updated = await openTestConsole({ folder: console.folder })
  await updated.call('transports:check', { name: 'default' })
  expect(console.right.signIns).toEqual([`me:${password}`])
  expect((await lastOf(updated, 'transport.secrets-bound'))?.detail).toEqual({
    secrets: ['transport.default.password']
  })
  await updated.close()
  editRows(console.folder, { 'transport.default.password': old, 'transport.default.port': console.other.port })
  const replayed = await openTestConsole({ folder: console.folder })
  expect((await replayed.call('transports:list', {}))[0]?.missing).toEqual(['password'])
})

it('checks and test mails stand in the log with who, which transport, which server and what came of it', async () => {
  const console = await openKept()
  const at = { transport: 'default', host: '127.0.0.1', port: console.right.port }
  await console.call('transports:check', { name: 'default' }, { actor: 'jo' })
  expect(await lastOf(console, 'transport.checked')).toMatchObject({ actor: 'jo', detail: { ...at, failed: null } })
  await console.call('transports:check', { name: 'default', change: { password: 'wrong' } })
  expect((await lastOf(console, 'transport.checked'))?.detail).toMatchObject({
    ...at,
    failed: 'sign-in',
    response: expect.stringContaining('535') as string
  })
  await console.call('transports:test', { name: 'default', address: 'me@example.com' }, { actor: 'jo' })
  expect(await lastOf(console, 'mail.sample-sent')).toMatchObject({
    actor: 'jo',
    detail: { ...at, to: 'me@example.com' }
  })
  console.right.behaviour.rcpt = () => '550 5.1.1 nobody'
  await console.call('transports:test', { name: 'default', address: 'me@example.com' })
  expect((await lastOf(console, 'mail.sample-refused'))?.detail).toMatchObject({ ...at, response: '550 5.1.1 nobody' })
})
