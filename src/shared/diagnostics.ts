import { z } from 'zod'
import { decodedQr } from './code.ts'
import { settingKey } from './settings.ts'

/** How a picture was spoilt before it was read once more: what a hasty hand, a small screen and a slanted sheet do to it. */
export const scanTrials = ['blurred', 'shrunk', 'tilted'] as const
export type ScanTrial = (typeof scanTrials)[number]

/** How well a code in a picture scans. What could not be measured is null. */
export const scanQuality = z.object({
  verdict: z.enum(['good', 'weak', 'poor']),
  /** Pixels of the picture a module. */
  modulePx: z.number(),
  /** From 0, no difference between black and white, to 1. */
  contrast: z.number().nullable(),
  /** Whole modules of light border around the code, at its narrowest side; 4 are asked for. */
  quietZoneModules: z.number().nullable(),
  /** The share of the error correction that damage has used up, from 0 to 1. */
  damage: z.number(),
  isInverted: z.boolean(),
  isMirrored: z.boolean(),
  trials: z.array(z.object({ trial: z.enum(scanTrials), reads: z.boolean() })),
  /** What to change, a sentence each, the most important first. */
  advice: z.array(z.string())
})
export type ScanQuality = z.infer<typeof scanQuality>

/** One QR code of a picture: what it says, what this server knows of it, and how well it scans. */
export const pictureCode = decodedQr.extend({
  /**
   * Who made the text: `signed` carries this server's signature, `issued` names a code that this server issued, `forged`
   * carries a signature that is not this server's, `foreign` is any other text.
   */
  origin: z.enum(['signed', 'issued', 'forged', 'foreign']),
  /** Why not to open or trust it, in one sentence; null where nothing speaks against it. */
  warning: z.string().nullable(),
  scan: scanQuality
})
export type PictureCode = z.infer<typeof pictureCode>

export const pictureReading = z.object({ widthPx: z.number(), heightPx: z.number(), codes: z.array(pictureCode) })
export type PictureReading = z.infer<typeof pictureReading>

/** Where a step of a check came out: `warned` works, though not for everybody; `skipped` had nothing to try. */
export const outcomes = ['passed', 'warned', 'failed', 'skipped'] as const
export type Outcome = (typeof outcomes)[number]

/** A certificate as a phone is shown it. */
export const certificateFacts = z.object({
  subject: z.string(),
  issuer: z.string(),
  names: z.array(z.string()),
  validFromMs: z.number(),
  validToMs: z.number(),
  fingerprint256: z.string(),
  isSelfSigned: z.boolean()
})
export type CertificateFacts = z.infer<typeof certificateFacts>

export const checkSteps = [
  'dns',
  'tcp',
  'tls',
  'http',
  'server-details',
  'ping',
  'provision',
  'security-strings',
  'policies'
] as const

/** One step that a phone or a mail reader takes, with what went over the wire. */
export const checkStep = z.object({
  step: z.enum(checkSteps),
  /** The server or address that was asked. */
  target: z.string(),
  outcome: z.enum(outcomes),
  durationMs: z.number(),
  /** What came of it, in one sentence. */
  sentence: z.string(),
  /** The raw exchange. It holds no code and no Id that is still of use. */
  request: z.string().nullable(),
  response: z.string().nullable(),
  /** The chain of a TLS server, its own certificate first. */
  certificates: z.array(certificateFacts)
})
export type CheckStep = z.infer<typeof checkStep>

/** The errors that an app shows, and the two complaints that come before it: what a person on the phone can say. */
export const symptoms = [
  'unknown-server-id',
  'server-connection',
  'invalid-username',
  'invalid-provision-code',
  'downloading-security-strings',
  'reprovision-url',
  'mail-image',
  'unreadable-code'
] as const
export type Symptom = (typeof symptoms)[number]

/** What is told of a step as soon as it is known how it came out; the raw exchange follows with all the others. */
export const checkProgress = checkStep.pick({ step: true, outcome: true, durationMs: true, sentence: true })
export type CheckProgress = z.infer<typeof checkProgress>

/** Screens that a button leads to, by the id of their address. */
export const cureScreens = ['users', 'transport', 'portal', 'troubleshooting'] as const

