import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatCsvLine, withoutFormulaGuard } from '../../../src/main/system/csv-line.ts'
import { openTestConsole, type TestConsole } from '../../support/console.ts'

async function exportAll(console: TestConsole): Promise<Buffer> {
  const { content } = await console.call('users:export', { selection: { filter: {} } })
  return Buffer.from(content)
}

async function listed(console: TestConsole) {
  const { users } = await console.call('users:list', { limit: 500 })
  return users.map(({ username, name, email, phone, group }) => ({ username, name, email, phone, group }))
}

/** Words of every direction and plane, and what spreadsheets, CSV and HTML take for something else. */
const word = fc.constantFrom(
  'Ann',
  'Дарья',
  'Παύλος',
  'دانا',
  'שרה',
  '山田太郎',
  'राज',
  'ไพลิน',
  '홍길동',
  'Ọlá',
  'ﬁ',
  '𝔘𝔫𝔦',
  '👩🏽‍💻',
  'O’Hara',
  'a\u200db',
  '"',
  '""',
  ',',
  ';',
  "'",
  '=1+1',
  '+44',
  '-7',
  '@here',
  "'=x",
  '<b>',
  '|',
  '%0A'
)
const text = fc.array(word, { maxLength: 4 }).map((words) => words.join(' ').trim())
const username = text
  .map((value) =>
    value
      // Refused in a username.
      .replace(/[/<>"\p{Default_Ignorable_Code_Point}]/gu, '')
      .normalize('NFC')
      .trim()
  )
  .filter((value) => value !== '' && [...value].length <= 64 && encodeURIComponent(value).length < 190)
const phone = fc.constantFrom('', '+44 7700 900123', '-1', '(030) 12', '+49-30-1 ext. 5')
const email = fc.constantFrom('', 'ann@example.com', '-x@example.com', '=a@example.com', '+tag@exämple.com')
const group = fc.constantFrom('Staff', '=Cmd', '@Night', "'-Odd", 'Überstunden, Nacht')

describe('an export of users', () => {
  it('read back by an import gives the same users, whatever they are called', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.record({ username, name: text, email, phone, group }), {
          selector: ({ username: name }) => name.toLowerCase().toUpperCase().toLowerCase(),
          minLength: 1,
          maxLength: 20
        }),
        async (users) => {
          const from = await openTestConsole()
          for (const name of ['=Cmd', '@Night', "'-Odd", 'Überstunden, Nacht']) await from.call('groups:add', { name })
          for (const user of users) await from.call('users:add', user)
          const content = await exportAll(from)
          const to = await openTestConsole()
          const report = await to.call('users:import', { content, createGroups: true })
          expect(report).toMatchObject({ rejected: [], added: users.length })
          expect(await listed(to)).toEqual(await listed(from))
          // And it changes nothing where they are already.
          expect(await from.call('users:import', { content })).toMatchObject({ unchanged: users.length, rejected: [] })
          await from.close()
          await to.close()
        }
      ),
      { numRuns: 25 }
    )
  })

  it('holds no field that a spreadsheet would take for a formula', async () => {
    const console = await openTestConsole()
    const names = ['=HYPERLINK("http://evil")', '+1', '-1', '@SUM(A1)', "'=1"]
    for (const [index, name] of names.entries()) {
      await console.call('users:add', { username: `-user${index}`, name, phone: '+44 1', group: 'Staff' })
    }
    const lines = (await exportAll(console)).toString('utf8').split('\r\n')
    expect(lines[0]).toBe('\ufeffusername,name,email,group,phone,disabled,app,code,code ends,app set up')
    expect(lines.slice(1, -1)).toEqual([
      `'-user0,"'=HYPERLINK(""http://evil"")",,Staff,'+44 1,no,none,none,,`,
      `'-user1,'+1,,Staff,'+44 1,no,none,none,,`,
      `'-user2,'-1,,Staff,'+44 1,no,none,none,,`,
      `'-user3,'@SUM(A1),,Staff,'+44 1,no,none,none,,`,
      `'-user4,''=1,,Staff,'+44 1,no,none,none,,`
    ])
  })

  it('is of the selected users alone, tells their states, and is recorded', async () => {
    const console = await openTestConsole()
    await console.call('users:import', { content: Buffer.from('username\nann\nbob\ncy\n') })
    await console.call('codes:issue', { selection: { usernames: ['bob'] }, validForMs: 60_000 })
    await console.call('users:disable', { selection: { usernames: ['cy'] } })
    const endsMs = console.clock.nowMs() + 60_000
    console.clock.advance(61_000)
    const { content, users } = await console.call('users:export', { selection: { usernames: ['bob', 'cy', 'nobody'] } })
    expect(users).toBe(2)
    expect(Buffer.from(content).toString('utf8').split('\r\n').slice(1)).toEqual([
      `bob,,,Staff,,no,none,expired,${new Date(endsMs).toISOString()},`,
      'cy,,,Staff,,yes,none,none,,',
      ''
    ])
    const { entries } = await console.call('log:list', { limit: 1 })
    expect(entries).toMatchObject([{ kind: 'users.exported', detail: { users: 2 } }])
  })
})

describe('the guard against formulas', () => {
  it('is put before what begins a formula, and taking it away gives back any text', () => {
    const start = fc.constantFrom('', "'", "''", '=', '+', '-', '@', '\t', '\0')
    fc.assert(
      fc.property(fc.tuple(start, start, fc.string()), (parts) => {
        const field = parts.join('')
        const line = formatCsvLine([field])
        const written = line.startsWith('"') ? line.slice(1, -3).replaceAll('""', '"') : line.slice(0, -2)
        expect(written).not.toMatch(/^[=+\-@\t\0]/)
        expect(withoutFormulaGuard(written)).toBe(field)
      })
    )
  })
})
