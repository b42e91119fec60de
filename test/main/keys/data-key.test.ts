import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { folderKeyFile, openDataKey, type DataKey } from '../../../src/main/keys/data-key.ts'
import type { Keychain, KeySources } from '../../../src/main/keys/key-sources.ts'
import { leastPassphraseLength } from '../../../src/shared/key.ts'
import { AppError } from '../../../src/shared/errors.ts'
import { seal, unseal } from '../../../src/main/keys/seal.ts'
import { mostSlots } from '../../../src/main/keys/slots.ts'
import {
  createTestClock,
  createTestFolder,
  fileKeySources,
  openTestConsole,
  testStartMs
} from '../../support/console.ts'
import { readFolderContents } from '../../support/folder-contents.ts'
import { refusalOf } from '../../support/refusal.ts'

const passphrase = 'correct horse battery'

const noSources = fileKeySources

function withPassphrase(text: string): KeySources {
  return { ...noSources, hasPassphrase: true, passphrase: async () => text }
}

/** A keychain in memory; each is of another machine. */
function createMemoryKeychain(): Keychain {
  const key = randomBytes(32)
  return {
    encrypt: async (secret) => seal(key, secret, 'keychain'),
    decrypt: async (sealed) => unseal(key, sealed, 'keychain')
  }
}

const open = (folder: string, sources: KeySources = noSources): Promise<DataKey> =>
  openDataKey(folder, sources, createTestClock())

const modeOf = (file: string) => statSync(file).mode & 0o777

/** Refused with this code, and nothing in the folder is another afterwards. */
async function expectRefusal(folder: string, act: () => unknown, code: string): Promise<string> {
  const before = readFolderContents(folder)
  const refusal = await refusalOf(act)
  expect(refusal.code).toBe(code)
  expect(readFolderContents(folder)).toEqual(before)
  return refusal.message
}

interface WrittenKey {
  slots: ({ id: number; kind: string; sealed: string } & Record<string, unknown>)[]
  mac: string
}

function changeKey(folder: string, change: (key: WrittenKey) => void): void {
  const key = JSON.parse(readFileSync(path.join(folder, 'key'), 'utf8')) as WrittenKey
  change(key)
  writeFileSync(path.join(folder, 'key'), JSON.stringify(key))
}

describe('a first start', () => {
  it('makes a key file that only its owner may read, and a slot that it opens', async () => {
    const folder = createTestFolder()
    const dataKey = await open(folder)
    const keyFile = path.join(folder, folderKeyFile)
    expect(dataKey.slots()).toEqual([{ id: 1, kind: 'file', path: keyFile, createdAtMs: testStartMs, inUse: true }])
    expect(readdirSync(folder).toSorted()).toEqual(['key', folderKeyFile])
    expect([modeOf(keyFile), modeOf(path.join(folder, 'key'))]).toEqual([0o600, 0o600])
    expect((await open(folder)).keys.check).toEqual(dataKey.keys.check)
  })

  it('makes a passphrase slot and no key file when the passphrase is known without asking', async () => {
    const folder = createTestFolder()
    const dataKey = await open(folder, withPassphrase(passphrase))
    expect(dataKey.slots()).toEqual([{ id: 1, kind: 'passphrase', path: null, createdAtMs: testStartMs, inUse: true }])
    expect(readdirSync(folder)).toEqual(['key'])
    expect((await open(folder, withPassphrase(passphrase))).keys.check).toEqual(dataKey.keys.check)
  })

  it('does not ask a person for a passphrase', async () => {
    const folder = createTestFolder()
    const asked = { ...noSources, passphrase: () => Promise.reject(new Error('asked')) }
    expect((await open(folder, asked)).slots().map(({ kind }) => kind)).toEqual(['file'])
  })

  it('makes a keychain slot where there is a keychain, with a passphrase or without', async () => {
    for (const sources of [noSources, withPassphrase(passphrase)]) {
      const folder = createTestFolder()
      const keychain = createMemoryKeychain()
      const dataKey = await open(folder, { ...sources, keychain })
      expect(dataKey.slots()).toEqual([{ id: 1, kind: 'keychain', path: null, createdAtMs: testStartMs, inUse: true }])
      expect(readdirSync(folder)).toEqual(['key'])
      expect((await open(folder, { ...noSources, keychain })).keys.check).toEqual(dataKey.keys.check)
    }
  })

  it('refuses a passphrase that is too short and leaves the folder empty', async () => {
    const folder = createTestFolder()
    await expectRefusal(
      folder,
      () => open(folder, withPassphrase('x'.repeat(leastPassphraseLength - 1))),
      'invalid-input'
    )
  })

  it('goes on with the key file that a start left behind which was cut off before it made the key', async () => {
    const folder = createTestFolder()
    const dataKey = await open(folder)
    rmSync(path.join(folder, 'key'))
    const secret = readFileSync(path.join(folder, folderKeyFile))
    const next = await open(folder)
    expect(readFileSync(path.join(folder, folderKeyFile))).toEqual(secret)
    expect(next.keys.check).not.toEqual(dataKey.keys.check)
    expect((await open(folder)).keys.check).toEqual(next.keys.check)
  })

  it('refuses a key file that is none, and does not overwrite it', async () => {
    const folder = createTestFolder()
    writeFileSync(path.join(folder, folderKeyFile), 'somebody’s notes', { mode: 0o600 })
    await expectRefusal(folder, () => open(folder), 'key-locked')
  })

  it('makes another key in each folder', async () => {
    const [one, other] = [await open(createTestFolder()), await open(createTestFolder())]
    expect(one.keys.check).not.toEqual(other.keys.check)
  })
})

