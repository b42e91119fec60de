import { randomBytes } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import path from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { leastPassphraseLength, type KeySlot } from '../../shared/key.ts'
import type { Clock } from '../system/clock.ts'
import { deriveKeys, type DerivedKeys } from './derived-keys.ts'
import { createKeyFile, readKeyFile } from './key-file.ts'
import type { KeySources } from './key-sources.ts'
import { openAnySlot } from './open-slot.ts'
import { fileSlot, mostSlots, passphraseSlot, passphraseSlotMaker, type StoredSlot } from './slots.ts'
import { checkSlots, placeKeyFile, placeStoredKey, readStoredKey, writeStoredKey } from './stored-key.ts'

export type WantedSlot =
  { kind: 'passphrase'; passphrase: string } | { kind: 'file'; path: string } | { kind: 'keychain' }

/** A slot that only has to be written into the list. */
export interface PreparedSlot {
  /** At once, but the disk may refuse it. */
  add(): KeySlot
  /** Takes back what preparing and adding it have left. */
  undo(): void
}

/** The opened data key of a folder: the keys derived from it, and its slots. */
export interface DataKey {
  keys: DerivedKeys
  slots(): KeySlot[]
  addPassphrase(passphrase: string): KeySlot
  /** Makes the file, or takes one that is there; `filePath` is absolute. */
  addFile(filePath: string): KeySlot
  addKeychain(): Promise<KeySlot>
  /** Does of an `add…` what takes long, and what may be refused, and leaves the slots as they are. */
  prepareSlot(wanted: WantedSlot): Promise<PreparedSlot>
  /** Returns what puts the slot back. */
  removeSlot(id: number): { removed: KeySlot; undo: () => void }
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
  const place = (make: (id: number) => StoredSlot, checkAgain: (slots: StoredSlot[]) => void): StoredSlot => {
    const slots = currentSlots()
    if (slots.length >= mostSlots) {
      throw new AppError('invalid-input', `There are ${mostSlots} key slots already. Remove one first.`)
    }
    checkAgain(slots)
    const slot = make(Math.max(...slots.map(({ id }) => id)) + 1)
    writeStoredKey(file, keys, [...slots, slot])
    return slot
  }
  const prepare = (
    make: (id: number) => StoredSlot,
    // Another program may have added one since it was prepared.
    checkAgain: (slots: StoredSlot[]) => void = () => undefined,
    discard: () => void = () => undefined
  ): PreparedSlot => {
    let added: StoredSlot | null = null
    return {
      add() {
        added = place(make, checkAgain)
        return show(added)
      },
      undo() {
        if (added) {
          const { sealed } = added
          writeStoredKey(
            file,
            keys,
            currentSlots().filter((slot) => slot.sealed !== sealed)
          )
          added = null
        }
        discard()
      }
    }
  }
  const preparePassphrase = (passphrase: string): PreparedSlot => {
    checkPassphrase(passphrase)
    return prepare(passphraseSlotMaker(dataKey, passphrase, clock.nowMs()))
  }
  const prepareFile = (filePath: string): PreparedSlot => {
    const checkTaken = (slots: StoredSlot[]) => {
      const isTaken = slots.some((slot) => slot.kind === 'file' && path.resolve(folder, slot.path) === filePath)
      if (isTaken) throw new AppError('key-slot-exists', `The key file ${filePath} already has a slot.`)
    }
    checkTaken(currentSlots())
    const known = readKeyFile(filePath)
    const secret = known ?? createKeyFile(filePath)
    return prepare(
      (id) => fileSlot(id, dataKey, secret, filePath, clock.nowMs()),
      checkTaken,
      () => known ?? rmSync(filePath, { force: true })
    )
  }
  const prepareKeychain = async (): Promise<PreparedSlot> => {
    const { keychain } = sources
    if (!keychain) throw new AppError('key-locked', noKeychain)
    const looked = currentSlots()
    for (const slot of looked) {
      // One that does not open is another machine's, from which the folder came.
      if (slot.kind === 'keychain' && (await keychain.decrypt(Buffer.from(slot.sealed, 'base64'))))
        throw keychainTaken()
    }
    const sealed = (await keychain.encrypt(dataKey)).toString('base64')
    return prepare(
      (id) => ({ id, kind: 'keychain', createdAtMs: clock.nowMs(), sealed }),
      (slots) => {
        // Whether a newer one is this machine's cannot be asked here, for that takes long; whoever tries again is told.
        const isNewer = (slot: StoredSlot) => !looked.some(({ sealed: known }) => known === slot.sealed)
        if (slots.some((slot) => slot.kind === 'keychain' && isNewer(slot))) throw keychainTaken()
      }
    )
  }
  const addNow = (prepared: PreparedSlot): KeySlot => {
    try {
      return prepared.add()
    } catch (error) {
      prepared.undo()
      throw error
    }
  }
  return {
    keys,
    slots: () => currentSlots().map(show),
    addPassphrase: (passphrase) => addNow(preparePassphrase(passphrase)),
    addFile: (filePath) => addNow(prepareFile(filePath)),
    addKeychain: async () => addNow(await prepareKeychain()),
    async prepareSlot(wanted) {
      if (wanted.kind === 'passphrase') return preparePassphrase(wanted.passphrase)
      return wanted.kind === 'file' ? prepareFile(wanted.path) : prepareKeychain()
    },
    removeSlot(id) {
      const slots = currentSlots()
      const removed = slots.find((slot) => slot.id === id)
      const left = slots.filter((slot) => slot !== removed)
      if (!removed) throw new AppError('key-slot-not-found', `There is no key slot ${id}.`)
      if (left.length === 0) {
        throw new AppError(
          'key-slot-last',
          'This is the only slot: without it nothing opens the data. Add another one first.'
        )
      }
      writeStoredKey(file, keys, left)
      return {
        removed: show(removed),
        undo: () =>
          writeStoredKey(
            file,
            keys,
            [...currentSlots(), removed].toSorted((a, b) => a.id - b.id)
          )
      }
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

const keychainTaken = () => new AppError('key-slot-exists', 'The keychain of this machine already has a slot.')

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
