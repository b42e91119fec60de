import { hkdfSync } from 'node:crypto'

/** An app gets one hundred, of ten digits each; it uses those at index 01 to 99. */
export const securityStringCount = 100
const digits = 10
const bytesEach = 8

/**
 * The hundred strings of one download: a function of the device's secret and the number of the download, so the server need
 * not store them. 64 bits taken modulo 10^10 favour no digit by more than one part in a thousand million.
 */
export function deriveSecurityStrings(secret: Buffer, generation: number): string[] {
  const stream = Buffer.from(
    hkdfSync('sha256', secret, Buffer.alloc(0), `security-strings/${generation}`, securityStringCount * bytesEach)
  )
  return Array.from({ length: securityStringCount }, (_, index) =>
    (stream.readBigUInt64BE(index * bytesEach) % 10n ** BigInt(digits)).toString().padStart(digits, '0')
  )
}
