import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { sql } from 'kysely'
import { describe, expect, it, onTestFinished } from 'vitest'
import { chunkRows, firstChunkRows, type Act } from '../../../src/main/system/operation.ts'
import { openDatabase } from '../../../src/main/store/sqlite/open.ts'
import type { Db } from '../../../src/main/store/schema.ts'
import { insertGroup } from '../../../src/main/groups/group-store.ts'
import { forEachChunk } from '../../../src/main/users/selection.ts'
import { composeRow } from '../../../src/main/users/user-service.ts'
import { insertUsers, markUsersRemoved, setUsersDisabled, type UserRow } from '../../../src/main/users/user-store.ts'
import type { UserSelection } from '../../../src/shared/user.ts'
import { createTestFolder } from '../../support/console.ts'
import { refusalCode } from '../../support/refusal.ts'
import { AppError } from '../../../src/shared/errors.ts'

const everybody: UserSelection = { filter: {} }

/** A database with users `user1`, `user2` and so on, whose ids are those numbers. */
async function createUsers(count: number, file = ':memory:'): Promise<Db> {
  const { db, close } = await openDatabase(file)
  onTestFinished(close)
  const groupId = await insertGroup(db, {
    name: 'Staff',
    name_key: 'staff',
    mobile_client: 1,
    self_provision: 0,
    created_at_ms: 0
  })
  const rows = Array.from({ length: count }, (_, index) =>
    composeRow({ username: `user${index + 1}`, name: '', email: '', phone: '', groupId })
  )
  for (let start = 0; start < count; start += 500) await insertUsers(db, rows.slice(start, start + 500), 0)
  return db
}

type Work = (rows: UserRow[], skip: (username: string, reason: string) => void) => Promise<void>

/** Runs the act over a selection and keeps the sizes of the chunks, and the users it was done to. */
async function run(db: Db, selection: UserSelection, work: Work = async () => undefined, act: Partial<Act> = {}) {
  const sizes: number[] = []
  const usernames: string[] = []
  const outcome = await forEachChunk(db, selection, 0, { actor: 'tester', ...act }, async (rows, skip) => {
    await work(rows, skip)
    sizes.push(rows.length)
    usernames.push(...rows.map(({ username }) => username))
  })
  return { sizes, usernames, ...outcome }
}

const diskFull = () => new BetterSqlite3.SqliteError('database or disk is full', 'SQLITE_FULL')

describe('an act on a selection', () => {
  it('is done in chunks of at most 500 to all that match, each once', async () => {
    const db = await createUsers(1201)
    await markUsersRemoved(db, [7], 0)
    const { sizes, usernames, skipped, stopped } = await run(db, everybody)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(chunkRows)
    expect(new Set(usernames).size).toBe(1200)
    expect(usernames).not.toContain('user7')
    expect([skipped, stopped]).toEqual([[], null])
  })

  it('is done to nobody when nobody matches', async () => {
    const db = await createUsers(1)
    expect(await run(db, { filter: { disabled: true } })).toMatchObject({ sizes: [], stopped: null })
    expect(await run(db, { usernames: [] })).toMatchObject({ sizes: [], skipped: [], stopped: null })
  })

  it('reaches all that matched at its start though it makes them match no longer', async () => {
    const db = await createUsers(1100)
    const disable: Work = (rows) =>
      setUsersDisabled(
        db,
        rows.map(({ id }) => id),
        true,
        0
      )
    expect((await run(db, { filter: { disabled: false } }, disable)).usernames).toHaveLength(1100)
  })

  it('is done once to a user who is named in several ways, and names those whom nobody has', async () => {
    const db = await createUsers(3)
    await markUsersRemoved(db, [3], 0)
    const { usernames, skipped } = await run(db, {
      usernames: ['user1', ' USER1 ', 'User2', 'user3', 'nobody', '', '__proto__']
    })
    expect(usernames.toSorted()).toEqual(['user1', 'user2'])
    const reason = 'there is no such user'
    expect(skipped.map(({ username }) => username)).toEqual(['user3', 'nobody', '', '__proto__'])
    expect(new Set(skipped.map((one) => one.reason))).toEqual(new Set([reason]))
  })

  it('takes names in chunks too', async () => {
    const db = await createUsers(600)
    const names = Array.from({ length: 700 }, (_, index) => `user${index + 1}`)
    const { sizes, usernames, skipped } = await run(db, { usernames: names })
    expect([sizes.length > 1, new Set(usernames).size, usernames.length, skipped.length]).toEqual([true, 600, 600, 100])
  })

  it('lists whom the act itself leaves out', async () => {
    const db = await createUsers(2)
    const { skipped } = await run(db, everybody, async (rows, skip) =>
      skip(rows[0]?.username ?? '', 'the user is disabled')
    )
    expect(skipped).toEqual([{ username: 'user1', reason: 'the user is disabled' }])
  })

  it('tells how far it is, up to the end', async () => {
    const db = await createUsers(1100)
    for (const selection of [
      everybody,
      { usernames: Array.from({ length: 1100 }, (_, index) => `user${index + 1}`) }
    ]) {
      const told: string[] = []
      await run(db, selection, undefined, { onProgress: (done, total) => void told.push(`${done}/${total}`) })
      expect([told[0], told.at(-1)]).toEqual([`${firstChunkRows}/1100`, '1100/1100'])
      expect(new Set(told).size).toBe(told.length)
    }
  })
})

