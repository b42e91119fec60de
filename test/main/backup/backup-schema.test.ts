import { writeFileSync } from 'node:fs'
import path from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { expect, it } from 'vitest'
import { findForeignSchema } from '../../../src/main/backup/backup-schema.ts'
import { newestVersion } from '../../../src/main/store/migrations.ts'
import { openDatabase } from '../../../src/main/store/sqlite/open.ts'
import { createTestFolder } from '../../support/console.ts'
import { refusalOf } from '../../support/refusal.ts'
import { backUp, openServer, restore, sealCheaply, unseal } from './restoring.ts'

const forgeries = [
  'create trigger t after insert on audit begin delete from codes; end',
  'create view v as select 1',
  'create table extra (id integer)',
  'create index i on users (upper(name))',
  'alter table users add column extra text generated always as (upper(name))',
  'drop index codes_one_live',
  `pragma writable_schema = on; update sqlite_schema set sql = replace(sql, 'id = 1', 'id < 9') where name = 'server_state'`,
  `delete from kysely_migration where name = '003-reprovision-links'`,
  'pragma user_version = 3'
]

async function makeDatabase(): Promise<string> {
  const file = path.join(createTestFolder(), 'console.db')
  await (await openDatabase(file)).close()
  return file
}

function change(file: string, statement: string): void {
  const sqlite = new BetterSqlite3(file)
  sqlite.unsafeMode(true)
  sqlite.exec(statement)
  sqlite.close()
}

it('a database as this program makes it has no foreign schema', async () => {
  const file = await makeDatabase()
  expect(await findForeignSchema(file, newestVersion)).toBeNull()
  change(file, 'vacuum')
  expect(await findForeignSchema(file, newestVersion)).toBeNull()
})

it.each(forgeries)('what was done to a schema is found: %s', async (statement) => {
  const file = await makeDatabase()
  change(file, statement)
  expect(await findForeignSchema(file, newestVersion)).not.toBeNull()
})

it('a backup with a trigger in it is refused, and the folder stays as it was', async () => {
  const console = await openServer(['ann'])
  const { head, content } = await unseal(await backUp(console))
  await console.close()
  const forged = path.join(createTestFolder(), 'forged.db')
  writeFileSync(forged, content)
  change(forged, 'create trigger t after insert on audit begin delete from codes; end')
  const sqlite = new BetterSqlite3(forged)
  const file = await sealCheaply({ head, content: sqlite.serialize() })
  sqlite.close()
  const { code, message } = await refusalOf(() => restore(console.folder, file))
  expect(code).toBe('file-unreadable')
  expect(message).toContain('the trigger “t” does not belong in it')
})
