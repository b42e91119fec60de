import { newestVersion } from '../store/migrations.ts'
import { readSqliteVersion } from '../store/sqlite/open.ts'
import { productName, version } from '../system/version.ts'
import type { Services } from '../services.ts'
import type { HandlersOf } from './dispatch.ts'

export function createVersionHandlers({ db }: Services): HandlersOf<'version'> {
  return {
    'version:get': async () => ({
      name: productName,
      version,
      schema: newestVersion,
      node: process.versions.node,
      sqlite: await readSqliteVersion(db)
    })
  }
}
