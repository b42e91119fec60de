import type { Selectable } from 'kysely'
import type { CodeChannel } from '../../shared/code.ts'
import type { DeviceRecord } from '../../shared/device.ts'
import { runFixed } from '../store/fixed-statement.ts'
import { expectOne, isHit } from '../store/rows.ts'
import type { Db, DevicesTable, Flag } from '../store/schema.ts'
import type { Write } from '../store/write.ts'

export type DeviceRow = Selectable<DevicesTable>

/** A user has at most one device: the new one takes the place, and with it the Id, of the earlier one. */
export async function putDevice(db: Db, row: DeviceRow): Promise<void> {
  const { user_id, id_hash, secret, generation, provisioned_at_ms, code_id, address } = row
  await runFixed(
    db,
    `insert into devices (user_id, id_hash, secret, generation, provisioned_at_ms, code_id, address)
     values (?, ?, ?, ?, ?, ?, ?)
     on conflict (user_id) do update set
       id_hash = excluded.id_hash,
       secret = excluded.secret,
       generation = excluded.generation,
       provisioned_at_ms = excluded.provisioned_at_ms,
       code_id = excluded.code_id,
       address = excluded.address`,
    [user_id, id_hash, secret, generation, provisioned_at_ms, code_id, address]
  )
}

export interface DeviceOwner {
  device: DeviceRow
  username: string
  isDisabled: boolean
  isRemoved: boolean
  hasMobileClient: boolean
}

export async function findDevice(db: Db, idHash: string): Promise<DeviceOwner | undefined> {
  const row = await db
    .selectFrom('devices')
    .innerJoin('users', 'users.id', 'devices.user_id')
    .innerJoin('groups', 'groups.id', 'users.group_id')
    .selectAll('devices')
    .select(['users.username', 'users.disabled', 'users.removed_at_ms', 'groups.mobile_client'])
    .where('devices.id_hash', '=', idHash)
    .executeTakeFirst()
  if (!row) return undefined
  const { username, disabled, removed_at_ms, mobile_client, ...device } = row
  return {
    device,
    username,
    isDisabled: disabled === (1 satisfies Flag),
    isRemoved: removed_at_ms !== null,
    hasMobileClient: mobile_client === 1
  }
}

/** The user's device with the code that set it up, or null. */
export async function findDeviceRecord(db: Db, userId: number): Promise<DeviceRecord | null> {
  const row = await db
    .selectFrom('devices')
    .innerJoin('codes', 'codes.id', 'devices.code_id')
    .select([
      'devices.provisioned_at_ms',
      'devices.address',
      'devices.generation',
      'codes.id',
      'codes.channel',
      'codes.issued_at_ms'
    ])
    .where('devices.user_id', '=', userId)
    .executeTakeFirst()
  if (!row) return null
  const { provisioned_at_ms, address, generation, id, channel, issued_at_ms } = row
  return {
    provisionedAtMs: provisioned_at_ms,
    address,
    generation,
    code: { id, channel: channel as CodeChannel, issuedAtMs: issued_at_ms }
  }
}

/**
 * Records a download; the strings of the generation before are void from then on. False where the device is another by now, or
 * its strings were downloaded meanwhile: no generation is handed out twice.
 */
export async function setGeneration(write: Write, device: DeviceRow, generation: number): Promise<boolean> {
  const result = await write
    .updateTable('devices')
    .set({ generation })
    .where('user_id', '=', device.user_id)
    .where('id_hash', '=', device.id_hash)
    .where('generation', '=', device.generation)
    .executeTakeFirstOrThrow()
  if (!isHit(result)) return false
  const shown = await write
    .updateTable('users')
    .set({ app_state: 'provisioned' })
    .where('id', '=', device.user_id)
    .executeTakeFirstOrThrow()
  expectOne(shown, 'the user of a device shows that it has strings')
  return true
}

export async function deleteDevices(db: Db, userIds: number[]): Promise<void> {
  await db.deleteFrom('devices').where('user_id', 'in', userIds).execute()
  await db.updateTable('users').set({ app_state: 'none', provisioned_at_ms: null }).where('id', 'in', userIds).execute()
}
