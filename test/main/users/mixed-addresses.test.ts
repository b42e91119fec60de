import { expect, it } from 'vitest'
import { openMailConsole } from '../../support/mail-console.ts'

it('an address that mixes scripts is taken with a warning, and a plan of mails counts and lists it', async () => {
  const console = await openMailConsole(1)
  const lines = [
    'username,email,group',
    'mixed,ann@ex\u0430mple.com,Staff',
    'machine,ann@xn--exmple-4nf.com,Staff',
    'whole,иван@пример.рф,Staff'
  ]
  const report = await console.call('users:import', { content: Buffer.from(lines.join('\n')) })
  const reason = 'mixes Latin and Cyrillic letters in “ex\u0430mple”'
  expect(report).toMatchObject({
    added: 3,
    rejected: [],
    warnings: [
      { line: 2, column: 'email', reason },
      { line: 3, column: 'email', reason }
    ]
  })
  const request = { selection: { filter: {} } }
  expect(await console.call('mail:plan', request)).toMatchObject({ recipients: 4, mixed: 2 })
  const { users } = await console.call('mail:planned', { ...request, list: 'mixed' })
  expect(users.map(({ username }) => username)).toEqual(['mixed', 'machine'])
})
