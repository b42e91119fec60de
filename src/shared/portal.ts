import { z } from 'zod'

/** What the portal shows itself with. Times are milliseconds since the epoch. */
export const certificateInfo = z.object({
  source: z.enum(['self-signed', 'file']),
  /** A phone trusts no certificate that vouches for itself. */
  isSelfSigned: z.boolean(),
  subject: z.string(),
  issuer: z.string(),
  /** Host names and IP addresses it is good for. */
  names: z.array(z.string()),
  notBeforeMs: z.number(),
  notAfterMs: z.number(),
  /** SHA-256, in pairs of hexadecimal digits. */
  fingerprint: z.string()
})
export type CertificateInfo = z.infer<typeof certificateInfo>

/** So long before its end a certificate should be looked after. */
export const certificateWarningMs = 30 * 86_400_000

/** `elsewhere`: another program serves this portal at the address, such as a service. */
export const portalStates = ['off', 'starting', 'running', 'elsewhere', 'failed'] as const

export const portalState = z.object({
  state: z.enum(portalStates),
  /** Where it listens, or would; null while that is not known. */
  url: z.string().nullable(),
  /** Why it does not run, as a sentence; null where it does. */
  problem: z.string().nullable(),
  /** What it shows itself with, or would; null with plain HTTP or where there is none to be had. */
  certificate: certificateInfo.nullable(),
  /** Why there is none, as a sentence. */
  certificateProblem: z.string().nullable(),
  /** Requests that this program has answered since it started. */
  requests: z.number().int()
})
export type PortalState = z.infer<typeof portalState>

/** One answered request. The route names its kind: the address itself would hold codes. */
export const portalRequest = z.object({
  id: z.number().int(),
  atMs: z.number(),
  method: z.string(),
  route: z.string(),
  status: z.number().int(),
  address: z.string(),
  durationMs: z.number()
})
export type PortalRequest = z.infer<typeof portalRequest>
