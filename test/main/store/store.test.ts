import path from 'node:path'
import { randomBytes, createSecretKey } from 'node:crypto'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Topic } from '../../../src/shared/events.ts'
import { createAuditLog } from '../../../src/main/store/audit-chain.ts'
import { expectOne, expectRows, isHit } from '../../../src/main/store/rows.ts'
import { openDatabase } from '../../../src/main/store/sqlite/open.ts'
import { createStore } from '../../../src/main/store/store.ts'
import { createTimekeeper } from '../../../src/main/store/time.ts'
import type { Write } from '../../../src/main/store/write.ts'
import { createTestClock, createTestFolder, testStartMs } from '../../support/console.ts'

const act = { actor: 'tester' }

async function openTestStore() {
  const file = path.join(createTestFolder(), 'console.db')
  const database = await openDatabase(file)
  onTestFinished(() => database.close())
  const clock = createTestClock()
  const audit = createAuditLog(createSecretKey(randomBytes(32)))
  const store = createStore(database, { time: createTimekeeper(clock), audit })
  await database.db
    .insertInto('server_state')
    .values({ id: 1, high_water_ms: testStartMs, key_check: 'check' })
    .execute()
  return { store, database, clock, audit, file }
}

const setName = (write: Write, key: string, value: string) =>
  write.insertInto('settings').values({ key, value, updated_at_ms: write.nowMs }).execute()

const keysOf = async ({ store }: Awaited<ReturnType<typeof openTestStore>>) =>
  (await store.read.selectFrom('settings').select('key').orderBy('key').execute()).map(({ key }) => key)

describe('the store', () => {
  it('commits what a write wrote with what it recorded, at one time and under the name of who acts', async () => {
    const opened = await openTestStore()
    const { store, audit, database } = opened
    const nowMs = await store.write(act, async (write) => {
      await setName(write, 'a', '1')
      await write.record({ kind: 'settings.changed' }, { actor: 'portal', kind: 'folder.created' })
      return write.nowMs
    })
    expect(nowMs).toBe(testStartMs)
    expect(await keysOf(opened)).toEqual(['a'])
    const entries = await audit.list(database.db, { limit: 10 })
    expect(entries.map(({ actor, kind, atMs }) => [actor, kind, atMs])).toEqual([
      ['portal', 'folder.created', testStartMs],
      ['tester', 'settings.changed', testStartMs]
    ])
  })

  it('takes back all of a write that fails, and tells nobody', async () => {
    const opened = await openTestStore()
    const { store, audit, database } = opened
    const told: unknown[] = []
    onTestFinished(store.watch((topics) => told.push(topics)))
    const failing = store.write(act, async (write) => {
      await setName(write, 'a', '1')
      await write.record({ kind: 'settings.changed' })
      write.changed('settings')
      throw new Error('it fails')
    })
    await expect(failing).rejects.toThrow('it fails')
    expect(await keysOf(opened)).toEqual([])
    expect(await audit.list(database.db, { limit: 10 })).toEqual([])
    expect(told).toEqual([])
  })

  it('takes back one step of a write where its error is caught, steps within steps too', async () => {
    const opened = await openTestStore()
    await opened.store.write(act, async (write) => {
      await setName(write, 'a', '1')
      await write.savepoint(async () => {
        await setName(write, 'b', '1')
        const inner = write.savepoint(async () => {
          await setName(write, 'c', '1')
          throw new Error('the inner step')
        })
        await expect(inner).rejects.toThrow('the inner step')
      })
      const step = write.savepoint(async () => {
        await setName(write, 'd', '1')
        throw new Error('the step')
      })
      await expect(step).rejects.toThrow('the step')
    })
    expect(await keysOf(opened)).toEqual(['a', 'b'])
  })

  it('tells of changed topics after the commit, and of another program’s writes without their topics', async () => {
    const { store, file } = await openTestStore()
    const other = new BetterSqlite3(file, { readonly: true })
    onTestFinished(() => void other.close())
    const seen: (readonly [Topic[] | null, unknown])[] = []
    const isThere = () => other.prepare("select count(*) from settings where key = 'a'").pluck().get()
    const heard = new Promise<void>((resolve) => {
      onTestFinished(
        store.watch((topics) => {
          seen.push([topics && [...topics], isThere()])
          if (topics === null) resolve()
        })
      )
    })
    await store.write(act, async (write) => {
      await setName(write, 'a', '1')
      write.changed('settings', 'log', 'settings')
    })
    expect(seen).toEqual([[['settings', 'log'], 1]])
    const writer = new BetterSqlite3(file)
    writer.exec("insert into settings values ('elsewhere', '1', 0)")
    writer.close()
    await heard
    expect(seen.at(-1)?.[0]).toBeNull()
  })
})

describe('writes that come together', () => {
  it('share commits, and each keeps its own result, error and rows', async () => {
    const opened = await openTestStore()
    const { store, file } = opened
    const watcher = new BetterSqlite3(file, { readonly: true })
    onTestFinished(() => void watcher.close())
    const version = () => watcher.pragma('data_version', { simple: true }) as number
    let commits = 0
    let last = version()
    const outcomes = await Promise.allSettled(
      Array.from({ length: 40 }, async (_, index) => {
        const result = await store.writeTogether({ actor: `phone ${index}` }, async (write) => {
          await setName(write, `key ${index}`, '1')
          if (index % 10 === 3) throw new Error(`number ${index}`)
          return [index, write.operation.actor]
        })
        // What is answered is committed.
        expect(watcher.prepare('select 1 from settings where key = ?').pluck().get(`key ${index}`)).toBe(1)
        if (version() !== last) {
          commits++
          last = version()
        }
        return result
      })
    )
    for (const [index, outcome] of outcomes.entries()) {
      if (index % 10 === 3) expect(outcome).toMatchObject({ status: 'rejected', reason: new Error(`number ${index}`) })
      else expect(outcome).toMatchObject({ status: 'fulfilled', value: [index, `phone ${index}`] })
    }
    expect(await keysOf(opened)).toHaveLength(36)
    expect(commits).toBeGreaterThan(0)
    expect(commits).toBeLessThan(36)
  })

  it('all fail where not even a transaction begins, and none waits for ever', async () => {
    const { store, database } = await openTestStore()
    await database.db.destroy()
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => store.writeTogether(act, async () => 1)))
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  })
})

describe('what a statement hit', () => {
  it('is one row at most where somebody else may have been first', () => {
    expect([isHit({ numUpdatedRows: 1n }), isHit({ numUpdatedRows: 0n })]).toEqual([true, false])
    expect(() => isHit({ numDeletedRows: 2n })).toThrow('2 were')
    expect(() => expectOne({ numUpdatedRows: 0n }, 'a device is set up')).toThrow('a device is set up: 0 rows')
    expect(() => expectRows({ numInsertedOrUpdatedRows: 3n }, 3, 'codes are written')).not.toThrow()
  })
})

describe('an attempt within a write', () => {
  it('is kept where it says so, and else taken back with no more statements', async () => {
    const opened = await openTestStore()
    await opened.store.write(act, async (write) => {
      const keep = (key: string, isKept: boolean) =>
        write.attempt(async () => {
          await setName(write, key, '1')
          return isKept
        })
      expect([await keep('a', true), await keep('b', false), await keep('c', true)]).toEqual([true, false, true])
    })
    expect(await keysOf(opened)).toEqual(['a', 'c'])
  })
})
