import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openDatabase } from '../../../../src/main/store/sqlite/open.ts'
import { startReadingThread } from '../../../../src/main/store/sqlite/reading-thread.ts'
import { readSettings, writeSetting } from '../../../../src/main/settings/settings-store.ts'
import { createTestFolder, openTestConsole } from '../../../support/console.ts'

async function openFile() {
  const file = path.join(createTestFolder(), 'console.db')
  const database = await openDatabase(file)
  onTestFinished(() => database.close())
  return { file, ...database }
}

describe('reads in a thread', () => {
  it('see at once what was written before', async () => {
    const { db, reads, readInThread } = await openFile()
    readInThread()
    for (const value of [1, 2, 3]) {
      await writeSetting(db, 'a', value, 0)
      expect(await readSettings(reads)).toEqual(await readSettings(db))
    }
  })

  it('answer as the connection itself does', async () => {
    const { db, reads, readInThread } = await openFile()
    await writeSetting(db, 'ключ', 'Zoë “1” \u0000', 0)
    const direct = await reads.selectFrom('settings').selectAll().execute()
    readInThread()
    expect(await reads.selectFrom('settings').selectAll().execute()).toEqual(direct)
  })

  it('write nothing', async () => {
    const { reads, readInThread } = await openFile()
    readInThread()
    await expect(reads.transaction().execute((transaction) => readSettings(transaction))).rejects.toThrow('only reads')
  })

  it('leave this thread free while a long one runs', async () => {
    const { file } = await openFile()
    const thread = startReadingThread(file)
    onTestFinished(() => thread.close())
    let turns = 0
    const counting = setInterval(() => turns++, 1)
    await thread.run(
      'with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000000) select max(i) from n',
      []
    )
    clearInterval(counting)
    expect(turns).toBeGreaterThan(0)
  })

  it('fail as better-sqlite3 does, and the next one is answered', async () => {
    const { file } = await openFile()
    const thread = startReadingThread(file)
    onTestFinished(() => thread.close())
    await expect(thread.run('select * from nothing_there', [])).rejects.toMatchObject({
      code: 'SQLITE_ERROR',
      message: 'no such table: nothing_there'
    })
    expect(await thread.run('select ? as a', [7])).toEqual([{ a: 7 }])
  })

  it('are refused after the end, and whoever waits then is told', async () => {
    const { file } = await openFile()
    const thread = startReadingThread(file)
    const first = thread.run('select 1 as a', [])
    await thread.close()
    expect(await first).toEqual([{ a: 1 }])
    await expect(thread.run('select 1', [])).rejects.toThrow('has ended')
  })

  it('go on after a restore has put another database in its place', async () => {
    const console = await openTestConsole()
    onTestFinished(console.subscribe(() => undefined))
    await console.call('users:add', { username: 'jdoe', group: 'Staff' })
    const passphrase = 'correct horse battery'
    const act = { actor: 'tester' }
    const { content } = await console.backups.create(passphrase, act)
    await console.call('users:remove', { selection: { usernames: ['jdoe'] } })
    expect(await console.call('users:count', { filter: {} })).toEqual({ users: 0 })
    await console.backups.restore({ content }, passphrase, act)
    expect(await console.call('users:count', { filter: {} })).toEqual({ users: 1 })
  })
})
