import { readFileSync } from 'node:fs'
import path from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { Kysely } from 'kysely'
import { Migrator, type Migration } from 'kysely/migration'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ImmediateSqliteDialect } from '../../../src/main/store/sqlite/dialect.ts'
import { migrations, newestVersion } from '../../../src/main/store/migrations.ts'
import { openDatabase } from '../../../src/main/store/sqlite/open.ts'
import { createTestFolder } from '../../support/console.ts'

const newFile = () => path.join(createTestFolder(), 'console.db')
const names = Object.keys(migrations)

/** SQLite's application_id of our files: “PrvC”. */
const ourMark = 0x50727643

interface Look {
  version: unknown
  mark: unknown
  schema: { name: string; sql: string }[]
}

/** What another program sees in the file. */
function lookAt(file: string): Look {
  const sqlite = new BetterSqlite3(file, { readonly: true })
  const look = {
    version: sqlite.pragma('user_version', { simple: true }),
    mark: sqlite.pragma('application_id', { simple: true }),
    schema: sqlite
      .prepare('select name, sql from sqlite_schema where sql is not null order by name')
      .all() as Look['schema']
  }
  sqlite.close()
  return look
}

/** A file as the program of an earlier schema version left it, with `fill` run over its tables. */
async function createOldFile(version: number, fill: (sqlite: BetterSqlite3.Database) => void): Promise<string> {
  const file = newFile()
  if (version === 0) return file
  const sqlite = new BetterSqlite3(file)
  sqlite.pragma('journal_mode = wal')
  const db = new Kysely<unknown>({
    dialect: new ImmediateSqliteDialect({ database: sqlite }, () => sqlite.inTransaction)
  })
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error } = await migrator.migrateTo(names[version - 1] ?? '')
  if (error !== undefined) throw error
  sqlite.pragma(`application_id = ${ourMark}`)
  sqlite.pragma(`user_version = ${version}`)
  fill(sqlite)
  sqlite.close()
  return file
}

