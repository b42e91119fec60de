import BetterSqlite3 from 'better-sqlite3'
import path from 'node:path'
import { expect, it } from 'vitest'
import { composeRow } from '../../../src/main/users/user-service.ts'
import { openTestConsole } from '../../support/console.ts'

const mebibyte = 2 ** 20
/** Users with texts about as long as they may be: some 1,100 bytes each. */
const users = 66_000

function addUsers(folder: string, groupId: number): void {
  const sqlite = new BetterSqlite3(path.join(folder, 'console.db'))
  const insert = sqlite.prepare(
    `insert into users (username, username_key, name, name_key, email, phone, search_text, group_id, created_at_ms, updated_at_ms)
     values (@username, @username_key, @name, @name_key, @email, @phone, @search_text, @group_id, 5, 5)`
  )
  const longName = '𝔘'.repeat(194)
  const longDomain = `${`${'d'.repeat(60)}.`.repeat(3)}example`
  sqlite.transaction(() => {
    for (let number = 0; number < users; number++) {
      const username = `user${number}`
      const email = `${username}@${longDomain}`
      // The search is not what is looked at here, and its texts would take most of the time.
      const row = composeRow({ username, name: username, email: '', phone: '', groupId })
      insert.run({ ...row, name: `${longName}${number % 10}`, email, phone: '+49 (30) 1234567-890' })
    }
  })()
  sqlite.close()
}

it('an export of more than 64 MiB is read back as it is, and changes nothing', async () => {
  const console = await openTestConsole()
  const [group] = await console.call('groups:list', {})
  addUsers(console.folder, group?.id ?? 0)
  const { content, users: exported } = await console.call('users:export', { selection: { filter: {} } })
  expect([exported, content.length > 64 * mebibyte]).toEqual([users, true])
  const report = await console.call('users:import', { content, dryRun: true })
  expect(report).toMatchObject({ unchanged: users, added: 0, updated: 0, rejected: [] })
})
