import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto'

/** What a link is signed over. Not its base address: changing that voids no mailed link. */
export interface SignedLink {
  siteId: number
  userId: number
  /** As it was issued, not as somebody typed it. */
  code: string
}

/** 160 bits: over the 128 that the figures ask for, and 27 characters in an address. */
const signatureBytes = 20
const signatureCharacters = 27
/** Compared where what is given is no signature. */
const standIn = 'A'.repeat(signatureCharacters)

/** The `s=` of a mailed link or picture: base64url, 27 characters. Without it pages and pictures say nothing of a code. */
export function signLink(signing: KeyObject, link: SignedLink): string {
  return macOf(signing, link).toString('base64url')
}

/** Compares in constant time, and does the same work for what can be no signature at all. */
export function isLinkSignature(signing: KeyObject, link: SignedLink, signature: string): boolean {
  const isOfLength = signature.length === signatureCharacters
  const given = Buffer.alloc(signatureBytes)
  given.write(isOfLength ? signature : standIn, 'base64url')
  return timingSafeEqual(given, macOf(signing, link)) && isOfLength
}

function macOf(signing: KeyObject, { siteId, userId, code }: SignedLink): Buffer {
  // JSON keeps the members apart: no two links share one text.
  return createHmac('sha256', signing)
    .update(JSON.stringify(['qr-v1', siteId, userId, code]))
    .digest()
    .subarray(0, signatureBytes)
}
