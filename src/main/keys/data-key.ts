import { randomBytes } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import path from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { leastPassphraseLength, type KeySlot } from '../../shared/key.ts'
import type { Clock } from '../system/clock.ts'
import { deriveKeys, type DerivedKeys } from './derived-keys.ts'
import { createKeyFile, readKeyFile } from './key-file.ts'
import {
  fileSlot,
  mostSlots,
  openFileSlot,
  openPassphraseSlot,
  passphraseSlot,
  type StoredKey,
  type StoredSlot
} from './slots.ts'
import { checkSlots, placeKeyFile, placeStoredKey, readStoredKey, writeStoredKey } from './stored-key.ts'

/** The operating system's keychain, where there is one; the desktop brings it (Electron's safeStorage). */
export interface Keychain {
  encrypt(secret: Buffer): Promise<Buffer>
  decrypt(sealed: Buffer): Promise<Buffer | null>
}

/** What this program can open a slot with. */
export interface KeySources {
  /** From the environment, or asked for; null when there is none. Called only when a passphrase slot is there to open. */
  passphrase: (() => Promise<string | null>) | null
  /** Whether the passphrase is known without asking: then a first start makes a passphrase slot. */
  hasPassphrase: boolean
  /** Key files beside those the slots name, such as a systemd credential. */
  keyFiles: string[]
  keychain: Keychain | null
}

/** The opened data key of a folder: the keys derived from it, and its slots. */
export interface DataKey {
  keys: DerivedKeys
  slots(): KeySlot[]
  addPassphrase(passphrase: string): KeySlot
  /** Makes the file, or takes one that is there; `filePath` is absolute. */
  addFile(filePath: string): KeySlot
  addKeychain(): Promise<KeySlot>
  removeSlot(id: number): void
  /** The data key itself: only a backup, sealed by its passphrase, carries it out of the folder. */
  revealForBackup(): Buffer
}

/** Key file of a first start without keychain and passphrase: it guards against a copied database, not a copied folder. */
export const folderKeyFile = 'server.key'

/** Opens the folder's data key by any slot, making key and first slot when the folder is new. Throws `key-…` errors. */
export async function openDataKey(folder: string, sources: KeySources, clock: Clock): Promise<DataKey> {
  const file = path.join(folder, 'key')
  // Looked for before the key, which is always made first: another program may be making both right now.
  const hasDatabase = existsSync(path.join(folder, 'console.db'))
  if (!existsSync(file)) {
    if (hasDatabase) {
      throw new AppError(
        'key-missing',
        `${folder} holds a database but its key file “key” is missing; put it back from a backup.`
      )
    }
    await createKey(folder, file, sources, clock)
  }
  const stored = readStoredKey(file)
  const { dataKey, openedBy } = await openAnySlot(folder, stored, sources)
  const keys = deriveKeys(dataKey)
  checkSlots(file, keys, stored)
  return createDataKey(folder, file, dataKey, keys, openedBy, sources, clock)
}

function createDataKey(
  folder: string,
  file: string,
  dataKey: Buffer,
  keys: DerivedKeys,
  openedBy: number,
  sources: KeySources,
  clock: Clock
): DataKey {
  // Read anew each time: another process may have added a slot since. Checked, or a changed one would get our MAC with the next.
  const currentSlots = () => {
    const stored = readStoredKey(file)
    checkSlots(file, keys, stored)
    return stored.slots
  }
  const show = (slot: StoredSlot) => showSlot(folder, slot, openedBy)
  const add = (make: (id: number) => StoredSlot): KeySlot => {
    const slots = currentSlots()
    if (slots.length >= mostSlots) {
      throw new AppError('invalid-input', `There are ${mostSlots} key slots already. Remove one first.`)
    }
    const slot = make(Math.max(...slots.map(({ id }) => id)) + 1)
    writeStoredKey(file, keys, [...slots, slot])
    return show(slot)
  }
  return {
    keys,
    slots: () => currentSlots().map(show),
    addPassphrase(passphrase) {
      checkPassphrase(passphrase)
      return add((id) => passphraseSlot(id, dataKey, passphrase, clock.nowMs()))
    },
    addFile(filePath) {
      const taken = currentSlots().some((slot) => slot.kind === 'file' && path.resolve(folder, slot.path) === filePath)
      if (taken) throw new AppError('key-slot-exists', `The key file ${filePath} already has a slot.`)
      const known = readKeyFile(filePath)
      const secret = known ?? createKeyFile(filePath)
      try {
        return add((id) => fileSlot(id, dataKey, secret, filePath, clock.nowMs()))
      } catch (error) {
        if (!known) rmSync(filePath, { force: true })
        throw error
      }
    },
    async addKeychain() {
      const { keychain } = sources
      if (!keychain) throw new AppError('key-locked', noKeychain)
      for (const slot of currentSlots()) {
        // One that does not open is another machine's, from which the folder came.
        if (slot.kind === 'keychain' && (await keychain.decrypt(Buffer.from(slot.sealed, 'base64')))) {
          throw new AppError('key-slot-exists', 'The keychain of this machine already has a slot.')
        }
      }
      const sealed = (await keychain.encrypt(dataKey)).toString('base64')
      return add((id) => ({ id, kind: 'keychain', createdAtMs: clock.nowMs(), sealed }))
    },
    removeSlot(id) {
      const slots = currentSlots()
      const left = slots.filter((slot) => slot.id !== id)
      if (left.length === slots.length) throw new AppError('key-slot-not-found', `There is no key slot ${id}.`)
      if (left.length === 0) {
        throw new AppError(
          'key-slot-last',
          'This is the only slot: without it nothing opens the data. Add another one first.'
        )
      }
      writeStoredKey(file, keys, left)
    },
    revealForBackup: () => Buffer.from(dataKey)
  }
}

