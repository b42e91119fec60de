import { z } from 'zod'
import { hostName, whole, yesOrNo } from './setting-values.ts'

/** What protects the connection to the mail server. STARTTLS is required once chosen: no mail goes out in the clear by surprise. */
export const transportSecurities = ['none', 'starttls', 'tls'] as const
export const transportAuthentications = ['none', 'password', 'oauth2'] as const
/** How the picture of the QR code travels: fetched from the portal, inside the mail, or inside it with a link to the portal around it. */
export const qrImageWays = ['linked', 'embedded', 'both'] as const
export type QrImageWay = (typeof qrImageWays)[number]

/** The transport of every group that names no other. It is always there, if not always set up. */
export const defaultTransportName = 'default'

/** Written in lower case, since it stands in a setting's key. */
export const transportName = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, 'must be 1 to 40 letters, digits, hyphens or underscores')

const line = (most: number, what: string) =>
  z
    .string({ error: what })
    .trim()
    .refine((text) => text.length <= most && !/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(text), { error: what })

const secretReason = 'must be 1 to 4,000 characters without line breaks'
const secret = z.string({ error: secretReason }).refine((text) => /^[^\p{Cc}\p{Cs}\u2028\u2029]{1,4000}$/u.test(text), {
  error: secretReason
})

const httpsReason = 'must be an https:// address, or an http:// one of this machine'
const tokenAddress = line(500, httpsReason).refine(
  (text) =>
    text === '' || /^https:\/\/[^\s/]+/i.test(text) || /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]/i.test(text),
  { error: httpsReason }
)

/**
 * A mailbox as people write it: `jdoe@example.com` or `Help Desk <help@example.com>`. The address itself is checked where it is
 * set, by the same rules as a user's.
 */
const mailbox = line(320, 'must be an address such as help@example.com or Help Desk <help@example.com>')