describe('adding a slot', () => {
  it('lets a passphrase open the data, in whatever form of Unicode it is typed', async () => {
    const folder = createTestFolder()
    const dataKey = await open(folder)
    const slot = dataKey.addPassphrase('Schlüssel für alle')
    expect(slot).toEqual({ id: 2, kind: 'passphrase', path: null, createdAtMs: testStartMs, inUse: false })
    rmSync(path.join(folder, folderKeyFile))
    const opened = await open(folder, withPassphrase('Schlüssel für alle'.normalize('NFD')))
    expect(opened.keys.check).toEqual(dataKey.keys.check)
    expect(opened.slots().map(({ inUse }) => inUse)).toEqual([false, true])
  })

  it('makes a key file that only its owner may read, and lets it open the data from anywhere', async () => {
    const folder = createTestFolder()
    const elsewhere = createTestFolder()
    const dataKey = await open(folder)
    const keyFile = path.join(elsewhere, 'service.key')
    expect(dataKey.addFile(keyFile)).toEqual({
      id: 2,
      kind: 'file',
      path: keyFile,
      createdAtMs: testStartMs,
      inUse: false
    })
    expect(modeOf(keyFile)).toBe(0o600)
    rmSync(path.join(folder, folderKeyFile))
    expect((await open(folder)).keys.check).toEqual(dataKey.keys.check)

    const moved = path.join(createTestFolder(), 'credential')
    writeFileSync(moved, readFileSync(keyFile), { mode: 0o600 })
    rmSync(keyFile)
    expect((await open(folder, { ...noSources, keyFiles: [moved] })).keys.check).toEqual(dataKey.keys.check)
  })

  it('takes a key file that is there as it is', async () => {
    const folder = createTestFolder()
    const dataKey = await open(folder)
    const keyFile = path.join(createTestFolder(), 'shared.key')
    const text = `${'0f'.repeat(32).toUpperCase()}\r\n`
    writeFileSync(keyFile, text, { mode: 0o600 })
    dataKey.addFile(keyFile)
    expect(readFileSync(keyFile, 'latin1')).toBe(text)
    rmSync(path.join(folder, folderKeyFile))
    expect((await open(folder)).keys.check).toEqual(dataKey.keys.check)
  })

  it('lets the keychain open the data', async () => {
    const folder = createTestFolder()
    const keychain = createMemoryKeychain()
    const dataKey = await open(folder, withPassphrase(passphrase))
    const withKeychain = await open(folder, { ...withPassphrase(passphrase), keychain })
    expect((await withKeychain.addKeychain()).kind).toBe('keychain')
    expect((await open(folder, { ...noSources, keychain })).keys.check).toEqual(dataKey.keys.check)
  })

  it('refuses a second slot of this machine’s keychain, but not beside one of another machine', async () => {
    const folder = createTestFolder()
    const [here, elsewhere] = [createMemoryKeychain(), createMemoryKeychain()]
    const atHome = await open(folder, { ...noSources, keychain: here })
    await expectRefusal(folder, () => atHome.addKeychain(), 'key-slot-exists')
    atHome.addPassphrase(passphrase)
    const moved = await open(folder, { ...withPassphrase(passphrase), keychain: elsewhere })
    await moved.addKeychain()
    expect((await open(folder, { ...noSources, keychain: elsewhere })).keys.check).toEqual(atHome.keys.check)
    expect((await open(folder, { ...noSources, keychain: here })).keys.check).toEqual(atHome.keys.check)
  })

  it('is refused where it cannot be done, and changes nothing', async () => {
    const folder = createTestFolder()
    const dataKey = await open(folder)
    const notes = path.join(folder, 'notes')
    writeFileSync(notes, 'no key', { mode: 0o600 })
    const open0644 = path.join(folder, 'open.key')
    writeFileSync(open0644, '0f'.repeat(32), { mode: 0o644 })
    await expectRefusal(folder, () => dataKey.addPassphrase('short'), 'invalid-input')
    await expectRefusal(folder, () => dataKey.addFile(path.join(folder, folderKeyFile)), 'key-slot-exists')
    await expectRefusal(folder, () => dataKey.addFile(notes), 'key-locked')
    await expectRefusal(folder, () => dataKey.addFile(open0644), 'key-locked')
    await expectRefusal(folder, () => dataKey.addFile(path.join(folder, 'missing', 'a.key')), 'file-unwritable')
    await expectRefusal(folder, () => dataKey.addFile(path.join(folder, 'with\0NUL')), 'file-unwritable')
    await expectRefusal(folder, () => dataKey.addKeychain(), 'key-locked')
  })

  it('never writes more slots than are read back', async () => {
    const folder = createTestFolder()
    const dataKey = await open(folder)
    for (let id = 2; id <= mostSlots; id++) dataKey.addFile(path.join(folder, `${id}.key`))
    await expectRefusal(folder, () => dataKey.addFile(path.join(folder, 'more.key')), 'invalid-input')
    expect((await open(folder)).slots()).toHaveLength(mostSlots)
  })

  it('keeps what another program has added or removed since', async () => {
    const folder = createTestFolder()
    const [one, other] = [await open(folder), await open(folder)]
    one.addFile(path.join(folder, 'one.key'))
    other.addFile(path.join(folder, 'other.key'))
    one.removeSlot(1)
    expect(other.slots().map(({ id }) => id)).toEqual([2, 3])
  })
})

