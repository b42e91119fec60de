import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { endCode, findCodeByHash, useCode } from '../../../src/main/codes/code-store.ts'
import { insertReprovisionLink, useReprovisionLink } from '../../../src/main/links/one-time-link-store.ts'
import { findDevice, setGeneration } from '../../../src/main/provisioning/device-store.ts'
import { openDatabase } from '../../../src/main/store/sqlite/open.ts'
import type { Store } from '../../../src/main/store/store.ts'
import type { Write } from '../../../src/main/store/write.ts'
import { openTestConsole } from '../../support/console.ts'
import { createTestStore } from '../../support/store.ts'

const connections = 8
const act = { actor: 'portal' }

/** A folder with a user who has a live code, and so many connections to its database as many programs have. */
async function openConnections() {
  const console = await openTestConsole()
  await console.call('users:add', { username: 'ada', group: 'Staff', name: 'Ada' })
  const { issued } = await console.call('codes:issue', { selection: { usernames: ['ada'] }, reveal: true })
  const file = path.join(console.folder, 'console.db')
  const databases = await Promise.all(Array.from({ length: connections }, () => openDatabase(file)))
  onTestFinished(async () => {
    for (const database of databases) await database.close()
  })
  const stores = databases.map((database) => createTestStore(database, console.clock))
  const [first] = stores
  if (!first) throw new Error('no connection')
  const readCode = () => first.read.selectFrom('codes').selectAll().executeTakeFirstOrThrow()
  const readUser = () =>
    first.read.selectFrom('users').selectAll().where('username', '=', 'ada').executeTakeFirstOrThrow()
  return { console, stores, first, readCode, readUser, earlier: issued[0]?.code ?? '' }
}

/**
 * One after another, each with what was read before the first wrote: within one program a connection that waits for another would
 * wait for ever, since the engine's wait holds up the other as well. Programs that truly run at once are tried elsewhere.
 */
async function fromAll(stores: Store[], use: (write: Write) => Promise<boolean>): Promise<number> {
  let hits = 0
  for (const store of stores) if (await store.write(act, use)) hits++
  return hits
}

it('lets one of eight connections use a code that all of them found live', async () => {
  const { console, stores, readCode, readUser } = await openConnections()
  const code = await readCode()
  expect(await fromAll(stores, (write) => useCode(write, code))).toBe(1)
  expect(await readCode()).toMatchObject({ state: 'used', ended_at_ms: console.clock.nowMs() })
  expect(await readUser()).toMatchObject({ code_state: 'used', app_state: 'set-up' })
})

it('uses no code at its end, and leaves it and its user as they were', async () => {
  const { console, first, readCode, readUser } = await openConnections()
  const [code, user] = [await readCode(), await readUser()]
  console.clock.set(code.expires_at_ms)
  expect(await first.write(act, (write) => useCode(write, code))).toBe(false)
  expect([await readCode(), await readUser()]).toEqual([code, user])
})

it('does not end a code as failed that set up an app first', async () => {
  const { first, readCode, readUser } = await openConnections()
  const code = await readCode()
  await first.write(act, (write) => useCode(write, code))
  await first.write(act, (write) => endCode(write, code, 'failed', write.nowMs))
  expect(await first.write(act, (write) => findCodeByHash(write, code.user_id, code.code_hash))).toMatchObject({
    state: 'used'
  })
  expect(await readUser()).toMatchObject({ code_state: 'used' })
})

it('holds no two live codes of a user, whoever writes the second', async () => {
  const { first, readCode } = await openConnections()
  const { id: _, ...code } = await readCode()
  const second = first.write(act, (write) =>
    write
      .insertInto('codes')
      .values({ ...code, code_hash: 'another' })
      .execute()
  )
  await expect(second).rejects.toThrow('UNIQUE constraint failed: codes.user_id')
})

it('lets one of eight connections use a one-time link that all of them found unused, and none after its end', async () => {
  const { console, stores, first, readUser } = await openConnections()
  const { id } = await readUser()
  const nowMs = console.clock.nowMs()
  const link = (token: string) => ({
    user_id: id,
    token_hash: token,
    created_at_ms: nowMs,
    expires_at_ms: nowMs + 60_000
  })
  await first.write(act, async (write) => {
    await insertReprovisionLink(write, link('one'))
    await insertReprovisionLink(write, link('other'))
  })
  expect(await fromAll(stores, (write) => useReprovisionLink(write, 'one'))).toBe(1)
  expect(await fromAll(stores, (write) => useReprovisionLink(write, 'nobody’s'))).toBe(0)
  console.clock.advance(60_000)
  expect(await fromAll(stores, (write) => useReprovisionLink(write, 'other'))).toBe(0)
})

it('hands out a generation of security strings once, and none for a device that is another by now', async () => {
  const { console, stores, first, earlier } = await openConnections()
  const app = await console.portal.provisioning.provision({ username: 'ada', code: earlier, address: '192.0.2.1' })
  if (!('id' in app)) throw new Error(app.error)
  const hash = (await first.read.selectFrom('devices').select('id_hash').executeTakeFirstOrThrow()).id_hash
  const owner = await first.write(act, (write) => findDevice(write, hash))
  if (!owner) throw new Error('no device')
  expect(await fromAll(stores, (write) => setGeneration(write, owner.device, 1))).toBe(1)
  const earlierDevice = { ...owner.device, id_hash: 'another', generation: 1 }
  expect(await fromAll(stores, (write) => setGeneration(write, earlierDevice, 2))).toBe(0)
})