/** Rows to find again after the migration that follows a version, by that version: one entry for each migration but the first. */
const rowsAfter: Record<number, { fill(sqlite: BetterSqlite3.Database): void; check(file: string): void }> = {
  1: {
    fill(sqlite) {
      sqlite.exec("insert into groups values (1, 'Staff', 'staff', 1, 0, 5)")
      const insert = sqlite.prepare(
        `insert into users (username, username_key, name, email, phone, search_text, group_id, code_state, code_expires_at_ms, removed_at_ms, created_at_ms, updated_at_ms)
         values (?, ?, ?, ?, '', '', 1, ?, ?, ?, 5, 6)`
      )
      // More than one batch of them.
      for (let i = 0; i < 1100; i++) insert.run(`u${i}`, `u${i}`, `Name ${i}`, '', 'none', null, null)
      insert.run('ada', 'ada', 'Ölga Dvořák', 'Ada@Example.com', 'live', 7000, null)
      insert.run('gone', 'gone', 'Gone', '', 'used', 8000, 9000)
      sqlite.exec(`
        update users set app_state = 'provisioned', provisioned_at_ms = 8500 where username = 'gone';
        insert into codes values (7, 1102, 'hash', 'used', 'desk', 1, 8000, 8500);
        insert into devices values (3, 1102, 'id hash', 'secret', 2, 8500, 7, '192.0.2.1')`)
    },
    check(file) {
      const sqlite = new BetterSqlite3(file, { readonly: true })
      const rows = sqlite
        .prepare(
          `select username, name_key, email_key, code_rank, code_expires_key, app_rank from users where username in ('ada', 'gone', 'u1099') order by username`
        )
        .raw()
        .all()
      expect(rows).toEqual([
        ['ada', 'olga dvorak', 'ada@example.com', 4, 7000, 0],
        ['gone', 'gone', '', 5, 8000, 2],
        ['u1099', 'name 1099', '', 0, 0, 0]
      ])
      expect(sqlite.prepare('select * from devices').raw().all()).toEqual([
        [1102, 'id hash', 'secret', 2, 8500, 7, '192.0.2.1']
      ])
      expect(sqlite.pragma('foreign_key_check')).toEqual([])
      expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok')
      sqlite.close()
    }
  },
  2: {
    fill(sqlite) {
      sqlite.exec("insert into groups values (1, 'Staff', 'staff', 1, 0, 5)")
      const insert = sqlite.prepare(
        `insert into users (username, username_key, name, email, phone, search_text, group_id, removed_at_ms, created_at_ms, updated_at_ms)
         values ('Ada', 'ada', '', '', '', '', 1, ?, 5, 6)`
      )
      for (const removedAtMs of [7, 8, null]) insert.run(removedAtMs)
    },
    check(file) {
      const sqlite = new BetterSqlite3(file, { readonly: true })
      const plan = sqlite
        .prepare("explain query plan select id from users where username_key = 'ada' and removed_at_ms is not null")
        .all()
      expect(JSON.stringify(plan)).toContain('users_removed_by_username')
      expect(sqlite.prepare('select count(*) from users').pluck().get()).toBe(3)
      expect(sqlite.prepare('select count(*) from reprovision_links').pluck().get()).toBe(0)
      expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok')
      sqlite.close()
    }
  },
  [names.indexOf('007-guessers-and-log-index')]: {
    fill(sqlite) {
      sqlite.exec("insert into lockouts values ('ada', 3, 1, 7000, 5)")
      const insert = sqlite.prepare(
        "insert into audit (id, at_ms, actor, kind, user_id, username, detail, mac) values (?, 5, 'x', ?, ?, '', ?, '')"
      )
      // More than one batch of them.
      for (let id = 1; id <= 10_500; id++) insert.run(id, 'attempt.refused', 1, '{"users":["none"]}')
      insert.run(10_501, 'users.disabled', null, '{"users":["ada","eve"]}')
      insert.run(10_502, 'users.imported', null, '{"added":["ada","ada",7],"updated":["bob"],"group":"ada"}')
      insert.run(10_503, 'users.moved', null, 'no JSON')
      insert.run(10_504, 'users.moved', null, '{"users":"ada"}')
    },
    check(file) {
      const sqlite = new BetterSqlite3(file, { readonly: true })
      expect(sqlite.prepare('select * from audit_users order by username, audit_id').raw().all()).toEqual([
        ['ada', 10_501],
        ['ada', 10_502],
        ['bob', 10_502],
        ['eve', 10_501]
      ])
      expect(sqlite.prepare('select count(*) from guessers').pluck().get()).toBe(0)
      expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok')
      sqlite.close()
    }
  },
  [names.indexOf('004-mail')]: {
    fill(sqlite) {
      sqlite.exec("insert into groups values (1, 'Staff', 'staff', 1, 0, 5)")
      sqlite.exec(
        `insert into users (username, username_key, name, email, phone, search_text, group_id, code_state, code_expires_at_ms, created_at_ms, updated_at_ms)
         values ('ada', 'ada', 'Ada', 'ada@example.com', '', '', 1, 'live', 7000, 5, 6)`
      )
    },
    check(file) {
      const sqlite = new BetterSqlite3(file, { readonly: true })
      const row = sqlite
        .prepare(
          'select users.username, users.code_sent_at_ms, groups.transport from users join groups on groups.id = users.group_id'
        )
        .raw()
        .get()
      expect(row).toEqual(['ada', null, 'default'])
      expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok')
      sqlite.close()
    }
  },
  [names.indexOf('005-sheets')]: {
    fill(sqlite) {
      sqlite.exec(
        "insert into groups (id, name, name_key, mobile_client, self_provision, created_at_ms) values (1, 'Staff', 'staff', 1, 0, 5)"
      )
      sqlite.exec(
        `insert into users (id, username, username_key, name, email, phone, search_text, group_id, created_at_ms, updated_at_ms)
         values (7, 'ada', 'ada', 'Ada', '', '', '', 1, 5, 6)`
      )
      sqlite.exec(
        `insert into codes (id, user_id, code_hash, state, channel, issued_at_ms, expires_at_ms)
         values (9, 7, 'hash', 'live', 'sheet', 5, 7000)`
      )
    },
    check(file) {
      const sqlite = new BetterSqlite3(file)
      sqlite.pragma('foreign_keys = on')
      sqlite.exec("insert into sheets values (1, 5, 'tester', 'L7160', '{}', 'made', '', 1, 7000)")
      sqlite.exec('insert into sheet_codes values (1, 0, 9)')
      expect(() => sqlite.exec('insert into sheet_codes values (1, 1, 10)')).toThrow('FOREIGN KEY')
      expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok')
      sqlite.close()
    }
  },
  [names.indexOf('006-figures')]: {
    fill(sqlite) {
      sqlite.exec(
        `insert into groups (id, name, name_key, mobile_client, self_provision, created_at_ms) values (1, 'Staff', 'staff', 1, 0, 5);
         insert into users (id, username, username_key, name, email, phone, search_text, group_id, created_at_ms, updated_at_ms)
         values (7, 'ada', 'ada', 'Ada', '', '', '', 1, 5, 6);
         insert into codes (user_id, code_hash, state, channel, issued_at_ms, expires_at_ms, ended_at_ms)
         values (7, 'a', 'used', 'desk', 5, 7000, 6000), (7, 'b', 'expired', 'desk', 6, 7000, 7000), (7, 'c', 'live', 'desk', 8, 9000, null);
         insert into audit values (1, 5, 'ann', 'backup.created', null, '', '{}', 'mac'), (2, 5, 'ann', 'user.added', 7, 'ada', '{}', 'mac')`
      )
    },
    check(file) {
      const sqlite = new BetterSqlite3(file, { readonly: true })
      const planOf = (query: string) => JSON.stringify(sqlite.prepare(`explain query plan ${query}`).all())
      expect(planOf('select count(*) from codes where issued_at_ms > 5')).toContain('codes_issued_at_ms')
      const ended = "from codes where state in ('used', 'expired') and state = 'used' and ended_at_ms > 5"
      expect(planOf(`select count(*) ${ended}`)).toContain('codes_ended_at_ms')
      expect(sqlite.prepare(`select code_hash ${ended}`).pluck().all()).toEqual(['a'])
      const backup =
        "select id from audit where kind in ('backup.created', 'mail.sample-sent') and kind = 'backup.created' order by id desc"
      expect(planOf(backup)).toContain('audit_landmarks')
      expect(sqlite.prepare(backup).pluck().all()).toEqual([1])
      expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok')
      sqlite.close()
    }
  },
  [names.indexOf('008-clock')]: {
    fill(sqlite) {
      sqlite.exec(
        `insert into server_state (id, high_water_ms, key_check) values (1, 9000, 'check');
         insert into audit values (1, 5, 'ann', 'time.set-right', null, '', '{}', 'mac')`
      )
    },
    check(file) {
      const sqlite = new BetterSqlite3(file, { readonly: true })
      expect(sqlite.prepare('select * from server_state').get()).toEqual({
        id: 1,
        high_water_ms: 9000,
        key_check: 'check',
        offset_ms: 0,
        base_offset_ms: 0,
        ahead_since_ms: null,
        machine: null,
        started_at_ms: 0
      })
      const starts = "select id from audit where kind = 'time.set-right' order by id"
      expect(JSON.stringify(sqlite.prepare(`explain query plan ${starts}`).all())).toContain('audit_time_set_right')
      expect(sqlite.prepare(starts).pluck().all()).toEqual([1])
      sqlite.close()
    }
  },
  [names.indexOf('009-own-addresses')]: {
    fill(sqlite) {
      sqlite.exec(`insert into settings values ('transport.default.host', '"mail.example.com"', 5)`)
    },
    check(file) {
      const sqlite = new BetterSqlite3(file)
      sqlite.exec("insert into own_addresses values ('ann', null, 'ann@example.com', 'sealed', 5, 5)")
      expect(() => sqlite.exec("insert into own_addresses values ('ann', null, null, null, 5, 5)")).toThrow('UNIQUE')
      expect(sqlite.prepare('select count(*) from settings').pluck().get()).toBe(1)
      sqlite.close()
    }
  }
}

