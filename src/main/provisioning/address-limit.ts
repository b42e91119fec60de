import ipaddr from 'ipaddr.js'
import type { Settings } from '../../shared/settings.ts'
import type { Db } from '../store/schema.ts'
import { countAddressFailures, deleteAddressFailuresBefore, insertAddressFailure } from './address-limit-store.ts'

const windowMs = 60_000
/** Failed attempts over several users that make an address one that tries names, not one where somebody mistyped. */
const sprayedAttempts = 5
/** An IPv6 customer has at least so much to choose addresses from. */
const networkBits = 64

/** How one network address may attempt: what was counted against it, and how the next failure is. */
export interface AddressLimit {
  /** Why it may not attempt for now, before anybody has looked whom it tries; null when it may. */
  refusal: 'attempts' | 'users' | null
  /** To be called in the same transaction for an attempt that was a wrong guess. */
  charge(usernameKey: string): Promise<void>
}

const unlimited: AddressLimit = { refusal: null, charge: async () => undefined }

/**
 * Looks at an address within the transaction of its attempt. Only guesses of the last minute count, over all programs on the
 * folder, and not what was refused unread. Trusted networks are exempt, and 0 a minute means no limit at all.
 */
export async function limitOfAddress(
  transaction: Db,
  policy: Settings,
  address: string,
  nowMs: number
): Promise<AddressLimit> {
  const perMinute = policy['policy.codes.perAddressPerMinute']
  if (perMinute === 0 || isWithin(address, policy['policy.codes.trustedNetworks'])) return unlimited
  const key = addressKey(address)
  const { attempts, names } = await countAddressFailures(transaction, key, nowMs - windowMs)
  const isSpraying = names > 1 && attempts >= sprayedAttempts
  return {
    refusal: attempts >= perMinute ? 'attempts' : isSpraying ? 'users' : null,
    async charge(usernameKey) {
      // The table holds a minute of failures and no more, however many addresses there are.
      await deleteAddressFailuresBefore(transaction, nowMs - windowMs)
      await insertAddressFailure(transaction, { address_key: key, username_key: usernameKey, at_ms: nowMs })
    }
  }
}

/** Under what an address is counted: IPv6 by its /64, of which a client has all. */
export function addressKey(address: string): string {
  const parsed = parseAddress(address)
  if (!parsed) return address.slice(0, 100)
  if (parsed.kind() === 'ipv4') return parsed.toString()
  const bytes = parsed.toByteArray().map((byte, index) => (index < networkBits / 8 ? byte : 0))
  return `${ipaddr.fromByteArray(bytes).toString()}/${networkBits}`
}

/** Whether an address lies in one of the networks; one that is none lies nowhere. */
export function isWithin(address: string, networks: readonly string[]): boolean {
  const parsed = parseAddress(address)
  if (!parsed) return false
  return networks.some((network) => {
    const [base, bits] = ipaddr.parseCIDR(network)
    return parsed.kind() === base.kind() && parsed.match(base, bits)
  })
}

/** An IPv4 address mapped into IPv6 is the IPv4 address. A zone (`fe80::1%eth0`) names an interface of this machine. */
function parseAddress(address: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  const bare = address.replace(/%.*$/, '')
  return ipaddr.isValid(bare) ? ipaddr.process(bare) : null
}
