import type { Migration } from 'kysely/migration'
import { initial } from './migrations/001-initial.ts'

/** In order; the name's number is the schema version that the migration reaches. */
export const migrations: Record<string, Migration> = {
  '001-initial': initial
}

export const newestVersion = Object.keys(migrations).length