describe('an act that does not reach its end', () => {
  it('keeps what was done before a later chunk failed, and says why it stopped', async () => {
    const db = await createUsers(1100)
    for (const selection of [
      everybody,
      { usernames: Array.from({ length: 1100 }, (_, index) => `user${index + 1}`) }
    ]) {
      let chunks = 0
      const { sizes, stopped } = await run(db, selection, async () => {
        if (++chunks === 2) throw diskFull()
      })
      expect(sizes).toEqual([firstChunkRows])
      expect(stopped).toContain('is full')
    }
  })

  it('is refused as a whole when its first chunk fails', async () => {
    const db = await createUsers(1100)
    const refuse: Work = () => Promise.reject(new AppError('disk-full', 'It is full.'))
    expect(await refusalCode(() => run(db, everybody, refuse))).toBe('disk-full')
  })

  it('says the same when the users of a later chunk cannot be read', async () => {
    const file = path.join(createTestFolder(), 'console.db')
    const db = await createUsers(1100, file)
    await sql.raw('pragma wal_checkpoint(truncate)').execute(db)
    const { sizes, stopped } = await run(db, everybody, async () => {
      writeFileSync(file, readFileSync(file).fill(0xa5, 4096))
      // Forgets what it has read of the file.
      await sql.raw('pragma cache_size = 1').execute(db)
      await sql.raw('pragma shrink_memory').execute(db)
    })
    expect(sizes).toEqual([firstChunkRows])
    expect(stopped).toContain('is damaged')
  })

  it('is an error when something unexpected fails, in whatever chunk', async () => {
    const db = await createUsers(1100)
    for (const failing of [1, 2]) {
      let chunks = 0
      const act = run(db, everybody, async () => {
        if (++chunks === failing) throw new TypeError('on purpose')
      })
      await expect(act).rejects.toThrow('on purpose')
    }
  })

  it('stops after the chunk in which it was cancelled', async () => {
    const db = await createUsers(1100)
    for (const selection of [
      everybody,
      { usernames: Array.from({ length: 1100 }, (_, index) => `user${index + 1}`) }
    ]) {
      const stopping = new AbortController()
      const cancel: Work = async () => stopping.abort()
      const { sizes, stopped } = await run(db, selection, cancel, { signal: stopping.signal })
      expect([sizes, stopped]).toEqual([[firstChunkRows], 'it was cancelled'])
    }
  })

  it('is not called cancelled when there was nothing left to stop', async () => {
    const db = await createUsers(firstChunkRows)
    const stopping = new AbortController()
    const { stopped } = await run(db, everybody, async () => stopping.abort(), { signal: stopping.signal })
    expect(stopped).toBeNull()
  })
})