export function showSlot(folder: string, slot: StoredSlot, openedBy: number | null): KeySlot {
  return {
    id: slot.id,
    kind: slot.kind,
    path: slot.kind === 'file' ? path.resolve(folder, slot.path) : null,
    createdAtMs: slot.createdAtMs,
    inUse: slot.id === openedBy
  }
}

const noKeychain =
  'The keychain can be used only by the desktop application, on a system that has one; add a passphrase or a key file instead.'

export function checkPassphrase(passphrase: string): void {
  if ([...passphrase].length < leastPassphraseLength) {
    throw new AppError('invalid-input', `A passphrase needs at least ${leastPassphraseLength} characters.`)
  }
}

async function createKey(folder: string, file: string, sources: KeySources, clock: Clock): Promise<void> {
  const dataKey = randomBytes(32)
  const first = await makeFirstSlot(1, dataKey, sources, clock, () => placeKeyFile(path.join(folder, folderKeyFile)))
  placeStoredKey(file, deriveKeys(dataKey), [first])
}

/** A slot that this program can open without a question, where nobody has said which. */
export async function makeFirstSlot(
  id: number,
  dataKey: Buffer,
  sources: KeySources,
  clock: Clock,
  makeFolderKeyFile: () => Buffer
): Promise<StoredSlot> {
  const passphrase = sources.hasPassphrase && sources.passphrase ? await sources.passphrase() : null
  if (sources.keychain) {
    const sealed = (await sources.keychain.encrypt(dataKey)).toString('base64')
    return { id, kind: 'keychain', createdAtMs: clock.nowMs(), sealed }
  }
  if (passphrase !== null) {
    checkPassphrase(passphrase)
    return passphraseSlot(id, dataKey, passphrase, clock.nowMs())
  }
  return fileSlot(id, dataKey, makeFolderKeyFile(), folderKeyFile, clock.nowMs())
}

export async function openAnySlot(
  folder: string,
  stored: StoredKey,
  sources: KeySources
): Promise<{ dataKey: Buffer; openedBy: number }> {
  const reasons: string[] = []
  for (const slot of stored.slots) {
    if (slot.kind === 'keychain' && sources.keychain) {
      const dataKey = await sources.keychain.decrypt(Buffer.from(slot.sealed, 'base64'))
      if (dataKey?.length === 32) return { dataKey, openedBy: slot.id }
      reasons.push('this machine’s keychain does not hold it')
    }
    if (slot.kind === 'file') {
      const own = { keyFile: path.resolve(folder, slot.path), isHanded: false }
      const handed = sources.keyFiles.map((keyFile) => ({ keyFile, isHanded: true }))
      for (const { keyFile, isHanded } of [own, ...handed]) {
        try {
          const secret = readKeyFile(keyFile, isHanded)
          const dataKey = secret && openFileSlot(slot, secret)
          if (dataKey) return { dataKey, openedBy: slot.id }
          reasons.push(secret ? `${keyFile} does not fit` : `${keyFile} is missing`)
        } catch (error) {
          reasons.push((error as Error).message.replace(/\.$/, ''))
        }
      }
    }
  }
  // Last, because it may have to be asked for and takes a third of a second a slot.
  const passphraseSlots = stored.slots.filter((slot) => slot.kind === 'passphrase')
  if (passphraseSlots.length > 0) {
    const passphrase = sources.passphrase ? await sources.passphrase() : null
    for (const slot of passphraseSlots) {
      const dataKey = passphrase === null ? null : openPassphraseSlot(slot, passphrase)
      if (dataKey) return { dataKey, openedBy: slot.id }
    }
    reasons.push(passphrase === null ? 'PROVISION_PASSPHRASE is not set' : 'the passphrase is wrong')
  }
  if (reasons.length === 0) reasons.push('its only slot is the keychain, which this program cannot use')
  throw new AppError(
    'key-locked',
    `No key slot of ${folder} can be opened (${reasons.join('; ')}). From a program that can open it, add a slot for this one with “provision key add”.`
  )
}
