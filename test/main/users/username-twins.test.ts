import path from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { composeRow } from '../../../src/main/users/user-service.ts'
import { usernameLook } from '../../../src/main/users/username-twins.ts'
import { openTestConsole, type TestConsole } from '../../support/console.ts'
import { refusalOf } from '../../support/refusal.ts'

const hidden = 'zero\u200bwidth'
const spelled = 'zero‹U+200B›width'

/** A user as a program of before the rules against hidden characters let them in. */
async function addOldUser(console: TestConsole, username: string, name = ''): Promise<void> {
  const [group] = await console.call('groups:list', {})
  const sqlite = new BetterSqlite3(path.join(console.folder, 'console.db'))
  sqlite
    .prepare(
      `insert into users (username, username_key, name, name_key, email, phone, search_text, group_id, created_at_ms, updated_at_ms)
       values (@username, @username_key, @name, @name_key, @email, @phone, @search_text, @group_id, 5, 5)`
    )
    .run(composeRow({ username, name, email: 'old@example.com', phone: '', groupId: group?.id ?? 0 }))
  sqlite.close()
}

const importLines = (console: TestConsole, lines: string[]) =>
  console.call('users:import', { content: Buffer.from(lines.join('\n')) })

describe('a new user whose name looks like another’s', () => {
  it('is refused, and the other is named so that the difference is seen', async () => {
    const console = await openTestConsole()
    await addOldUser(console, hidden)
    const reason = `looks the same as that of the user “${spelled}”`
    for (const username of ['zerowidth', 'ZeroWidth', 'ｚｅｒｏwidth']) {
      expect(await refusalOf(() => console.call('users:add', { username, group: 'Staff' }))).toMatchObject({
        code: 'user-exists',
        message: `The username ${reason}.`,
        details: { username: reason }
      })
    }
    await console.call('users:add', { username: 'zero-width', group: 'Staff' })
    const change = { username: 'zerowidth' }
    expect(await refusalOf(() => console.call('users:set', { username: 'zero-width', change }))).toMatchObject({
      code: 'user-exists'
    })
    const report = await importLines(console, ['username,name', 'zerowidth,Z', 'fine,F'])
    expect(report).toMatchObject({ written: false, rejected: [{ line: 2, column: 'username', reason }] })
  })

  it('is refused where the new one is the odd one, in the database or in the same file', async () => {
    const console = await openTestConsole()
    await console.call('users:add', { username: 'Finn', group: 'Staff' })
    const reason = 'looks the same as that of the user “Finn”'
    expect(await refusalOf(() => console.call('users:add', { username: 'Ｆinn', group: 'Staff' }))).toMatchObject({
      details: { username: reason }
    })
    const report = await importLines(console, ['username', 'Ｆinn', 'Ada１', 'ada1', 'Дарья', 'ada2'])
    expect(report).toMatchObject({
      added: 0,
      rejected: [
        { line: 2, column: 'username', reason },
        { line: 4, column: 'username', reason: 'looks the same as that on line 3' }
      ]
    })
  })

  it('takes the name of one who was removed', async () => {
    const console = await openTestConsole()
    await addOldUser(console, hidden)
    await console.call('users:remove', { selection: { usernames: [hidden] } })
    expect(await console.call('users:add', { username: 'zerowidth', group: 'Staff' })).toMatchObject({
      username: 'zerowidth'
    })
  })
})

it('what a name looks like is without what is shown as nothing', () => {
  expect(usernameLook('Ze\u00adro\u2060W\ufe0fidth\u{e0041}')).toBe('zerowidth')
})

describe('a user of before the rules', () => {
  it('can be changed but for what breaks them', async () => {
    const console = await openTestConsole()
    await addOldUser(console, hidden, 'Ann\u202egpj')
    const changed = await console.call('users:set', { username: hidden, change: { email: 'new@example.com' } })
    expect(changed).toMatchObject({ username: hidden, name: 'Ann\u202egpj', email: 'new@example.com' })
    const change = { name: 'Bob\u202egpj' }
    expect(await refusalOf(() => console.call('users:set', { username: hidden, change }))).toMatchObject({
      code: 'invalid-input'
    })
    expect(await console.call('users:set', { username: hidden, change: { username: 'plain' } })).toMatchObject({
      username: 'plain'
    })
  })

  it('is unchanged by an import of its own export, also beside its twin', async () => {
    const console = await openTestConsole()
    await console.call('users:add', { username: 'zerowidth', group: 'Staff' })
    await addOldUser(console, hidden, 'Ann\u202egpj')
    const { content } = await console.call('users:export', { selection: { filter: {} } })
    expect(await console.call('users:import', { content })).toMatchObject({ unchanged: 2, rejected: [], written: true })
    const lines = ['username,name,email', `${hidden},Ann\u202egpj,other@example.com`]
    expect(await importLines(console, lines)).toMatchObject({ updated: 1, rejected: [] })
    expect(await importLines(console, ['username,name', `${hidden},Bob\u202egpj`])).toMatchObject({
      rejected: [{ line: 2, column: 'name' }]
    })
  })
})
