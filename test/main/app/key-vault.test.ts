import { describe, expect, it } from 'vitest'
import { openKeychain } from '../../../src/main/app/key-vault.ts'

const secret = Buffer.from([0, 1, 255, 128])

/** Stands for the system's keychain: turns text around, behind the mark that Chromium puts before sealed text. */
const seal = (text: string, mark = 'v11') => Buffer.from(mark + [...text].toReversed().join(''))
const unseal = (sealed: Buffer) => {
  if (!sealed.toString().startsWith('v11')) throw new Error('not sealed here')
  return Array.from(sealed.toString().slice(3)).toReversed().join('')
}

const synchronous = (isAvailable = true, backend = 'gnome_libsecret', mark = 'v11') => ({
  isEncryptionAvailable: () => isAvailable,
  encryptString: (text: string) => seal(text, mark),
  decryptString: unseal,
  getSelectedStorageBackend: () => backend
})

const asynchronous = (isAvailable = true) => ({
  isAsyncEncryptionAvailable: async () => isAvailable,
  encryptStringAsync: async (text: string) => seal(text),
  decryptStringAsync: async (sealed: Buffer) => ({ result: unseal(sealed), shouldReEncrypt: false }),
  getSelectedStorageBackend: () => 'kwallet6'
})

describe('openKeychain', () => {
  it.each([
    ['synchronous', synchronous()],
    ['asynchronous', asynchronous()]
  ])('keeps a secret by the %s methods', async (_which, storage) => {
    const keychain = await openKeychain(storage, 'linux')
    const sealed = await keychain?.encrypt(secret)
    expect(sealed?.includes(secret)).toBe(false)
    expect(sealed && (await keychain?.decrypt(sealed))).toEqual(secret)
  })

  it('prefers the asynchronous methods where both are there', async () => {
    const keychain = await openKeychain({ ...synchronous(false), ...asynchronous() }, 'linux')
    expect(keychain).not.toBeNull()
  })

  it('is null where there is none', async () => {
    expect(await openKeychain(synchronous(false), 'win32')).toBeNull()
    expect(await openKeychain(asynchronous(false), 'darwin')).toBeNull()
    expect(await openKeychain({}, 'darwin')).toBeNull()
  })

  it('takes no store on Linux whose key is the same everywhere', async () => {
    expect(await openKeychain(synchronous(true, 'basic_text'), 'linux')).toBeNull()
    expect(await openKeychain(synchronous(true, 'unknown'), 'linux')).toBeNull()
    expect(await openKeychain(synchronous(true, 'gnome_libsecret', 'v10'), 'linux')).toBeNull()
    // Elsewhere the same mark stands for the system's own keychain.
    expect(await openKeychain(synchronous(true, 'unknown', 'v10'), 'darwin')).not.toBeNull()
  })

  it('does not open what another machine sealed', async () => {
    const keychain = await openKeychain(synchronous(), 'linux')
    expect(await keychain?.decrypt(Buffer.from('v11'.slice(1)))).toBeNull()
  })

  it('is null where asking for it fails', async () => {
    const storage = {
      ...synchronous(),
      isEncryptionAvailable: () => {
        throw new Error('no bus')
      }
    }
    expect(await openKeychain(storage, 'linux')).toBeNull()
  })
})
