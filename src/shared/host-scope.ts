/** From where a host can be reached; of a name that cannot be told. */
export const hostScopes = ['loopback', 'private', 'public', 'name'] as const
export type HostScope = (typeof hostScopes)[number]

/** First address and length of prefix. RFC 1918, RFC 6598 (carrier-grade NAT), RFC 3927 (link-local). */
const privateNetworks: readonly (readonly [string, number])[] = [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16]
]

/** From where an address can be reached. A name is taken as it is: what it means to a phone cannot be asked from here. */
export function scopeOfHost(host: string): HostScope {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase()
  if (bare === 'localhost' || bare.endsWith('.localhost')) return 'loopback'
  if (bare.includes(':')) return scopeOfIpv6(bare)
  const number = ipv4Number(bare)
  return number === null ? 'name' : scopeOfIpv4(number)
}

function scopeOfIpv4(number: number): HostScope {
  if (isWithin(number, '127.0.0.0', 8)) return 'loopback'
  return privateNetworks.some(([first, length]) => isWithin(number, first, length)) ? 'private' : 'public'
}

/** RFC 4291 (loopback, link-local, mapped IPv4 addresses), RFC 4193 (unique local). */
function scopeOfIpv6(bare: string): HostScope {
  const groups = ipv6Groups(bare)
  if (groups === null) return 'name'
  const [first = 0, ...others] = groups
  const isZeroUntil = (end: number) => groups.slice(0, end).every((group) => group === 0)
  if (isZeroUntil(7) && others.at(-1) === 1) return 'loopback'
  if (isZeroUntil(5) && groups[5] === 0xffff) return scopeOfIpv4((groups[6] ?? 0) * 65_536 + (groups[7] ?? 0))
  return (first & 0xffc0) === 0xfe80 || (first & 0xfe00) === 0xfc00 ? 'private' : 'public'
}

function isWithin(number: number, first: string, length: number): boolean {
  const size = 2 ** (32 - length)
  return Math.floor(number / size) === Math.floor((ipv4Number(first) ?? 0) / size)
}

function ipv4Number(text: string): number | null {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return null
  const octets = text.split('.').map(Number)
  return octets.every((octet) => octet < 256) ? octets.reduce((number, octet) => number * 256 + octet, 0) : null
}

/** The eight groups of an address in any of its writings; the URL parser brings it into the shortest one. */
function ipv6Groups(text: string): number[] | null {
  const url = `http://[${text}]/`
  if (!URL.canParse(url)) return null
  const [head = '', tail] = new URL(url).hostname.slice(1, -1).split('::')
  const numbers = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)))
  if (tail === undefined) return numbers(head)
  const [before, after] = [numbers(head), numbers(tail)]
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after]
}
