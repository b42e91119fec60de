import path from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { readKeyFile } from './key-file.ts'
import type { KeySources } from './key-sources.ts'
import { openFileSlot, openPassphraseSlot, type StoredKey } from './slots.ts'

/** Opens the data key by whatever slot this program can. Throws `key-locked` with what was tried. */
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
