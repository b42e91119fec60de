import { createHash } from 'node:crypto'
import type { DevicePolicy } from '../../shared/device.ts'
import type { Settings } from '../../shared/settings.ts'
import type { Random } from '../system/clock.ts'
import type { Db } from '../store/schema.ts'
import type { Store } from '../store/store.ts'
import type { DerivedKeys } from '../keys/derived-keys.ts'
import { seal, unseal } from '../keys/seal.ts'
import { findDevice, putDevice, setGeneration } from './device-store.ts'
import { deriveSecurityStrings } from './security-strings.ts'

export interface DeviceParts {
  keys: DerivedKeys
  random: Random
}

/** Random bits of the Id an app is known by: 192, of which a guesser would need all. */
const idBytes = 24

/** Sets up the user's one app within the transaction that used up the code; the earlier app's Id is void with it. */
export async function provisionDevice(
  { keys, random }: DeviceParts,
  transaction: Db,
  device: { userId: number; codeId: number; address: string; nowMs: number }
): Promise<string> {
  const id = random.bytes(idBytes).toString('base64url')
  await putDevice(transaction, {
    user_id: device.userId,
    id_hash: hashId(id),
    secret: seal(keys.sealing, random.bytes(32), secretPlace(device.userId)).toString('base64url'),
    generation: 0,
    provisioned_at_ms: device.nowMs,
    code_id: device.codeId,
    address: device.address
  })
  return id
}

/** Hundred new strings for the app with this Id, or null when the Id is void or its user may not use an app (any more). */
export async function downloadSecurityStrings(
  { store, keys }: DeviceParts & { store: Store },
  request: { id: string; address: string }
): Promise<string[] | null> {
  if (request.id === '') return null
  return store.writeTogether({ actor: 'portal' }, async (write) => {
    const owner = await findDevice(write, hashId(request.id))
    // An Id nobody has leaves no row: strangers could otherwise fill the log.
    if (!owner) return null
    const user = { id: owner.device.user_id, username: owner.username }
    const reason = owner.isRemoved
      ? 'user-removed'
      : owner.isDisabled
        ? 'user-disabled'
        : owner.hasMobileClient
          ? null
          : 'no-mobile-client-right'
    const detail = { address: request.address }
    if (reason !== null) {
      await write.record({ kind: 'strings.refused', user, detail: { ...detail, reason } })
      return null
    }
    const secret = unseal(keys.sealing, Buffer.from(owner.device.secret, 'base64url'), secretPlace(user.id))
    if (!secret) throw new Error(`the secret of the device of user ${user.id} cannot be unsealed`)
    const generation = owner.device.generation + 1
    if (!(await setGeneration(write, owner.device, generation))) return null
    await write.record({ kind: 'strings.downloaded', user, detail: { ...detail, generation } })
    return deriveSecurityStrings(secret, generation)
  })
}

/** The three switches of Policy › Mobile Client as the app gets them with its strings. */
export function devicePolicies(settings: Settings): DevicePolicy[] {
  const policy = (id: string, allowed: boolean) => ({
    id,
    section: 'MobileClient',
    show: true,
    value: allowed ? 'YES' : 'NO'
  })
  return [
    policy('AllowPinEntry', settings['policy.mobileClient.allowPinEntry']),
    policy('AllowOtcExtractionChoice', settings['policy.mobileClient.allowOtcExtractionChoice']),
    policy('AllowStringBrowsing', settings['policy.mobileClient.allowStringBrowsing'])
  ]
}

/** The Id is 192 random bits, so a plain hash keeps it secret from whoever reads the database. */
function hashId(id: string): string {
  return createHash('sha256').update(id, 'utf8').digest('base64url')
}

function secretPlace(userId: number): string {
  return `devices/secret/${userId}`
}
