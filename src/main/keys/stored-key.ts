import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { isDiskFull, unreadableFile, unwritableFile } from '../system/file-faults.ts'
import type { DerivedKeys } from './derived-keys.ts'
import { createKeyFile, readKeyFile } from './key-file.ts'
import { isSlotsMac, slotsMac, storedKey, type StoredKey, type StoredSlot } from './slots.ts'

/** The file `key` of a data folder. Its slots are to be trusted only after `checkSlots`. */
export function readStoredKey(file: string): StoredKey {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw unreadableFile(error, `The key ${file}`, 'key-missing')
  }
  try {
    return storedKey.parse(JSON.parse(text))
  } catch {
    throw new AppError('key-mismatch', `${file} is damaged; put it back from a backup.`)
  }
}

/** Throws `key-mismatch` for slots that somebody else than a holder of the data key has written. */
export function checkSlots(file: string, keys: DerivedKeys, stored: StoredKey): void {
  if (isSlotsMac(keys.slots, stored)) return
  throw new AppError('key-mismatch', `${file} was changed or is damaged; put it back from a backup.`)
}

/** Writes the file of a new folder unless another program has made it first; theirs then counts. */
export function placeStoredKey(file: string, keys: DerivedKeys, slots: StoredSlot[]): void {
  placeUnlessThere(writeDraft(file, keys, slots), file)
}

/** Makes the key file of a new folder, unless another program has made it first, and returns the secret of the one there. */
export function placeKeyFile(keyFilePath: string): Buffer {
  const draft = draftOf(keyFilePath)
  const mine = createKeyFile(draft)
  placeUnlessThere(draft, keyFilePath)
  return readKeyFile(keyFilePath) ?? mine
}

/** Puts a draft in its place whole and at once, for whoever comes first; a later one's is dropped. */
function placeUnlessThere(draft: string, file: string): void {
  try {
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritable(file, error)
  } finally {
    rmSync(draft, { force: true })
  }
  syncFolder(path.dirname(file))
}

export function writeStoredKey(file: string, keys: DerivedKeys, slots: StoredSlot[]): void {
  const draft = writeDraft(file, keys, slots)
  try {
    renameSync(draft, file)
  } catch (error) {
    rmSync(draft, { force: true })
    throw unwritable(file, error)
  }
  syncFolder(path.dirname(file))
}

function draftOf(file: string): string {
  return `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
}

function writeDraft(file: string, keys: DerivedKeys, slots: StoredSlot[]): string {
  const stored: StoredKey = { format: 'provision-console-key', version: 1, slots, mac: slotsMac(keys.slots, slots) }
  const draft = draftOf(file)
  try {
    const descriptor = openSync(draft, 'wx', 0o600)
    try {
      writeFileSync(descriptor, `${JSON.stringify(stored, null, 2)}\n`)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    rmSync(draft, { force: true })
    throw unwritable(file, error)
  }
  return draft
}

/** A renamed file is only safe from a power cut once its folder is. Windows cannot open folders and needs no such call. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function unwritable(file: string, error: unknown): AppError {
  return unwritableFile(error, file, { code: isDiskFull(error) ? 'disk-full' : 'data-folder-unusable' })
}
