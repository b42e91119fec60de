import { runFixed } from '../database/fixed-statement.ts'
import type { Db } from '../database/schema.ts'

export async function readSettings(db: Db): Promise<Map<string, unknown>> {
  const rows = await runFixed<{ key: string; value: string }>(db, 'select key, value from settings', [])
  return new Map(rows.map(({ key, value }) => [key, JSON.parse(value) as unknown]))
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
