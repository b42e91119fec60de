import type { CompiledQuery } from 'kysely'
import type { Db } from './schema.ts'

/**
 * Compiles a query when it is first asked for, and runs that for good: for statements so short and so frequent that compiling
 * them costs more than running them. The parameters are those of the compiled query, in its order.
 */
export function compileOnce<Row>(
  compile: (db: Db) => CompiledQuery<Row>
): (db: Db, parameters: readonly unknown[]) => Promise<Row | undefined> {
  let compiled: CompiledQuery<Row> | undefined
  return async (db, parameters) => {
    compiled ??= compile(db)
    const { rows } = await db.executeQuery<Row>({ ...compiled, parameters })
    return rows[0]
  }
}
