import { z } from 'zod'
import { formatDuration, parseDuration } from './duration.ts'
import { directionMark } from './hidden-characters.ts'
import { hostName, whole, yesOrNo } from './setting-values.ts'
import { readTransportKey, type TransportSettingKey } from './transport.ts'

/** Shortest and longest validity of a provision code. */
export const leastValidityMs = 60_000
export const mostValidityMs = 30 * 86_400_000

export const codeAlphabets = ['base32', 'digits', 'alphanumeric'] as const

const durationReason = 'must be a duration from 1m to 30d, such as 24h or 7d'

/** A validity is kept as people write it (`24h`), so that what was set is what is shown. */
export const validity = z.string({ error: durationReason }).transform((text, context) => {
  const durationMs = parseDuration(text)
  if (durationMs === null || durationMs < leastValidityMs || durationMs > mostValidityMs) {
    context.addIssue({ code: 'custom', message: durationReason })
    return z.NEVER
  }
  return formatDuration(durationMs)
})

/** What RFC 3986 lets stand nowhere in an address; some of it would end an attribute of a mail's HTML. */
const neverInAddress = /[\s"<>\\^`|\p{C}]/u

/** Leaves room for Site ID, username (200 bytes) and code in the 768 bytes of a QR code's text. */
export const maxAddressBytes = 500
const mostAddressCharacters = maxAddressBytes

const baseUrlReason = `must be an http:// or https:// address of at most ${mostAddressCharacters} characters, without spaces, quotes, brackets or #`

/** A base to which a code or text is appended, so it has no fragment. */
const baseUrl = z
  .string({ error: baseUrlReason })
  .refine(
    (text) =>
      text.length <= mostAddressCharacters &&
      /^https?:\/\//i.test(text) &&
      URL.canParse(text) &&
      !/[#{}]/.test(text) &&
      !neverInAddress.test(text),
    { error: baseUrlReason }
  )

/** One to whose path segments are appended: it ends in a slash, which is added where it was left out. */
const folderUrl = baseUrl
  .refine((text) => !text.includes('?'), { error: 'must not hold a “?”: codes and names are appended to its path' })
  .transform((text) => (text.endsWith('/') ? text : `${text}/`))

const appLinkReason = `must begin with a scheme such as mobileclient: and hold {url3}, in at most ${mostAddressCharacters} characters without spaces or quotes`

const appLink = z
  .string({ error: appLinkReason })
  .refine(
    (text) =>
      text.length <= mostAddressCharacters &&
      /^[a-z][a-z0-9+.-]*:/i.test(text) &&
      !/^(javascript|data|vbscript):/i.test(text) &&
      text.includes('{url3}') &&
      !neverInAddress.test(text),
    { error: appLinkReason }
  )

const networksReason = (wrong?: string) =>
  'must be networks such as 192.0.2.0/24 or 2001:db8::/32, separated by commas' +
  (wrong === undefined ? '' : `; “${wrong}” is none`)

const mostNetworks = 100
const network = z.union([
  z.cidrv4(),
  z.cidrv6(),
  z.ipv4().transform((address) => `${address}/32`),
  z.ipv6().transform((address) => `${address}/128`)
])

/** Networks as a list, or as one text with commas between; an address alone is a network of one. */
const networks = z.union([z.string(), z.array(z.string())], { error: networksReason() }).transform((given, context) => {
  const parts = [given].flat().flatMap((text) => text.split(/[\s,;]+/))
  const found = new Set<string>()
  for (const part of parts.filter((text) => text !== '')) {
    const parsed = network.safeParse(part.toLowerCase())
    if (parsed.success) found.add(parsed.data)
    else {
      context.addIssue({ code: 'custom', message: networksReason(part.slice(0, 60)) })
      return z.NEVER
    }
  }
  if (found.size > mostNetworks) {
    context.addIssue({ code: 'custom', message: `must be at most ${mostNetworks} networks` })
    return z.NEVER
  }
  return [...found]
})

/** `/1` twice is everybody, too: what is wider than this is nobody's network. */
const minPrefixBits = 8
/** Of rules that came later: a value stored before stays in force until somebody changes it, so that its server still opens. */
const onlyForNew = { onlyForNew: true }

/** Whether a stored value breaks nothing but such rules. */
export function isStillAccepted(issues: readonly z.core.$ZodIssue[]): boolean {
  return issues.every((issue) => issue.code === 'custom' && issue.params?.['onlyForNew'] === true)
}

const isTooWide = (one: string) => Number(one.split('/')[1]) < minPrefixBits

const exemptNetworks = networks.refine((list) => !list.some(isTooWide), {
  error: `must not hold a network wider than /${minPrefixBits}: the limit on guesses would be off for nearly everybody. To turn it off on purpose, set failed attempts per address to 0`,
  params: onlyForNew
})

/** Whose word on a client's address is taken. */
const proxies = networks.refine((list) => !list.some(isTooWide), {
  error: `must not hold a network wider than /${minPrefixBits}, nearly everybody: each client would say itself where it comes from`,
  params: onlyForNew
})

const waitReason = 'must be a duration from 1s to 24h, such as 30s or 1h'

/** How long a lock-out lasts, as people write it. */
const wait = z.string({ error: waitReason }).transform((text, context) => {
  const durationMs = parseDuration(text)
  if (durationMs === null || durationMs < 1000 || durationMs > 86_400_000) {
    context.addIssue({ code: 'custom', message: waitReason })
    return z.NEVER
  }
  return formatDuration(durationMs)
})

/** Shortest and longest time for which the log is kept where it is not kept for good. */
const minLogKeepMs = 30 * 86_400_000
const maxLogKeepMs = 36_500 * 86_400_000

const logKeepReason = 'must be off, which keeps everything, or a duration from 30d to 36500d, such as 365d'

const logKeep = z.string({ error: logKeepReason }).transform((text, context) => {
  if (text.trim().toLowerCase() === 'off') return 'off'
  const durationMs = parseDuration(text)
  if (durationMs === null || durationMs < minLogKeepMs || durationMs > maxLogKeepMs) {
    context.addIssue({ code: 'custom', message: logKeepReason })
    return z.NEVER
  }
  return formatDuration(durationMs)
})

const filePathReason = 'must be the whole path of a file on the server, or empty'

/** Absolute, since each program has its own working folder; empty for none. */
const filePath = z
  .string({ error: filePathReason })
  .trim()
  .max(1000, { error: filePathReason })
  .regex(/^(?:|(?:\/|[A-Za-z]:[\\/]|\\\\)[^\p{Cc}]+)$/u, { error: filePathReason })

const nameReason = 'must be 1 to 100 characters without line breaks'
const segmentReason = 'must be one path segment of at most 64 letters, digits, dots, hyphens, underscores or tildes'

/** Every setting of a server by its dotted key. A default of null is worked out when it is read (see the settings service). */
export const settingSchemas = {
  'server.name': z
    .string({ error: nameReason })
    .trim()
    .regex(/^[^\p{Cc}\p{Cs}\u2028\u2029]{1,100}$/u, nameReason)
    .refine((text) => directionMark(text) === null, {
      error: 'must not hold hidden text direction marks',
      params: onlyForNew
    }),
  'server.siteId': whole(1, 2_147_483_647),
  'server.host': hostName('must be a host name or an IP address, without scheme or port'),
  'server.port': whole(1, 65_535),
  'server.usesSsl': yesOrNo,
  'server.connectionType': z
    .string({ error: segmentReason })
    .regex(/^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,64}$/, segmentReason),
  'policy.codes.alphabet': z.enum(codeAlphabets, { error: `must be one of ${codeAlphabets.join(', ')}` }),
  'policy.codes.length': whole(6, 24),
  'policy.codes.wrongAttempts': whole(1, 100),
  'policy.codes.endAfterWrongAttempts': z.union([z.literal('off'), whole(1, 100)], {
    error: 'must be off or a whole number from 1 to 100'
  }),
  'policy.codes.firstLock': wait,
  'policy.codes.longestLock': wait,
  'policy.codes.perAddressPerMinute': whole(0, 10_000),
  'policy.codes.trustedNetworks': exemptNetworks,
  'policy.selfReset.mailValidity': validity,
  'policy.selfReset.sheetValidity': validity,
  'policy.selfReset.portalValidity': validity,
  'policy.selfReset.selfService': yesOrNo,
  'policy.selfReset.appLink': appLink,
  'policy.selfReset.provisioningUrl': folderUrl,
  'policy.selfReset.settingsUrl': folderUrl,
  'policy.selfReset.completeUrl': folderUrl,
  'policy.selfReset.qrCodeUrl': baseUrl,
  'policy.selfReset.notifyProvisioned': yesOrNo,
  'policy.mobileClient.allowPinEntry': yesOrNo,
  'policy.mobileClient.allowOtcExtractionChoice': yesOrNo,
  'policy.mobileClient.allowStringBrowsing': yesOrNo,
  'policy.hideUnknownUsers': yesOrNo,
  'policy.log.keep': logKeep,
  'portal.enabled': yesOrNo,
  'portal.tls': yesOrNo,
  'portal.certificateFile': filePath,
  'portal.keyFile': filePath,
  'portal.trustedProxies': proxies,
  'portal.address': hostName('must be an IP address or host name to listen on'),
  'portal.port': whole(1, 65_535)
} as const

export type SettingKey = keyof typeof settingSchemas
export type Settings = { [Key in SettingKey]: z.output<(typeof settingSchemas)[Key]> }

export const settingKeys = Object.keys(settingSchemas) as SettingKey[]
export const settingKey = z.enum(settingKeys as [SettingKey, ...SettingKey[]])

export function isSettingKey(text: string): text is SettingKey {
  return Object.hasOwn(settingSchemas, text)
}

/** What the settings are until somebody sets them; the Site ID is drawn at first start, the URLs follow host and port. */
export const settingDefaults: Omit<
  Settings,
  | 'server.siteId'
  | 'policy.selfReset.provisioningUrl'
  | 'policy.selfReset.settingsUrl'
  | 'policy.selfReset.completeUrl'
  | 'policy.selfReset.qrCodeUrl'
> = {
  'server.name': 'Provision Console',
  'server.host': '127.0.0.1',
  'server.port': 8443,
  'server.usesSsl': true,
  'server.connectionType': 'proxy',
  'policy.codes.alphabet': 'base32',
  'policy.codes.length': 10,
  'policy.codes.wrongAttempts': 5,
  'policy.codes.endAfterWrongAttempts': 'off',
  'policy.codes.firstLock': '30s',
  'policy.codes.longestLock': '1h',
  'policy.codes.perAddressPerMinute': 10,
  'policy.codes.trustedNetworks': [],
  'policy.selfReset.mailValidity': '24h',
  'policy.selfReset.sheetValidity': '7d',
  'policy.selfReset.portalValidity': '10m',
  'policy.selfReset.selfService': false,
  'policy.selfReset.appLink': 'mobileclient:{url3}',
  'policy.selfReset.notifyProvisioned': true,
  'policy.mobileClient.allowPinEntry': false,
  'policy.mobileClient.allowOtcExtractionChoice': false,
  'policy.mobileClient.allowStringBrowsing': false,
  'policy.hideUnknownUsers': false,
  'policy.log.keep': 'off',
  'portal.enabled': true,
  'portal.tls': true,
  'portal.certificateFile': '',
  'portal.keyFile': '',
  'portal.trustedProxies': [],
  'portal.address': '127.0.0.1',
  'portal.port': 8443
}

/** A setting with its present value, for lists on a screen or in the command line. */
export const settingEntry = z.object({
  key: z.union([
    settingKey,
    z.custom<TransportSettingKey>((key) => typeof key === 'string' && readTransportKey(key) !== null)
  ]),
  /** A secret's value is never shown: true when there is one, null when not. */
  value: z.unknown(),
  isDefault: z.boolean()
})
export type SettingEntry = z.infer<typeof settingEntry>

/** Host as it stands in a URL: an IPv6 address in brackets. */
export function urlHost(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
}

/** Where phones are told to go. */
export function publicAddress(server: Pick<Settings, 'server.host' | 'server.port' | 'server.usesSsl'>): string {
  const scheme = server['server.usesSsl'] ? 'https' : 'http'
  return `${scheme}://${urlHost(server['server.host'])}:${server['server.port']}`
}

/** What the four URLs are until one is set by hand. */
export function defaultUrls(server: Pick<Settings, 'server.host' | 'server.port' | 'server.usesSsl'>) {
  const portal = `${publicAddress(server)}/userportal`
  return {
    'policy.selfReset.provisioningUrl': `${portal}/provision/`,
    'policy.selfReset.settingsUrl': `${portal}/getsettings/`,
    'policy.selfReset.completeUrl': `${portal}/complete/`,
    'policy.selfReset.qrCodeUrl': `${portal}/getQRCode?text=`
  }
}