describe('removing a slot', () => {
  it('takes away what it was opened by, and leaves the others', async () => {
    const folder = createTestFolder()
    const keychain = createMemoryKeychain()
    const keyFile = path.join(createTestFolder(), 'a.key')
    const dataKey = await open(folder, { ...noSources, keychain })
    dataKey.addPassphrase(passphrase)
    dataKey.addFile(keyFile)
    const ways: [kind: string, sources: KeySources][] = [
      ['keychain', { ...noSources, keychain }],
      ['passphrase', withPassphrase(passphrase)]
    ]
    for (const [kind, sources] of ways) {
      const slot = dataKey.slots().find((one) => one.kind === kind)
      dataKey.removeSlot(slot?.id ?? 0)
      // The key file would open it whatever the other sources are.
      const withoutFile = async () => {
        chmodSync(keyFile, 0o644)
        await open(folder, sources).finally(() => chmodSync(keyFile, 0o600))
      }
      await expectRefusal(folder, withoutFile, 'key-locked')
      expect((await open(folder)).keys.check).toBe(dataKey.keys.check)
    }
    expect(dataKey.slots().map(({ kind }) => kind)).toEqual(['file'])
  })

  it('refuses the last one, and one that is not there', async () => {
    const folder = createTestFolder()
    const dataKey = await open(folder)
    await expectRefusal(folder, () => dataKey.removeSlot(2), 'key-slot-not-found')
    await expectRefusal(folder, () => dataKey.removeSlot(1), 'key-slot-last')
  })
})

