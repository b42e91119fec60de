import path from 'node:path'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { createAuditLog } from '../../../../src/main/store/audit-chain.ts'
import { openDatabase } from '../../../../src/main/store/sqlite/open.ts'
import { refusalOfDatabase } from '../../../../src/main/store/sqlite/refusals.ts'
import { createTimekeeper } from '../../../../src/main/store/time.ts'
import { createGroupService } from '../../../../src/main/groups/group-service.ts'
import { deriveKeys } from '../../../../src/main/keys/derived-keys.ts'
import { readSettings, writeSetting } from '../../../../src/main/settings/settings-store.ts'
import { createTestClock, createTestFolder } from '../../../support/console.ts'

/** Pages the file may have: SQLite then says of the disk that it is full. */
async function openSmall() {
  const { db, close } = await openDatabase(path.join(createTestFolder(), 'console.db'))
  await db.insertInto('server_state').values({ id: 1, high_water_ms: 0, key_check: '' }).execute()
  await writeSetting(db, 'kept', 'x', 0)
  const limitPages = (pages: number) => sql.raw(`pragma max_page_count = ${pages}`).execute(db)
  const check = async () => (await sql.raw('pragma integrity_check').execute(db)).rows
  return { db, close, limitPages, check }
}

describe('a full disk', () => {
  it('is named as such, and nothing of the transaction is there afterwards', async () => {
    const { db, close, limitPages, check } = await openSmall()
    await limitPages(1)
    const filling = db.transaction().execute(async (transaction) => {
      for (let row = 0; ; row++) await writeSetting(transaction, `row ${row}`, 'x'.repeat(1000), 0)
    })
    const error = await filling.catch((thrown: unknown) => thrown)
    expect(refusalOfDatabase(error)?.code).toBe('disk-full')
    expect([...(await readSettings(db)).keys()]).toEqual(['kept'])
    expect(await check()).toEqual([{ integrity_check: 'ok' }])

    await limitPages(100_000)
    await writeSetting(db, 'next', 'y', 0)
    expect((await readSettings(db)).size).toBe(2)
    await close()
  })

  it('lets a service write all of an act or none, and go on when there is room again', async () => {
    const { db, close, limitPages, check } = await openSmall()
    const audit = createAuditLog(deriveKeys(Buffer.alloc(32)).audit)
    const groups = createGroupService({ db, reads: db, time: createTimekeeper(createTestClock()), audit })
    await limitPages(1)
    let added = 0
    const addUntilFull = async () => {
      for (; added < 10_000; added++) await groups.add({ name: `${'long '.repeat(18)}${added}` }, { actor: 'tester' })
    }
    const error = await addUntilFull().catch((thrown: unknown) => thrown)
    expect(refusalOfDatabase(error)?.code).toBe('disk-full')
    expect(added).toBeGreaterThan(0)
    const [{ rows }, entries] = [
      await sql.raw<{ count: number }>('select count(*) as count from groups').execute(db),
      await audit.list(db, { limit: 10_000 })
    ]
    expect(rows).toEqual([{ count: added }])
    expect(entries).toHaveLength(added)
    expect((await audit.verify(db)).brokenRow).toBeNull()
    expect(await check()).toEqual([{ integrity_check: 'ok' }])
    await limitPages(100_000)
    await groups.add({ name: 'more' }, { actor: 'tester' })
    await close()
  })
})
