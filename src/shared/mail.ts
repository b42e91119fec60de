import { z } from 'zod'
import { codeLife } from './code.ts'
import { templateContent, templateKinds } from './template.ts'
import { userSelection } from './user.ts'

/** Why a user of the selection gets no mail. */
export const leftOutReasons = ['no-such-user', 'disabled', 'no-address', 'no-mobile-client', 'provisioned'] as const
export type LeftOutReason = (typeof leftOutReasons)[number]

/** The lists of a plan that can be looked into. */
export const planLists = ['recipients', 'live', 'locked', 'mixed', ...leftOutReasons] as const
export type PlanList = (typeof planLists)[number]

/** Who gets a code by mail, how long it lives, and when it goes out. */
export const mailRequest = z.object({
  selection: userSelection,
  life: codeLife.default({}),
  /** When to send; left out: now. */
  atMs: z.number().int().positive().optional(),
  /** Also those whose app is provisioned already: for a new phone. */
  includeProvisioned: z.boolean().default(false)
})
export type MailRequest = z.infer<typeof mailRequest>

export const mailPlan = z.object({
  recipients: z.number().int(),
  leftOut: z.array(z.object({ reason: z.enum(leftOutReasons), users: z.number().int() })),
  /** Recipients whose live code ends when the new one is issued. */
  liveCodes: z.number().int(),
  /** Recipients who are locked; a new code ends the wait. */
  locked: z.number().int(),
  /** Recipients whose address mixes scripts, so that it may not be the one it looks like. */
  mixed: z.number().int(),
  /** How long each code lives from when the mail server took its mail; null when it lives until a fixed time. */
  validForMs: z.number().nullable(),
  untilMs: z.number().nullable(),
  publicAddress: z.object({
    url: z.string(),
    scope: z.enum(['loopback', 'private', 'public', 'name']),
    /** Red, and first: phones (or the mail's pictures and links) cannot get there. Null when nothing speaks against it. */
    warning: z.string().nullable()
  }),
  /** The transports that the recipients' groups name, each with what it lacks (field names; empty when it is ready). */
  transports: z.array(
    z.object({ name: z.string(), recipients: z.number().int(), missing: z.array(z.string()), sender: z.string() })
  ),
  /** First recipient, to begin the preview with; null when there is none. */
  firstUsername: z.string().nullable(),
  /** About how long sending takes by the transports' rates; null where no rate is set. */
  estimatedMs: z.number().nullable()
})
export type MailPlan = z.infer<typeof mailPlan>

export const plannedUser = z.object({
  username: z.string(),
  name: z.string(),
  email: z.string(),
  group: z.string()
})
export type PlannedUser = z.infer<typeof plannedUser>

/** `draft` is a template as it stands in the editor; left out: the one that would be used for this user. */
export const previewRequest = z.object({
  /** Left out: a made-up user. */
  username: z.string().max(1000).optional(),
  kind: z.enum(templateKinds).default('code'),
  draft: templateContent.optional(),
  /** For the draft of a group's template; else the user's own group decides. */
  group: z.string().max(1000).optional(),
  life: codeLife.default({}),
  /** When it would be sent, for the expiry it shows; left out: now. */
  atMs: z.number().int().positive().optional()
})
export type PreviewRequest = z.infer<typeof previewRequest>

export const previewChecks = [
  'qr-decodes',
  'url4-present',
  'keywords-resolved',
  'size',
  'headers',
  'sender',
  'transport',
  'address',
  'public-address'
] as const

export const previewCheck = z.object({
  check: z.enum(previewChecks),
  outcome: z.enum(['passed', 'warning', 'failed']),
  message: z.string()
})
export type PreviewCheck = z.infer<typeof previewCheck>

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'must be bytes')

/** All of it read back from the MIME message that would go out; the sent mail differs from it in the code (and Date, Message-ID) alone. */
export const mailPreview = z.object({
  username: z.string(),
  name: z.string(),
  to: z.string(),
  from: z.string(),
  subject: z.string(),
  transport: z.string(),
  /** The sample code that stands where the live one will: the preview issues none. */
  sampleCode: z.string(),
  expiresAtMs: z.number(),
  /** The message, byte for byte: also what “save as .eml” writes. */
  raw: bytes,
  /** Decoded values, in the order of the message. */
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
  /** Null when the transport sends text alone. */
  html: z.string().nullable(),
  text: z.string(),
  /** The pictures that the HTML shows, by the `src` it has for each (`cid:…`, or the portal's address): the frame has no network. */
  pictures: z.array(z.object({ src: z.string(), contentType: z.string(), content: bytes, isEmbedded: z.boolean() })),
  sizeBytes: z.number().int(),
  checks: z.array(previewCheck)
})
export type MailPreview = z.infer<typeof mailPreview>

/** To which address “to me” goes: the confirmed one; a pending one waits for the number that was mailed to it. */
export const ownAddress = z.object({ confirmed: z.string().nullable(), pending: z.string().nullable() })
export type OwnAddress = z.infer<typeof ownAddress>

/** An address in the mail, asked for over the network. */
export const linkAnswer = z.object({
  url: z.string(),
  outcome: z.enum(['answers', 'failed', 'not-asked']),
  message: z.string()
})
export type LinkAnswer = z.infer<typeof linkAnswer>