describe('a folder that cannot be opened', () => {
  it('refuses a wrong passphrase and a missing one, and tells them apart', async () => {
    const folder = createTestFolder()
    await open(folder, withPassphrase(passphrase))
    expect(
      await expectRefusal(folder, () => open(folder, withPassphrase('not that one at all')), 'key-locked')
    ).toContain('the passphrase is wrong')
    expect(await expectRefusal(folder, () => open(folder), 'key-locked')).toContain('PROVISION_PASSPHRASE is not set')
    const unanswered = { ...noSources, passphrase: async () => null }
    await expectRefusal(folder, () => open(folder, unanswered), 'key-locked')
  })

  it('names the command that helps when no slot is for this program', async () => {
    const folder = createTestFolder()
    await open(folder, { ...noSources, keychain: createMemoryKeychain() })
    expect(await expectRefusal(folder, () => open(folder), 'key-locked')).toContain('provision key add')
    const elsewhere = { ...noSources, keychain: createMemoryKeychain() }
    await expectRefusal(folder, () => open(folder, elsewhere), 'key-locked')
  })

  it.each<[what: string, change: (keyFile: string) => void, reason: string]>([
    ['is missing', (keyFile) => rmSync(keyFile), 'is missing'],
    ['is another one', (keyFile) => writeFileSync(keyFile, `${'0f'.repeat(32)}\n`), 'does not fit'],
    ['is empty', (keyFile) => writeFileSync(keyFile, ''), 'is not a key file'],
    ['is cut off', (keyFile) => writeFileSync(keyFile, readFileSync(keyFile).subarray(0, 63)), 'is not a key file'],
    ['can be read by its group', (keyFile) => chmodSync(keyFile, 0o640), 'can be read by others'],
    ['can be read by others', (keyFile) => chmodSync(keyFile, 0o604), 'can be read by others'],
    ['can be written by others', (keyFile) => chmodSync(keyFile, 0o602), 'can be read by others']
  ])('is refused when its key file %s', async (_what, change, reason) => {
    const folder = createTestFolder()
    await open(folder)
    change(path.join(folder, folderKeyFile))
    expect(await expectRefusal(folder, () => open(folder), 'key-locked')).toContain(reason)
  })

  it('takes a key file that was handed to the program although its group may read it, as credentials of systemd are', async () => {
    const folder = createTestFolder()
    const dataKey = await open(folder)
    const credential = path.join(createTestFolder(), 'provision-key')
    dataKey.addFile(credential)
    const handed = { ...noSources, keyFiles: [credential] }
    rmSync(path.join(folder, folderKeyFile))
    chmodSync(credential, 0o440)
    expect((await open(folder, handed)).keys.check).toBe(dataKey.keys.check)
    for (const mode of [0o444, 0o460]) {
      chmodSync(credential, mode)
      await expectRefusal(folder, () => open(folder, handed), 'key-locked')
    }
  })

  it.each<[what: string, text: string]>([
    ['is empty', ''],
    ['is no JSON', '{"format"'],
    ['is other JSON', '[]'],
    ['has no slots', '{"format":"provision-console-key","version":1,"slots":[],"mac":"AAAA"}']
  ])('is refused as damaged when its key %s', async (_what, text) => {
    const folder = createTestFolder()
    await open(folder)
    writeFileSync(path.join(folder, 'key'), text)
    await expectRefusal(folder, () => open(folder), 'key-mismatch')
  })

  it('is refused when its key is a folder', async () => {
    const folder = createTestFolder()
    mkdirSync(path.join(folder, 'key'))
    await expectRefusal(folder, () => open(folder), 'key-missing')
  })

  it('gets no new key when its own is missing beside a database', async () => {
    const folder = createTestFolder()
    await (await openTestConsole({ folder })).close()
    rmSync(path.join(folder, 'key'))
    await expectRefusal(folder, () => openTestConsole({ folder }), 'key-missing')
  })

  it('is refused with the key of another folder, before anything is written', async () => {
    const [folder, other] = [createTestFolder(), createTestFolder()]
    await (await openTestConsole({ folder })).close()
    await (await openTestConsole({ folder: other })).close()
    for (const name of ['key', folderKeyFile]) {
      writeFileSync(path.join(folder, name), readFileSync(path.join(other, name)))
    }
    await expectRefusal(folder, () => openTestConsole({ folder }), 'key-mismatch')
  })
})

