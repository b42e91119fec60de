import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { KeySources, Keychain } from '../../../src/main/keys/key-sources.ts'
import { fileSlot, slotsMac, storedKey } from '../../../src/main/keys/slots.ts'
import { deriveKeys } from '../../../src/main/keys/derived-keys.ts'
import { openConsole, type Console } from '../../../src/main/console.ts'
import { createTestClock, createTestFolder, createTestLog, fileKeySources } from '../../support/console.ts'
import { refusalCode } from '../../support/refusal.ts'
import { backUp, openServer, restore } from './restoring.ts'

const keyPassphrase = 'the passphrase of the key'

function sourcesOf(passphrase: string | null, keychain: Keychain | null = null): KeySources & { asked: number } {
  const sources = {
    asked: 0,
    hasPassphrase: false,
    keyFiles: [],
    keychain,
    passphrase: async () => {
      sources.asked++
      return passphrase
    }
  }
  return sources
}

/** A keychain that seals by turning bytes over: what matters is that nobody else can. */
const testKeychain: Keychain = {
  encrypt: async (secret) => Buffer.concat([Buffer.from('chain'), secret.map((byte) => byte ^ 0x5a)]),
  decrypt: async (sealed) =>
    sealed.subarray(0, 5).toString() === 'chain' ? Buffer.from(sealed.subarray(5).map((byte) => byte ^ 0x5a)) : null
}

async function open(folder: string, sources: KeySources): Promise<Console> {
  return openConsole({ folder, sources, log: createTestLog(), clock: createTestClock() })
}

async function opens(folder: string, sources: KeySources): Promise<boolean> {
  return open(folder, sources).then(
    async (console) => {
      await console.close()
      return true
    },
    () => false
  )
}

async function addSlots(folder: string, keychain: Keychain | null, ...requests: object[]): Promise<void> {
  const console = await open(folder, { ...fileKeySources, keychain })
  for (const request of requests) {
    const added = await console.dispatch('key:add', request, {
      actor: 'tester',
      role: 'administrator',
      namesFiles: true
    })
    expect(added.ok).toBe(true)
  }
  await console.close()
}

const keyOf = (folder: string) => readFileSync(path.join(folder, 'key'), 'utf8')

describe('the key slots after a restore', () => {
  it('stay as they are where the data key stays', async () => {
    const console = await openServer(['ann'])
    const file = await backUp(console)
    await console.close()
    await addSlots(console.folder, null, { kind: 'passphrase', passphrase: keyPassphrase })
    const before = keyOf(console.folder)
    const { keySlots } = await restore(console.folder, file)
    expect(keyOf(console.folder)).toBe(before)
    expect(keySlots).toMatchObject({
      open: [
        { id: 1, kind: 'file', inUse: true },
        { id: 2, kind: 'passphrase' }
      ],
      lost: []
    })
  })

  it('open another data key as far as this program could open them; the others are named as lost', async () => {
    const file = await backUp(await openServer(['ann']))
    const there = await openServer(['bob'])
    await there.close()
    const handed = path.join(createTestFolder(), 'handed.key')
    await addSlots(
      there.folder,
      testKeychain,
      { kind: 'passphrase', passphrase: keyPassphrase },
      { kind: 'file', path: handed },
      { kind: 'keychain' }
    )
    const sources = sourcesOf(keyPassphrase)
    const { keySlots } = await restore(there.folder, file, { sources })
    expect(keySlots).toMatchObject({
      open: [
        { id: 1, kind: 'file', inUse: true },
        { id: 3, kind: 'file', path: handed }
      ],
      lost: [
        { id: 2, kind: 'passphrase' },
        { id: 4, kind: 'keychain' }
      ]
    })
    // Opened by its key file; nobody is asked for a passphrase on the side.
    expect(sources.asked).toBe(0)
    expect(await opens(there.folder, fileKeySources)).toBe(true)
    chmodSync(path.join(there.folder, 'server.key'), 0o644)
    expect(await opens(there.folder, fileKeySources)).toBe(true)
    chmodSync(handed, 0o644)
    expect(await opens(there.folder, fileKeySources)).toBe(false)
  })

  it('open it by the passphrase that was asked for once, and by the keychain', async () => {
    const file = await backUp(await openServer(['ann']))
    const there = await openServer(['bob'])
    await there.close()
    await addSlots(there.folder, testKeychain, { kind: 'passphrase', passphrase: keyPassphrase }, { kind: 'keychain' })
    const console = await open(there.folder, fileKeySources)
    await console.dispatch('key:remove', { id: 1 }, { actor: 'tester', role: 'administrator' })
    await console.close()

    const byPassphrase = sourcesOf(keyPassphrase)
    const { keySlots } = await restore(there.folder, file, { sources: byPassphrase })
    expect(byPassphrase.asked).toBe(1)
    expect(keySlots).toMatchObject({ open: [{ id: 2, inUse: true }], lost: [{ id: 3, kind: 'keychain' }] })
    expect(await opens(there.folder, sourcesOf('another passphrase'))).toBe(false)
    expect(await opens(there.folder, sourcesOf(keyPassphrase))).toBe(true)

    const other = await backUp(await openServer(['cyd']))
    const withKeychain = await openServer(['bob'])
    await withKeychain.close()
    await addSlots(withKeychain.folder, testKeychain, { kind: 'keychain' })
    await restore(withKeychain.folder, other, { sources: sourcesOf(null, testKeychain) })
    expect(await opens(withKeychain.folder, sourcesOf(null, testKeychain))).toBe(true)
  })

  it('get a first one as on a first start where none could be opened', async () => {
    const console = await openServer(['ann'])
    const file = await backUp(console)
    const there = await openServer(['bob'])
    await there.close()
    await addSlots(there.folder, null, { kind: 'passphrase', passphrase: keyPassphrase })
    chmodSync(path.join(there.folder, 'server.key'), 0o644)
    expect(await refusalCode(() => restore(there.folder, file))).toBe('key-locked')
    writeFileSync(path.join(there.folder, 'server.key'), `${'ab'.repeat(32)}\n`)
    chmodSync(path.join(there.folder, 'server.key'), 0o600)
    const { keySlots } = await restore(there.folder, file)
    expect(keySlots).toMatchObject({ open: [{ id: 1, kind: 'file', inUse: true }], lost: [{ id: 1 }, { id: 2 }] })
    expect(await opens(there.folder, fileKeySources)).toBe(true)
  })

  it('are not made for what somebody slipped into the key file', async () => {
    const file = await backUp(await openServer(['ann']))
    const there = await openServer(['bob'])
    await there.close()
    const theirs = path.join(createTestFolder(), 'theirs.key')
    const secret = Buffer.alloc(32, 7)
    writeFileSync(theirs, secret.toString('hex'), { mode: 0o600 })
    const stored = storedKey.parse(JSON.parse(keyOf(there.folder)))
    const slipped = fileSlot(2, Buffer.alloc(32, 8), secret, theirs, 0)
    // Without the data key nobody can give the list a MAC that fits.
    const slots = [slipped, ...stored.slots]
    const mac = slotsMac(deriveKeys(Buffer.alloc(32, 8)).slots, stored.slots)
    writeFileSync(path.join(there.folder, 'key'), JSON.stringify({ ...stored, slots, mac }))
    const { keySlots } = await restore(there.folder, file)
    expect(keySlots.open).toMatchObject([{ kind: 'file', path: path.join(there.folder, 'server.key') }])
    expect(keyOf(there.folder)).not.toContain(theirs)
    expect(await opens(there.folder, fileKeySources)).toBe(true)
  })
})
