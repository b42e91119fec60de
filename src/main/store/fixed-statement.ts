import { CompiledQuery } from 'kysely'
import type { Db } from './schema.ts'

/**
 * Runs a statement whose text is always the same, and which an attempt or the log needs each time: Kysely takes longer to build
 * it anew than SQLite takes to run it. In the dialect that both databases speak; the row's type is the caller's to know.
 */
export async function runFixed<Row>(db: Db, text: string, parameters: readonly unknown[]): Promise<Row[]> {
  const { rows } = await db.executeQuery<Row>(CompiledQuery.raw(text, [...parameters]))
  return rows
}

/** The same for a statement that changes rows: how many it hit. */
export async function changeFixed(db: Db, text: string, parameters: readonly unknown[]): Promise<number> {
  const { numAffectedRows } = await db.executeQuery(CompiledQuery.raw(text, [...parameters]))
  return Number(numAffectedRows ?? 0n)
}