describe('a key that somebody has changed', () => {
  /** Three slots: the file's opens first, the keychain's when that one is spoilt. */
  async function createFolderWithThreeSlots() {
    const folder = createTestFolder()
    const keychain = createMemoryKeychain()
    const sources = { ...noSources, keychain }
    const dataKey = await open(folder)
    dataKey.addPassphrase(passphrase)
    await (await open(folder, sources)).addKeychain()
    return { folder, sources, check: dataKey.keys.check, written: readFileSync(path.join(folder, 'key')) }
  }

  it('is refused or opens as it was, whichever byte of it is another', async () => {
    const { folder, sources, check, written } = await createFolderWithThreeSlots()
    const file = path.join(folder, 'key')
    const shownSlots = JSON.stringify((await open(folder, sources)).slots())
    const outcomes = { refused: 0, harmless: 0 }
    const tryByte = async (position: number, byte: number) => {
      const changed = Buffer.from(written)
      changed[position] = byte
      writeFileSync(file, changed)
      const found = await open(folder, sources).catch((error: unknown) => error)
      if (found instanceof AppError) {
        expect(['key-mismatch', 'key-locked']).toContain(found.code)
        outcomes.refused += 1
        return
      }
      if (found instanceof Error) throw found
      const opened = found as DataKey
      expect([opened.keys.check, JSON.stringify(opened.slots()), opened.slots()[0]?.inUse]).toEqual([
        check,
        shownSlots,
        true
      ])
      outcomes.harmless += 1
    }
    for (const [position, byte] of written.entries()) {
      for (const mask of [0x01, 0x20]) await tryByte(position, byte ^ mask)
    }
    await fc.assert(
      fc.asyncProperty(fc.nat(written.length - 1), fc.nat(255), (position, byte) => tryByte(position, byte)),
      { numRuns: 500 }
    )
    // White space, and bits at the end of base64 that mean nothing.
    expect(outcomes.harmless).toBeLessThan(outcomes.refused / 4)
  })

  it('is refused when a slot was taken out, doubled, moved or brought from another folder', async () => {
    const { folder, sources, written } = await createFolderWithThreeSlots()
    const elsewhere = createTestFolder()
    await open(elsewhere)
    const foreign = JSON.parse(readFileSync(path.join(elsewhere, 'key'), 'utf8')) as WrittenKey
    const changes: ((key: WrittenKey) => void)[] = [
      (key) => key.slots.splice(1, 1),
      (key) => key.slots.pop(),
      (key) => key.slots.push(...key.slots),
      (key) => (key.slots = key.slots.toReversed()),
      (key) => key.slots.push(...foreign.slots),
      (key) => (key.mac = foreign.mac)
    ]
    for (const change of changes) {
      writeFileSync(path.join(folder, 'key'), written)
      changeKey(folder, change)
      await expectRefusal(folder, () => open(folder, sources), 'key-mismatch')
    }
  })

  it('is refused, not run into, where it asks scrypt for what scrypt cannot do', async () => {
    const folder = createTestFolder()
    await open(folder, withPassphrase(passphrase))
    for (const change of [{ N: 131_073 }, { N: 2 ** 21 }, { r: 0 }, { r: 17 }, { p: 5 }, { N: 0.5 }]) {
      const written = readFileSync(path.join(folder, 'key'))
      changeKey(folder, (key) => Object.assign(key.slots[0] ?? {}, change))
      await expectRefusal(folder, () => open(folder, withPassphrase(passphrase)), 'key-mismatch')
      writeFileSync(path.join(folder, 'key'), written)
    }
  })

  it('gets no good MAC from a program that had it open before', async () => {
    const folder = createTestFolder()
    const keychain = createMemoryKeychain()
    const dataKey = await open(folder, { ...noSources, keychain })
    dataKey.addFile(path.join(folder, 'a.key'))
    changeKey(folder, (key) => key.slots.splice(1, 1))
    await expectRefusal(folder, () => dataKey.addFile(path.join(folder, 'b.key')), 'key-mismatch')
    await expectRefusal(folder, () => dataKey.addPassphrase(passphrase), 'key-mismatch')
    await expectRefusal(folder, () => dataKey.addKeychain(), 'key-mismatch')
    await expectRefusal(folder, () => dataKey.removeSlot(1), 'key-mismatch')
    await expectRefusal(folder, () => dataKey.slots(), 'key-mismatch')
    rmSync(path.join(folder, 'key'))
    await expectRefusal(folder, () => dataKey.slots(), 'key-missing')
  })
})
