import BetterSqlite3 from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import { migrations } from '../store/migrations.ts'
import { readAside } from '../store/sqlite/reading-thread.ts'

interface SchemaObject {
  type: string
  name: string
  sql: string | null
}

const listObjects = 'select type, name, sql from sqlite_schema'

/**
 * What in a database's schema is not as the migrations of its version make it, or null. Whoever knows a backup's passphrase
 * could put triggers, views or expressions in it that act with the rights of this program. Only the schema's text is read, so
 * that none of it runs.
 */
export async function findForeignSchema(file: string, version: number): Promise<string | null> {
  const [actual] = await readAside<{ user_version: number }>(file, 'pragma user_version')
  if (actual?.user_version !== version) return `it is of version ${actual?.user_version}, not ${version}`
  const expected = await schemaOfVersion(version)
  const found = await readAside<SchemaObject>(file, listObjects)
  const seen = new Set<string>()
  for (const { type, name, sql } of found) {
    const place = `${type} ${name}`
    if (!expected.has(place) || seen.has(place)) return `the ${type} “${name.slice(0, 60)}” does not belong in it`
    if (expected.get(place) !== normalised(sql)) return `the ${type} “${name}” was changed`
    seen.add(place)
  }
  for (const place of expected.keys()) if (!seen.has(place)) return `the ${place} is missing`
  const applied = await readAside<{ name: string }>(file, 'select name from kysely_migration order by name')
  const isComplete = applied.map(({ name }) => name).join() === namesUpTo(version).join()
  return isComplete ? null : 'its list of migrations was changed'
}

function namesUpTo(version: number): string[] {
  return Object.keys(migrations).slice(0, version)
}

async function schemaOfVersion(version: number): Promise<Map<string, string | null>> {
  const sqlite = new BetterSqlite3(':memory:')
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database: sqlite }) })
  try {
    const target = namesUpTo(version).at(-1)
    if (version < 1 || target === undefined) return new Map()
    const { error } = await new Migrator({ db, provider: { getMigrations: async () => migrations } }).migrateTo(target)
    if (error) throw error
    const objects = sqlite.prepare<[], SchemaObject>(listObjects).all()
    return new Map(objects.map(({ type, name, sql }) => [`${type} ${name}`, normalised(sql)]))
  } finally {
    await db.destroy()
  }
}

function normalised(sql: string | null): string | null {
  return sql?.replace(/\s+/g, ' ').trim() ?? null
}
