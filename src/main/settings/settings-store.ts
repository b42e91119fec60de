import { AppError } from '../../shared/errors.ts'
import { runFixed } from '../store/fixed-statement.ts'
import type { Db } from '../store/schema.ts'

/** Throws `database-damaged`. */
export async function readSettings(db: Db): Promise<Map<string, unknown>> {
  const rows = await runFixed<{ key: string; value: string }>(db, 'select key, value from settings', [])
  return new Map(rows.map(({ key, value }) => [key, parseStored(key, value)]))
}

function parseStored(key: string, value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    throw damagedSetting(key, 'its value cannot be read')
  }
}

export function damagedSetting(key: string, reason: string): AppError {
  return new AppError('database-damaged', `The setting ${key} in the database is damaged: ${reason}. Restore a backup.`)
}

export async function writeSetting(db: Db, key: string, value: unknown, nowMs: number): Promise<void> {
  const row = { key, value: JSON.stringify(value), updated_at_ms: nowMs }
  await db
    .insertInto('settings')
    .values(row)
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: row.value, updated_at_ms: nowMs }))
    .execute()
}

export async function deleteSetting(db: Db, key: string): Promise<void> {
  await db.deleteFrom('settings').where('key', '=', key).execute()
}
