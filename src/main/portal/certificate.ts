// The library below asks for it before anything else of itself is loaded.
import 'reflect-metadata'
import { createPrivateKey, KeyObject, randomBytes, webcrypto, X509Certificate } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import path from 'node:path'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator
} from '@peculiar/x509'
import { AppError } from '../../shared/errors.ts'
import { unwritableFile } from '../system/file-faults.ts'
import { readRegularFile } from '../system/regular-file.ts'
import type { CertificateInfo } from '../../shared/portal.ts'
import { longMoment } from '../system/moments.ts'

/** A certificate with its chain, and its key, both as PEM. */
export interface Certificate {
  cert: string
  key: string
  info: CertificateInfo
}

const dayMs = 86_400_000
/** Browsers and phones take no certificate for longer (CA/Browser Forum, Baseline Requirements 6.3.2: 398 days). */
const selfSignedDays = 397
/** One of our own that ends sooner is made anew; of another one it is said. */
const leastDaysLeft = 30

const keyAlgorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const
const signingAlgorithm = { name: 'ECDSA', hash: 'SHA-256' } as const

/** A certificate and its key from files. Throws `tls-unavailable` in words that name the file. */
export function readCertificateFiles(certificateFile: string, keyFile: string): Certificate {
  if (certificateFile === '' || keyFile === '') {
    throw new AppError(
      'tls-unavailable',
      'A certificate needs both files: portal.certificateFile and portal.keyFile. Set the other one too, or empty both.'
    )
  }
  const cert = readRegularFile(certificateFile, `The certificate file ${certificateFile}`, 'tls-unavailable')
  const key = readRegularFile(keyFile, `The key file ${keyFile}`, 'tls-unavailable')
  return {
    cert,
    key,
    info: describe(parseCertificate(cert, certificateFile), parseKey(key, keyFile), { certificateFile, keyFile })
  }
}

/** The server's own certificate for these names, made anew where there is none, it is for others, or it ends soon. */
export async function selfSignedCertificate(folder: string, names: string[], nowMs: number): Promise<Certificate> {
  const file = path.join(folder, 'tls', 'self-signed.pem')
  const kept = readKept(file)
  if (kept && isFor(kept.info, names) && kept.info.notAfterMs - nowMs > leastDaysLeft * dayMs) return kept
  const pem = await makeSelfSigned(names, nowMs)
  writeKept(file, pem)
  const made = readKept(file)
  if (!made) throw new AppError('tls-unavailable', `The certificate ${file} that was just made cannot be read back.`)
  return made
}

/** What phones and browsers will say against a certificate at this time, in one sentence; null if nothing. */
export function validityProblem({ notBeforeMs, notAfterMs }: CertificateInfo, nowMs: number): string | null {
  if (notAfterMs <= nowMs) return `The certificate of the User Portal expired on ${longMoment(notAfterMs)}.`
  if (notBeforeMs > nowMs) return `The certificate of the User Portal is not valid before ${longMoment(notBeforeMs)}.`
  if (notAfterMs - nowMs > leastDaysLeft * dayMs) return null
  return `The certificate of the User Portal expires on ${longMoment(notAfterMs)}.`
}

async function makeSelfSigned(names: string[], nowMs: number): Promise<string> {
  const keys = await webcrypto.subtle.generateKey(keyAlgorithm, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned({
    // Positive, and not nought (RFC 5280, 4.1.2.2).
    serialNumber: `01${randomBytes(15).toString('hex')}`,
    name: [{ CN: [names[0] ?? 'localhost'] }],
    notBefore: new Date(nowMs - dayMs),
    notAfter: new Date(nowMs + selfSignedDays * dayMs),
    signingAlgorithm,
    keys,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value }))
      )
    ]
  })
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' })
  return `${certificate.toString('pem')}\n${key.toString()}`
}

/** Certificate and key are one file, so that two programs that start together never leave one of each. */
function readKept(file: string): Certificate | null {
  try {
    const pem = readFileSync(file, 'utf8')
    const info = describe(new X509Certificate(pem), createPrivateKey(pem), null)
    return { cert: pem, key: pem, info }
  } catch {
    // Missing or damaged: it is made anew.
    return null
  }
}

function writeKept(file: string, pem: string): void {
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    writeFileSync(draft, pem, { mode: 0o600 })
    chmodSync(draft, 0o600)
    renameSync(draft, file)
  } catch (error) {
    throw unwritableFile(error, `The certificate ${file}`, { code: 'tls-unavailable' })
  }
}

function isFor(info: CertificateInfo, names: string[]): boolean {
  const comparable = (all: string[]) => all.map(comparableName).toSorted().join('\n')
  return comparable(info.names) === comparable(names)
}

/** An IPv6 address has several ways to be written. */
function comparableName(name: string): string {
  return isIP(name) === 6 ? new URL(`http://[${name}]/`).hostname.slice(1, -1) : name.toLowerCase()
}

function describe(
  certificate: X509Certificate,
  key: KeyObject,
  files: { certificateFile: string; keyFile: string } | null
): CertificateInfo {
  if (!certificate.checkPrivateKey(key)) {
    throw new AppError(
      'tls-unavailable',
      files === null
        ? 'The certificate and its key do not belong together.'
        : `The key in ${files.keyFile} does not belong to the certificate in ${files.certificateFile}.`
    )
  }
  return {
    source: files === null ? 'self-signed' : 'file',
    isSelfSigned: certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey),
    subject: commonName(certificate.subject),
    issuer: commonName(certificate.issuer),
    names: namesOf(certificate),
    notBeforeMs: Date.parse(certificate.validFrom),
    notAfterMs: Date.parse(certificate.validTo),
    fingerprint: certificate.fingerprint256
  }
}

/** `DNS:example.com, IP Address:192.0.2.1`, as OpenSSL writes it. */
function namesOf({ subjectAltName }: X509Certificate): string[] {
  return (subjectAltName ?? '')
    .split(', ')
    .flatMap((entry) => /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1] ?? [])
    .map(comparableName)
}

function commonName(name: string): string {
  return /(?:^|\n)CN=(.+)/.exec(name)?.[1] ?? name.replaceAll('\n', ', ')
}

function parseCertificate(pem: string, file: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch {
    throw new AppError('tls-unavailable', `${file} holds no certificate in PEM form (“-----BEGIN CERTIFICATE-----”).`)
  }
}

function parseKey(pem: string, file: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch {
    throw new AppError(
      'tls-unavailable',
      `${file} holds no private key in PEM form, or one that is locked by a passphrase; the portal needs it without one.`
    )
  }
}
