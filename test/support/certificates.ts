import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import * as x509 from '@peculiar/x509'

x509.cryptoProvider.set(webcrypto)

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const day = 86_400_000

export interface ServerCertificate {
  cert: string
  key: string
}

/** An authority of the test's own. */
export interface Authority {
  certificate: string
  issue(about: { host: string; validFromMs?: number; validToMs?: number }): Promise<ServerCertificate>
}

const makeKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])

export async function createAuthority(): Promise<Authority> {
  const keys = await makeKeys()
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=Test Authority',
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + 365 * day),
    keys,
    signingAlgorithm: algorithm,
    extensions: [new x509.BasicConstraintsExtension(true, 1, true)]
  })
  return {
    certificate: root.toString('pem'),
    async issue({ host, validFromMs = Date.now() - day, validToMs = Date.now() + 90 * day }) {
      const own = await makeKeys()
      const certificate = await x509.X509CertificateGenerator.create({
        serialNumber: '02',
        subject: `CN=${host}`,
        issuer: root.subject,
        notBefore: new Date(validFromMs),
        notAfter: new Date(validToMs),
        signingKey: keys.privateKey,
        publicKey: own.publicKey,
        signingAlgorithm: algorithm,
        extensions: [namesOf(host)]
      })
      return { cert: certificate.toString('pem'), key: await pemOf(own.privateKey) }
    }
  }
}

export async function createSelfSigned(host: string): Promise<ServerCertificate> {
  const keys = await makeKeys()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '03',
    name: `CN=${host}`,
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + 365 * day),
    keys,
    signingAlgorithm: algorithm,
    extensions: [namesOf(host)]
  })
  return { cert: certificate.toString('pem'), key: await pemOf(keys.privateKey) }
}

function namesOf(host: string): x509.SubjectAlternativeNameExtension {
  return new x509.SubjectAlternativeNameExtension([{ type: /^[\d.]+$/.test(host) ? 'ip' : 'dns', value: host }])
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')
}

/** Makes this process trust the authority, as a phone trusts the public ones. */
export function trust(authority: Authority): void {
  setDefaultCACertificates([...getCACertificates('default'), authority.certificate])
}
