import { existsSync } from 'node:fs'
import path from 'node:path'
import { AppError } from '../../shared/errors.ts'
import type { RestoreReport } from '../../shared/backup.ts'
import type { Clock } from '../system/clock.ts'
import { folderKeyFile, makeFirstSlot, showSlot } from '../keys/data-key.ts'
import { openAnySlot } from '../keys/open-slot.ts'
import type { KeySources } from '../keys/key-sources.ts'
import { deriveKeys } from '../keys/derived-keys.ts'
import { createKeyFile, readKeyFile } from '../keys/key-file.ts'
import {
  fileSlot,
  isSlotsMac,
  mostSlots,
  openFileSlot,
  openPassphraseSlot,
  passphraseSlot,
  type StoredKey,
  type StoredSlot
} from '../keys/slots.ts'
import { readStoredKey, writeStoredKey } from '../keys/stored-key.ts'

export interface KeyTakeover {
  folder: string
  /** Where `key`, and its key file where it needs a new one, are made; neither when the folder's own still fit. */
  draft: string
  /** The data key that the backup brings. */
  dataKey: Buffer
  sources: KeySources
  clock: Clock
}

/**
 * Makes the folder's slots open another data key: each one that this program can open is sealed anew by the same means, the
 * others are lost, and where none is left there is a first slot as on a first start.
 */
export async function takeOverKey(takeover: KeyTakeover): Promise<RestoreReport['keySlots']> {
  const { folder, draft, dataKey, clock } = takeover
  const sources = askingOnce(takeover.sources)
  const keys = deriveKeys(dataKey)
  const stored = readKeyOf(folder)
  const opened = stored && (await openOrNull(folder, stored, sources))
  const isSameKey = stored !== null && isSlotsMac(keys.slots, stored)
  if (isSameKey && opened)
    return { open: stored.slots.map((slot) => showSlot(folder, slot, opened.openedBy)), lost: [] }

  // One place is left for a first slot.
  const kept = isSameKey ? stored.slots.slice(0, mostSlots - 1) : []
  if (!isSameKey && opened && isSlotsMac(deriveKeys(opened.dataKey).slots, stored)) {
    for (const slot of stored.slots) {
      const renewed = await renewSlot(slot, opened, { ...takeover, sources })
      if (renewed) kept.push(renewed)
    }
  }
  const isOpenable = opened !== null && kept.some(({ id }) => id === opened.openedBy)
  const firstId = Math.max(0, ...kept.map(({ id }) => id)) + 1
  const first = isOpenable
    ? null
    : await makeFirstSlot(firstId, dataKey, sources, clock, () => folderSecret(folder, draft))
  const slots = first ? [...kept, first] : kept
  writeStoredKey(path.join(draft, 'key'), keys, slots)
  const openedBy = first?.id ?? opened?.openedBy ?? null
  const lost = stored?.slots.filter(({ id }) => !kept.some((slot) => slot.id === id)) ?? []
  return {
    open: slots.map((slot) => showSlot(folder, slot, openedBy)),
    lost: lost.map((slot) => showSlot(folder, slot, null))
  }
}

function readKeyOf(folder: string): StoredKey | null {
  const file = path.join(folder, 'key')
  if (!existsSync(file)) return null
  try {
    return readStoredKey(file)
  } catch (error) {
    // A damaged one is replaced.
    if (error instanceof AppError) return null
    throw error
  }
}

async function openOrNull(
  folder: string,
  stored: StoredKey,
  sources: KeySources
): Promise<{ dataKey: Buffer; openedBy: number } | null> {
  try {
    return await openAnySlot(folder, stored, sources)
  } catch (error) {
    if (error instanceof AppError && error.code === 'key-locked') return null
    throw error
  }
}

/** The slot for the new key, or null where this program cannot open it: only what fits the old key is what it says it is. */
async function renewSlot(
  slot: StoredSlot,
  opened: { dataKey: Buffer; openedBy: number },
  { folder, dataKey, sources, clock }: KeyTakeover
): Promise<StoredSlot | null> {
  const fits = (secret: Buffer | null) => secret?.equals(opened.dataKey) ?? false
  const nowMs = clock.nowMs()
  if (slot.kind === 'keychain') {
    if (!fits((await sources.keychain?.decrypt(Buffer.from(slot.sealed, 'base64'))) ?? null)) return null
    const sealed = (await sources.keychain?.encrypt(dataKey))?.toString('base64')
    return sealed === undefined ? null : { ...slot, createdAtMs: nowMs, sealed }
  }
  if (slot.kind === 'file') {
    for (const [keyFile, isHanded] of [
      [path.resolve(folder, slot.path), false] as const,
      ...sources.keyFiles.map((handed) => [handed, true] as const)
    ]) {
      const secret = readKeyFileOrNull(keyFile, isHanded)
      if (secret && fits(openFileSlot(slot, secret))) return fileSlot(slot.id, dataKey, secret, slot.path, nowMs)
    }
    return null
  }
  // Where another slot has opened the key, nobody is asked for the passphrase of this one.
  const isKnown = sources.hasPassphrase || slot.id === opened.openedBy
  const passphrase = isKnown && sources.passphrase ? await sources.passphrase() : null
  if (passphrase === null || !fits(openPassphraseSlot(slot, passphrase))) return null
  return passphraseSlot(slot.id, dataKey, passphrase, nowMs)
}

function readKeyFileOrNull(keyFile: string, isHanded: boolean): Buffer | null {
  try {
    return readKeyFile(keyFile, isHanded)
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}

/** The secret of the key file in the folder, or of a new one that comes into it together with the key. */
function folderSecret(folder: string, draft: string): Buffer {
  return readKeyFile(path.join(folder, folderKeyFile)) ?? createKeyFile(path.join(draft, folderKeyFile))
}

function askingOnce(sources: KeySources): KeySources {
  const { passphrase } = sources
  let answer: Promise<string | null> | undefined
  return { ...sources, passphrase: passphrase && (() => (answer ??= passphrase())) }
}