describe('migrations', () => {
  it('are numbered without a gap, so that a version says which have run', () => {
    expect(names.map((name) => Number(name.slice(0, 3)))).toEqual(names.map((_, index) => index + 1))
    expect(newestVersion).toBe(names.length)
  })

  it.each(names.map((name, index) => [name, index] as const))(
    'reach the newest schema from before %s',
    async (_name, version) => {
      const rows = rowsAfter[version]
      const file = await createOldFile(version, (sqlite) => rows?.fill(sqlite))
      await (await openDatabase(file)).close()
      const fresh = newFile()
      await (await openDatabase(fresh)).close()
      expect(lookAt(file)).toEqual(lookAt(fresh))
      rows?.check(file)
      // A migration without such rows would be tried on empty tables alone.
      expect(rows !== undefined).toBe(version > 0)
    }
  )

  it('mark the file as ours and of this version', async () => {
    const file = newFile()
    await (await openDatabase(file)).close()
    const { version, mark, schema } = lookAt(file)
    expect([version, mark]).toEqual([newestVersion, ourMark])
    const tables = ['audit', 'codes', 'devices', 'groups', 'lockouts', 'server_state', 'settings', 'users']
    expect(schema.map(({ name }) => name)).toEqual(expect.arrayContaining(tables))
  })

  it('do nothing to a file that is up to date', async () => {
    const file = newFile()
    await (await openDatabase(file)).close()
    const before = readFileSync(file)
    await (await openDatabase(file)).close()
    expect(readFileSync(file)).toEqual(before)
  })

  it('leave nothing of one that fails half-way, and run whole the next time', async () => {
    const last = names.at(-1) ?? ''
    const good = migrations[last] as Migration
    onTestFinished(() => void (migrations[last] = good))
    const file = newFile()
    migrations[last] = {
      async up(db) {
        await good.up(db)
        throw new Error('on purpose')
      }
    }
    await expect(openDatabase(file)).rejects.toThrow('on purpose')
    expect(lookAt(file)).toEqual({ version: 0, mark: 0, schema: [] })
    migrations[last] = good
    await (await openDatabase(file)).close()
    expect(lookAt(file).version).toBe(newestVersion)
  })
})
