import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { sql } from 'kysely'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createAuditLog, usersDetail } from '../../../src/main/store/audit-chain.ts'
import { openDatabase } from '../../../src/main/store/sqlite/open.ts'
import { deriveKeys } from '../../../src/main/keys/derived-keys.ts'

const keys = deriveKeys(Buffer.alloc(32, 1))

/** A log of so many rows over a database in memory, and statements that somebody else runs on it. */
async function createLog(rows: number) {
  const { db, close } = await openDatabase(':memory:')
  onTestFinished(close)
  const audit = createAuditLog(keys.audit)
  const appendAll = (numbers: number[]) =>
    db.transaction().execute(async (transaction) => {
      for (const number of numbers) {
        await audit.append(transaction, 1000 + number, {
          actor: 'tester',
          kind: 'user.added',
          user: { id: number, username: `user ${number}` },
          detail: { number }
        })
      }
    })
  await appendAll(Array.from({ length: rows }, (_, index) => index + 1))
  const append = (number: number) => appendAll([number])
  const tamper = (statement: string) => sql.raw(statement).execute(db)
  const findBroken = () => audit.verify(db).then(({ brokenRow }) => brokenRow)
  return { db, audit, append, tamper, findBroken }
}

describe('the audit log', () => {
  it('lists the newest first, pages on, and of one user where asked', async () => {
    const { db, audit } = await createLog(5)
    const idsOf = async (page: Parameters<typeof audit.list>[1]) => (await audit.list(db, page)).map(({ id }) => id)
    expect(await idsOf({ limit: 2 })).toEqual([5, 4])
    expect(await idsOf({ limit: 2, beforeId: 4 })).toEqual([3, 2])
    expect(await idsOf({ limit: 9, userId: 3 })).toEqual([3])
    expect(await idsOf({ limit: 9, userId: 0 })).toEqual([])
    expect(await audit.list(db, { limit: 1 })).toEqual([
      { id: 5, atMs: 1005, actor: 'tester', kind: 'user.added', username: 'user 5', detail: { number: 5 } }
    ])
  })

  it('is written with what it tells of or not at all', async () => {
    const { db, audit, findBroken } = await createLog(1)
    const failing = db.transaction().execute(async (transaction) => {
      await audit.append(transaction, 0, { actor: 'tester', kind: 'user.added' })
      throw new Error('on purpose')
    })
    await expect(failing).rejects.toThrow('on purpose')
    expect(await audit.list(db, { limit: 9 })).toHaveLength(1)
    expect(await findBroken()).toBeNull()
  })
})

