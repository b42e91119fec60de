import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openConsole, type Console } from '../../../src/main/console.ts'
import { seal, unseal } from '../../../src/main/keys/seal.ts'
import {
  createTestClock,
  createTestFolder,
  createTestLog,
  fileKeySources,
  openTestConsole,
  type TestConsole
} from '../../support/console.ts'

const administrator = { role: 'administrator', actor: 'tester', namesFiles: true } as const

/** From now on the log of this folder takes no entry, as on a disk that is full. */
function refuseEntries(folder: string): void {
  const database = new Database(path.join(folder, 'console.db'))
  database.exec("create trigger refuse_entries before insert on audit begin select raise(abort, 'no entry today'); end")
  database.close()
}

const keyOf = ({ folder }: TestConsole): unknown => JSON.parse(readFileSync(path.join(folder, 'key'), 'utf8'))

async function countEntries(console: TestConsole): Promise<number> {
  return (await console.call('log:list', {})).entries.length
}

describe('a key slot', () => {
  it('is sealed by the keychain while other acts go on writing', async () => {
    const key = randomBytes(32)
    const dispatched: unknown[] = []
    let opened: Console | undefined
    const console = await openConsole({
      folder: createTestFolder(),
      sources: {
        ...fileKeySources,
        keychain: {
          async encrypt(secret) {
            if (opened) dispatched.push(await opened.dispatch('groups:add', { name: 'Meanwhile' }, administrator))
            return seal(key, secret, 'keychain')
          },
          decrypt: async (sealed) => unseal(key, sealed, 'keychain')
        }
      },
      log: createTestLog(),
      clock: createTestClock()
    })
    onTestFinished(() => console.close())
    const file = path.join(console.folder, 'more.key')
    const first = await console.dispatch('key:add', { kind: 'file', path: file }, administrator)
    expect(first).toMatchObject({ ok: true, value: { id: 2 } })
    expect(await console.dispatch('key:remove', { id: 1 }, administrator)).toMatchObject({ ok: true })
    opened = console
    expect(await console.dispatch('key:add', { kind: 'keychain' }, administrator)).toMatchObject({
      ok: true,
      value: { id: 3, kind: 'keychain' }
    })
    expect(dispatched).toMatchObject([{ ok: true, value: { name: 'Meanwhile' } }])
    expect(await console.dispatch('key:add', { kind: 'keychain' }, administrator)).toMatchObject({
      ok: false,
      error: { code: 'key-slot-exists' }
    })
  })

  it.each([
    ['file', (folder: string) => ({ kind: 'file', path: path.join(folder, 'more.key') }) as const],
    ['passphrase', () => ({ kind: 'passphrase', passphrase: 'correct horse battery' }) as const]
  ])('of the kind %s whose entry cannot be written is not added, and leaves nothing behind', async (_kind, wanted) => {
    const console = await openTestConsole()
    const before = keyOf(console)
    refuseEntries(console.folder)
    expect(await console.dispatch('key:add', wanted(console.folder), administrator)).toMatchObject({ ok: false })
    expect(keyOf(console)).toEqual(before)
    expect(existsSync(path.join(console.folder, 'more.key'))).toBe(false)
  })

  it('whose entry cannot be written is not removed', async () => {
    const console = await openTestConsole()
    const slot = await console.call('key:add', { kind: 'passphrase', passphrase: 'correct horse battery' })
    const before = keyOf(console)
    refuseEntries(console.folder)
    for (const id of [1, slot.id]) {
      expect(await console.dispatch('key:remove', { id }, administrator)).toMatchObject({ ok: false })
      expect(keyOf(console)).toEqual(before)
    }
  })

  it('that is refused leaves no entry', async () => {
    const console = await openTestConsole()
    const file = path.join(console.folder, 'more.key')
    await console.call('key:add', { kind: 'file', path: file }, { namesFiles: true })
    const [entries, before] = [await countEntries(console), keyOf(console)]
    for (const [name, input] of [
      ['key:add', { kind: 'file', path: file }],
      ['key:add', { kind: 'passphrase', passphrase: 'short' }],
      ['key:add', { kind: 'keychain' }],
      ['key:remove', { id: 7 }]
    ] as const) {
      expect([name, await console.dispatch(name, input, administrator)]).toMatchObject([name, { ok: false }])
    }
    expect([await countEntries(console), keyOf(console)]).toEqual([entries, before])
    expect(existsSync(file)).toBe(true)
  })
})
