const chain = 'nobody whom this machine trusts has signed its certificate, or a certificate between is missing'

/** By the codes of Node's sockets, and of OpenSSL where it judges a certificate. */
const faults: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no such name',
  ENODATA: 'the name has no address',
  EAI_AGAIN: 'the name service does not answer',
  EHOSTUNREACH: 'there is no way to that machine',
  EHOSTDOWN: 'there is no way to that machine',
  ENETUNREACH: 'there is no way to that network',
  ENETDOWN: 'there is no way to that network',
  EADDRNOTAVAIL: 'this machine has no address from which to reach it',
  ETIMEDOUT: 'it did not answer in time',
  ESOCKETTIMEDOUT: 'it did not answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'it did not answer in time',
  ECONNRESET: 'it broke the connection off',
  ECONNABORTED: 'the connection was broken off',
  EPIPE: 'it broke the connection off',
  UND_ERR_SOCKET: 'it broke the connection off',
  EACCES: 'this machine does not let the program connect there',
  EPERM: 'this machine does not let the program connect there',
  EMFILE: 'too many connections are open on this machine',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: chain,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: chain,
  UNABLE_TO_GET_ISSUER_CERT: chain,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: chain,
  CERT_UNTRUSTED: chain,
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  CERT_REVOKED: 'its certificate was revoked',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name'
}

/** What OpenSSL says of a handshake, in its own words within a longer message. */
const handshakeFaults: [RegExp, string][] = [
  [/wrong version number|packet length too long|http request|no protocols available/i, 'it does not speak TLS there'],
  [/alert protocol version|unsupported protocol/i, 'it speaks only versions of TLS that are too old or too new'],
  [/alert handshake failure|no shared cipher|no cipher/i, 'the two sides have no way of encrypting in common'],
  [/certificate/i, 'its certificate, or the lack of one, was refused'],
  [/EPROTO|SSL|TLS/i, 'the TLS handshake failed']
]

/** Why there is no connection to a server, as the end of a sentence that has named it. */
export function connectionFault(error: Error & { originalCode?: string }): string {
  const code = codeOf(error)
  const known = faults[error.originalCode ?? ''] ?? faults[code]
  if (known !== undefined) return known
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'it did not answer in time'
  // Of several addresses that were tried at once.
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return connectionFault(error.errors[0])
  const text = `${error.originalCode ?? ''} ${code} ${error.message}`
  return handshakeFaults.find(([words]) => words.test(text))?.[1] ?? 'the connection failed'
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : ''
}
