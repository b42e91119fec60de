import type { LookupFunction } from 'node:net'
import { isIP } from 'node:net'
import { scopeOfHost } from '../../shared/host-scope.ts'
import type { Settings } from '../../shared/settings.ts'

/** What a portal's address is made of. */
export type PortalPlace = Pick<Settings, 'server.host' | 'server.port' | 'portal.address' | 'portal.port'>

/** Whether an address leads to this server's own portal, be it by its public address or by the one that it listens on. */
export function isOwnPortal(url: string, settings: PortalPlace): boolean {
  const { protocol, hostname, port } = new URL(url)
  const asked = `${bare(hostname)} ${port === '' ? (protocol === 'https:' ? 443 : 80) : port}`
  const own = [
    `${bare(settings['server.host'])} ${settings['server.port']}`,
    `${bare(settings['portal.address'])} ${settings['portal.port']}`
  ]
  return own.includes(asked)
}

/**
 * Addresses that only this machine and its neighbours reach, cloud services' own ones (169.254.169.254) among them. Whoever can
 * enter an address must not learn through this program what answers there.
 */
export function isInside(address: string): boolean {
  // A connection to “this network” ends at this machine.
  if (/^0\.|^::(?:ffff:0\.\d|ffff:0:|$)/i.test(bare(address))) return true
  const scope = scopeOfHost(address)
  return scope === 'loopback' || scope === 'private'
}

/** Connects to addresses that were looked up before: a name service that answers otherwise the next time leads nowhere else. */
export function pinnedLookup(addresses: readonly string[]): LookupFunction {
  return (_host, options, callback) => {
    const known = addresses.map((address) => ({ address, family: isIP(address) }))
    const [first] = known
    if (!first) callback(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), '', 0)
    else if (options.all === true) callback(null, known)
    else callback(null, first.address, first.family)
  }
}

function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '').toLowerCase()
}
