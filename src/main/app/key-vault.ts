import type { SafeStorage } from 'electron'
import type { Keychain } from '../keys/key-sources.ts'

/** Versions before 42 have only the synchronous methods, versions from 46 only the asynchronous ones. */
type AnySafeStorage = Partial<Omit<SafeStorage, 'getSelectedStorageBackend'>> & {
  getSelectedStorageBackend?(): string
}

interface Cipher {
  isAvailable(): Promise<boolean>
  encrypt(text: string): Promise<Buffer>
  decrypt(sealed: Buffer): Promise<string>
}

/** On Linux, Chromium marks so what it sealed with a key that is the same on every machine. */
const publicKeyMark = 'v10'

/** The operating system's keychain, or null where there is none that keeps a secret. After the application is ready. */
export async function openKeychain(safeStorage: AnySafeStorage, platform = process.platform): Promise<Keychain | null> {
  const cipher = cipherOf(safeStorage)
  if (!cipher || !(await isAvailable(cipher))) return null
  if (platform === 'linux') {
    const backend = safeStorage.getSelectedStorageBackend?.()
    if (backend === 'basic_text' || backend === 'unknown') return null
    const probe = await cipher.encrypt('probe').catch(() => null)
    if (!probe || probe.subarray(0, publicKeyMark.length).toString('latin1') === publicKeyMark) return null
  }
  return {
    encrypt: (secret) => cipher.encrypt(secret.toString('base64')),
    async decrypt(sealed) {
      try {
        return Buffer.from(await cipher.decrypt(sealed), 'base64')
      } catch {
        return null
      }
    }
  }
}

async function isAvailable(cipher: Cipher): Promise<boolean> {
  try {
    return await cipher.isAvailable()
  } catch {
    return false
  }
}

function cipherOf(storage: AnySafeStorage): Cipher | null {
  if (storage.encryptStringAsync && storage.decryptStringAsync && storage.isAsyncEncryptionAvailable) {
    const { encryptStringAsync, decryptStringAsync, isAsyncEncryptionAvailable } = storage
    return {
      isAvailable: () => isAsyncEncryptionAvailable.call(storage),
      encrypt: (text) => encryptStringAsync.call(storage, text),
      decrypt: async (sealed) => (await decryptStringAsync.call(storage, sealed)).result
    }
  }
  if (storage.encryptString && storage.decryptString && storage.isEncryptionAvailable) {
    const { encryptString, decryptString, isEncryptionAvailable } = storage
    return {
      isAvailable: async () => isEncryptionAvailable.call(storage),
      encrypt: async (text) => encryptString.call(storage, text),
      decrypt: async (sealed) => decryptString.call(storage, sealed)
    }
  }
  return null
}
