import { X509Certificate } from 'node:crypto'
import { rootCertificates } from 'node:tls'
import { AppError } from '../../shared/errors.ts'
import { readRegularFile } from '../system/regular-file.ts'

/**
 * The certificates that a transport trusts: the usual ones and those of its file, if it has one. Throws `file-unreadable`, also
 * for a file without certificates, over which OpenSSL would pass in silence.
 */
export function trustedAuthorities({ name, caFile }: { name: string; caFile: string }): { ca?: string[] } {
  if (caFile === '') return {}
  const what = `The certificates of the transport “${name}” (${caFile})`
  const text = readRegularFile(caFile, what)
  const certificates =
    text.match(/-----BEGIN (?:X509 )?CERTIFICATE-----[^-]*-----END (?:X509 )?CERTIFICATE-----/g) ?? []
  // What some systems' own bundles hold, of which Node reads none by itself.
  const hasTrusted = text.includes('-----BEGIN TRUSTED CERTIFICATE-----')
  if ((certificates.length === 0 && !hasTrusted) || !certificates.every(isCertificate)) {
    throw new AppError(
      'file-unreadable',
      `${what} cannot be read: it holds no certificate in PEM form (“-----BEGIN CERTIFICATE-----”), or a damaged one.`
    )
  }
  return { ca: [...rootCertificates, text] }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined
  } catch {
    return false
  }
}