const ehloReason = 'must be a host name such as console.example.com, or an address in brackets such as [192.0.2.1]'
const ehloHost = hostName(ehloReason).refine((text) => /[a-z]/i.test(text) && !/[:[]/.test(text), { error: ehloReason })
/** RFC 5321, 4.1.3. */
const addressLiteral = z.union([z.ipv4(), z.templateLiteral(['IPv6:', z.ipv6()])], { error: ehloReason })
const ehloName = z
  .string({ error: ehloReason })
  .trim()
  .refine(
    (text) =>
      text === '' ||
      (text.startsWith('[') && text.endsWith(']')
        ? addressLiteral.safeParse(text.slice(1, -1)).success
        : ehloHost.safeParse(text).success),
    { error: ehloReason }
  )

/** Each is the setting `transport.NAME.FIELD`. */
export const transportFields = {
  host: z.union([z.literal(''), hostName('must be a host name or an IP address, without port')], {
    error: 'must be a host name or an IP address, without port'
  }),
  port: whole(1, 65_535),
  /** What this server calls itself to the mail server; empty: its public host name. */
  ehloName,
  security: z.enum(transportSecurities, { error: `must be one of ${transportSecurities.join(', ')}` }),
  /** Certificates (PEM) trusted besides the well-known authorities: for a mail server with one of its own. */
  caFile: line(1000, 'must be the path of a file with certificates (PEM)'),
  authentication: z.enum(transportAuthentications, { error: `must be one of ${transportAuthentications.join(', ')}` }),
  username: line(320, 'must be the name to sign in with, without line breaks'),
  /** OAuth 2 client credentials, as Microsoft 365 wants them; another service is reached by `tokenUrl` and `scope`. */
  tenant: line(200, 'must be the directory’s name or id').refine((text) => /^[A-Za-z0-9.-]*$/.test(text), {
    error: 'must be the directory’s name or id, such as example.com'
  }),
  clientId: line(300, 'must be the application’s id'),
  tokenUrl: tokenAddress,
  scope: line(500, 'must be the scope to ask for'),
  sender: mailbox,
  replyTo: mailbox,
  html: yesOrNo,
  qrImage: z.enum(qrImageWays, { error: `must be one of ${qrImageWays.join(', ')}` }),
  connections: whole(1, 50),
  /** 0 is as fast as the server takes them. */
  ratePerMinute: whole(0, 100_000)
} as const

/** Sealed in the database and shown to nobody again; an empty one takes it away. */
export const transportSecretFields = ['password', 'clientSecret'] as const

/** To whom each is shown, and how: it is kept for exactly these values, and has to be entered again when one of them changes. */
export const secretTargetFields = {
  password: ['host', 'port', 'security', 'caFile', 'username'],
  clientSecret: ['host', 'port', 'security', 'caFile', 'username', 'tenant', 'clientId', 'tokenUrl']
} as const satisfies Record<TransportSecretField, readonly TransportField[]>

export type TransportField = keyof typeof transportFields
export type TransportSecretField = (typeof transportSecretFields)[number]
export type TransportFields = { [Field in TransportField]: z.output<(typeof transportFields)[Field]> }

export const transportDefaults: TransportFields = {
  host: '',
  port: 587,
  ehloName: '',
  security: 'starttls',
  caFile: '',
  authentication: 'none',
  username: '',
  tenant: '',
  clientId: '',
  tokenUrl: '',
  scope: '',
  sender: '',
  replyTo: '',
  html: true,
  qrImage: 'embedded',
  connections: 5,
  ratePerMinute: 0
}

export const transportFieldNames = Object.keys(transportFields) as TransportField[]

export const transport = z.object({
  name: z.string(),
  ...transportFields,
  host: z.string(),
  hasPassword: z.boolean(),
  hasClientSecret: z.boolean(),
  /** What has to be set before it can send: names of fields; empty when it can. */
  missing: z.array(z.string()),
  /** The groups whose users get their mail by it. */
  groups: z.array(z.string())
})
export type Transport = z.infer<typeof transport>

/** What is left out stays as it is. Values are checked by the transports service, which says what is wrong with each field. */
export const transportChange = z.object({
  host: z.string().optional(),
  port: z.number().optional(),
  ehloName: z.string().optional(),
  security: z.string().optional(),
  caFile: z.string().optional(),
  authentication: z.string().optional(),
  username: z.string().optional(),
  password: z.string().nullable().optional(),
  tenant: z.string().optional(),
  clientId: z.string().optional(),
  clientSecret: z.string().nullable().optional(),
  tokenUrl: z.string().optional(),
  scope: z.string().optional(),
  sender: z.string().optional(),
  replyTo: z.string().optional(),
  html: z.boolean().optional(),
  qrImage: z.string().optional(),
  connections: z.number().optional(),
  ratePerMinute: z.number().optional()
})
export type TransportChange = z.infer<typeof transportChange>

export const transportSecret = secret

/** What a check goes through, in this order; after the first that fails the rest is skipped. */
export const transportSteps = ['dns', 'connect', 'tls', 'sign-in', 'sender'] as const
export const transportStep = z.object({
  step: z.enum(transportSteps),
  outcome: z.enum(['passed', 'failed', 'skipped']),
  /** One sentence: what was found, or what is wrong and what to do. */
  message: z.string(),
  elapsedMs: z.number()
})
export type TransportStep = z.infer<typeof transportStep>

/** What a mail server said to one mail. */
export const delivery = z.object({
  accepted: z.boolean(),
  address: z.string(),
  /** The server's own words, or why it could not be asked. */
  response: z.string(),
  messageId: z.string()
})
export type Delivery = z.infer<typeof delivery>

export type TransportSettingKey = `transport.${string}.${TransportField | TransportSecretField}`

/** The transport and field of a settings key, or null for a key of another kind. */
export function readTransportKey(key: string): { name: string; field: TransportField | TransportSecretField } | null {
  const [, name, field] = /^transport\.([a-z0-9][a-z0-9_-]{0,39})\.([A-Za-z]+)$/.exec(key) ?? []
  if (name === undefined || field === undefined) return null
  const isField =
    Object.hasOwn(transportFields, field) || transportSecretFields.some((secretField) => secretField === field)
  return isField ? { name, field: field as TransportField | TransportSecretField } : null
}
