import { createHmac, type KeyObject } from 'node:crypto'

/** Base64url of HMAC-SHA-256(pepper, user id ‖ normalised code): bound to the user, so a row moved to another user matches nothing. */
export function hashCode(pepper: KeyObject, userId: number, normalisedCode: string): string {
  const id = Buffer.alloc(8)
  id.writeBigUInt64BE(BigInt(userId))
  return createHmac('sha256', pepper).update(id).update(normalisedCode, 'utf8').digest('base64url')
}