describe('verify', () => {
  it('finds nothing in a log as it was written, be it empty, short or longer than is read at once', async () => {
    for (const rows of [0, 1, 2001]) expect(await (await createLog(rows)).findBroken()).toBeNull()
  })

  it('finds nothing whatever was recorded, half a character and numbers of every size among it', async () => {
    const { db, audit, findBroken } = await createLog(0)
    const text = fc.string({ unit: 'binary' })
    const odd = fc.oneof(text, fc.constantFrom('\ud800', 'a\0b', '\udc00\ud800', 'é', 'é'))
    await fc.assert(
      fc.asyncProperty(
        odd,
        odd,
        fc.dictionary(odd, fc.jsonValue()),
        fc.integer({ min: 0 }),
        async (actor, username, detail, atMs) => {
          await db
            .transaction()
            .execute((transaction) =>
              audit.append(transaction, atMs, { actor, username, kind: 'attempt.refused', detail })
            )
          expect(await findBroken()).toBeNull()
        }
      ),
      { numRuns: 60 }
    )
  })

  it.each<[what: string, statement: string, brokenId: number]>([
    ['a changed time', 'update audit set at_ms = at_ms + 1 where id = 4', 4],
    ['a changed actor', "update audit set actor = 'nobody' where id = 4", 4],
    ['a changed kind', "update audit set kind = 'user.changed' where id = 4", 4],
    ['a changed user', 'update audit set user_id = 1 where id = 4', 4],
    ['a user taken out', 'update audit set user_id = null where id = 4', 4],
    ['a changed name', "update audit set username = 'user 1' where id = 4", 4],
    ['a changed detail', "update audit set detail = '{}' where id = 4", 4],
    ['a detail written otherwise', 'update audit set detail = \'{ "number": 4 }\' where id = 4', 4],
    ['a changed MAC', 'update audit set mac = (select mac from audit where id = 3) where id = 4', 4],
    ['an empty MAC', "update audit set mac = '' where id = 4", 4],
    ['a MAC of another kind', 'update audit set mac = 7 where id = 4', 4],
    ['a MAC of bytes', "update audit set mac = x'00' where id = 4", 4],
    ['a number as text', 'update audit set actor = 7 where id = 4', 4],
    ['the first row changed', "update audit set actor = 'nobody' where id = 1", 1],
    ['the last row changed', "update audit set actor = 'nobody' where id = 7", 7],
    ['the first row deleted', 'delete from audit where id = 1', 1],
    ['a row deleted', 'delete from audit where id = 4', 4],
    ['rows deleted in the middle', 'delete from audit where id in (3, 4, 5)', 3],
    [
      'a row deleted and those after it renumbered',
      'delete from audit where id = 4; update audit set id = id - 1 where id > 4',
      4
    ],
    [
      'two rows in each other’s place',
      'update audit set id = 100 where id = 3; update audit set id = 3 where id = 4; update audit set id = 4 where id = 100',
      3
    ],
    [
      'a copy put in at the end',
      'insert into audit select 8, at_ms, actor, kind, user_id, username, detail, mac from audit where id = 7',
      8
    ],
    [
      'a copy put in far behind',
      'insert into audit select 900, at_ms, actor, kind, user_id, username, detail, mac from audit where id = 7',
      8
    ],
    [
      'a copy put in before the first',
      'insert into audit select 0, at_ms, actor, kind, user_id, username, detail, mac from audit where id = 7',
      0
    ],
    [
      'a copy put in far before the first',
      'insert into audit select -9, at_ms, actor, kind, user_id, username, detail, mac from audit where id = 1',
      -9
    ],
    ['a first row in another’s place', 'delete from audit where id < 3; update audit set id = id - 2', 1]
  ])('names the row of %s', async (_what, statements, brokenId) => {
    const { tamper, findBroken } = await createLog(7)
    for (const statement of statements.split('; ')) await tamper(statement)
    expect(await findBroken()).toBe(brokenId)
  })

  it('names the first of several, also far behind what is read at once', async () => {
    const { tamper, findBroken } = await createLog(1500)
    await tamper("update audit set actor = 'nobody' where id in (1400, 1300)")
    expect(await findBroken()).toBe(1300)
  })

  it('goes on naming it after more was recorded', async () => {
    const { append, tamper, findBroken } = await createLog(3)
    await tamper('update audit set at_ms = 0 where id = 2')
    for (const number of [4, 5]) await append(number)
    expect(await findBroken()).toBe(2)
  })

  it('names a row that is genuine, but of a log that was cut off and went on otherwise', async () => {
    const { append, tamper, findBroken } = await createLog(5)
    await tamper('create temp table kept as select * from audit where id = 5')
    await tamper('delete from audit where id > 3')
    for (const number of [6, 7]) await append(number)
    await tamper('delete from audit where id = 5')
    await tamper('insert into audit select * from kept')
    expect(await findBroken()).toBe(5)
  })

  it('finds every row wrong under another key', async () => {
    const { db } = await createLog(2)
    expect((await createAuditLog(deriveKeys(randomBytes(32)).audit).verify(db)).brokenRow).toBe(1)
  })

  it('cannot prove that nothing is missing at the end, nor that the log is not a new one', async () => {
    const { append, tamper, findBroken } = await createLog(5)
    await tamper('delete from audit where id > 3')
    expect(await findBroken()).toBeNull()
    await append(4)
    expect(await findBroken()).toBeNull()
    await tamper('delete from audit')
    expect(await findBroken()).toBeNull()
  })
})

describe('usersDetail', () => {
  it('lists the users of an entry that speaks for several', () => {
    expect(usersDetail([{ username: 'a' }])).toEqual({})
    expect(usersDetail([{ username: 'a' }, { username: 'b' }])).toEqual({ users: ['a', 'b'] })
  })
})