/** What mends a cause: an act that the button does, or the place where it is done. */
export const cure = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('user'),
    act: z.enum(['issue', 'enable', 'unlock', 'open', 'change-group']),
    username: z.string()
  }),
  z.object({ kind: z.literal('set-time-right') }),
  z.object({ kind: z.literal('add-user'), username: z.string() }),
  z.object({ kind: z.literal('setting'), key: settingKey }),
  /** A right of the group. */
  z.object({ kind: z.literal('group'), group: z.string() }),
  z.object({
    kind: z.literal('screen'),
    screen: z.enum(cureScreens),
    /** What is to be opened there, such as a transport; null for what the screen opens with. */
    item: z.string().nullable(),
    /** The field that is to be changed, null where there is none. */
    field: z.string().nullable()
  }),
  /** Nothing here can do it: the command to run at the server, or null where the sentence says all. */
  z.object({ kind: z.literal('elsewhere'), command: z.string().nullable() })
])

/** Why a phone shows what it shows. */
export const causes = [
  'user-unknown',
  'user-disabled',
  'user-locked',
  'name-mistyped',
  'no-mobile-client-right',
  'self-service-off',
  'no-self-provision-right',
  'device-void',
  'strings-never-asked',
  'code-used',
  'code-expired',
  'code-superseded',
  'code-withdrawn',
  'code-failed',
  'code-mistyped',
  'code-never-issued',
  'attempts-too-many',
  'attempt-not-seen',
  'clock-wrong',
  'site-id-changed',
  'site-id-foreign',
  'site-id-mistyped',
  'address-changed',
  'address-private',
  'address-loopback',
  'name-unresolved',
  'port-wrong',
  'portal-down',
  'host-unreachable',
  'scheme-wrong',
  'certificate-expired',
  'certificate-early',
  'certificate-name',
  'certificate-self-signed',
  'certificate-untrusted',
  'tls-failed',
  'connection-type-wrong',
  'foreign-server',
  'answer-wrong',
  'qr-url-plain',
  'qr-url-wrong',
  'qr-url-foreign',
  'picture-blocked',
  'mail-no-address',
  'mail-server',
  'mail-refused',
  'transport-missing',
  'sender-refused',
  'html-off',
  'template-without-code',
  'phone-side',
  'camera-side'
] as const
export type CauseId = (typeof causes)[number]

export const cause = z.object({
  id: z.enum(causes),
  /** A `fault` is certain; a `suspicion` is likely or hurts some phones only; `advice` is what is left when nothing was found. */
  weight: z.enum(['fault', 'suspicion', 'advice']),
  sentence: z.string(),
  /** What shows it, a line each. */
  evidence: z.array(z.string()),
  cure
})
export type Cause = z.infer<typeof cause>

export const diagnosis = z.object({
  symptom: z.enum(symptoms),
  username: z.string().nullable(),
  /** The most likely first; never empty. */
  causes: z.array(cause).min(1),
  steps: z.array(checkStep)
})
export type Diagnosis = z.infer<typeof diagnosis>

/** What came of doing all that an app does. `ok` is false where any phone would have failed. */
export const phoneRun = z.object({
  ok: z.boolean(),
  address: z.string(),
  /** What the app would have shown, null where it would have been provisioned. */
  appShows: z.string().nullable(),
  causes: z.array(cause),
  steps: z.array(checkStep)
})
export type PhoneRun = z.infer<typeof phoneRun>

/** The addresses of Policy › Self Reset, and the picture that a mail shows by `<img src=url4>`. */
export const testableLinks = ['provisioningUrl', 'settingsUrl', 'completeUrl', 'qrCodeUrl'] as const
export type TestableLink = (typeof testableLinks)[number]

export const linkTest = z.object({
  link: z.enum(testableLinks),
  url: z.string(),
  ok: z.boolean(),
  /** Media type of the answer, null where there was none. */
  contentType: z.string().nullable(),
  /** What the picture says, for the QR Code URL. */
  decoded: z.string().nullable(),
  /** What is wrong or what mail readers will do, the most important first. */
  causes: z.array(cause),
  steps: z.array(checkStep)
})
export type LinkTest = z.infer<typeof linkTest>

export const supportBundle = z.object({ fileName: z.string(), content: z.string() })
export type SupportBundle = z.infer<typeof supportBundle>
