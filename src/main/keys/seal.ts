import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto'

const version = 1
const nonceBytes = 12
const tagBytes = 16

/**
 * AES-256-GCM: version byte ‖ nonce ‖ tag ‖ ciphertext. `place` (table, column, row) is authenticated with it, so that a
 * sealed value moved to another row does not open there.
 */
export function seal(key: KeyObject | Buffer, plaintext: Uint8Array, place: string): Buffer {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place))
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()])
  return Buffer.concat([Buffer.of(version), nonce, cipher.getAuthTag(), ciphertext])
}

/** The plaintext, or null when key or place are not those it was sealed with or a byte of it changed. */
export function unseal(key: KeyObject | Buffer, sealed: Uint8Array, place: string): Buffer | null {
  const bytes = Buffer.from(sealed)
  if (bytes[0] !== version || bytes.length < 1 + nonceBytes + tagBytes) return null
  const nonce = bytes.subarray(1, 1 + nonceBytes)
  const tag = bytes.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
  decipher.setAAD(Buffer.from(place)).setAuthTag(tag)
  try {
    return Buffer.concat([decipher.update(bytes.subarray(1 + nonceBytes + tagBytes)), decipher.final()])
  } catch {
    return null
  }
}
