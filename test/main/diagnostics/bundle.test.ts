import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { createTestFolder, openTestConsole, type TestConsole } from '../../support/console.ts'
import { confirmOwnAddress, transportTo } from '../../support/mail-console.ts'
import { openSmtpSink } from '../../support/smtp-sink.ts'

const passphrase = 'a passphrase of five words'
const secrets = { password: 'smtp-pass-8tK2', clientSecret: 'oauth-secret-w4Lq' }

interface Person {
  username: string
  name: string
  email: string
  phone: string
}

/** Everything that names a user in the log: imports, changes, codes, attempts, mails and the mail server's words, sheets, links. */
async function openBusyConsole(): Promise<{ console: TestConsole; people: Person[]; codes: string[] }> {
  const sink = await openSmtpSink({
    rcpt: (address) => (address.startsWith('a') ? `550 5.1.1 <${address}> is no user of ours` : null)
  })
  const console = await openTestConsole()
  await console.call('settings:set', {
    changes: {
      ...transportTo(sink.port),
      // A sender who is a user, and a file in a user's folder.
      'transport.default.sender': 'Petra Dvorak <pdvorak@example.com>',
      'transport.second.host': 'mail.example.com',
      'transport.second.authentication': 'oauth2',
      'transport.second.tenant': 'example.com',
      'transport.second.clientId': 'an-application',
      'transport.second.username': 'pdvorak@example.com',
      'transport.second.password': secrets.password,
      'transport.second.clientSecret': secrets.clientSecret,
      'portal.certificateFile': '/home/pdvorak/portal.crt',
      'portal.keyFile': '/home/pdvorak/portal.key'
    }
  })
  const content = readFileSync(path.resolve('test/support/data/users-1000.csv'))
  await console.call('users:import', { content, createGroups: true }, { actor: 'pdvorak (window)' })
  await console.call('key:add', { kind: 'passphrase', passphrase })
  const { users } = await console.call('users:list', { limit: 500 })
  const people = users.concat((await console.call('users:list', { skip: 500, limit: 500 })).users)
  const { issued } = await console.call('codes:issue', {
    selection: { usernames: people.slice(0, 40).map(({ username }) => username) },
    reveal: true
  })
  for (const [index, { username, code = '' }] of issued.entries()) {
    const provisioning = console.portal.provisioning
    await provisioning.provision({ username, code: 'WRONG12345', address: `198.51.100.${index}` })
    if (index % 2 === 0) await provisioning.provision({ username, code, address: `198.51.100.${index}` })
  }
  await console.call('users:set', {
    username: 'pdvorak',
    change: { name: 'Petra Nováková', email: 'petra@example.org', phone: '+420 555 0199' }
  })
  const some = (from: number, to: number) => ({
    selection: { usernames: people.slice(from, to).map(({ username }) => username) }
  })
  await console.call('mail:send', some(0, 60))
  await console.sendDue()
  await confirmOwnAddress(console, sink, 'pdvorak@example.com')
  await console.call('mail:toMe', { username: 'pdvorak' })
  await console.call('users:disable', some(70, 80))
  await console.call('users:unprovision', some(0, 3))
  await console.call('codes:withdraw', some(0, 90))
  await console.call('links:create', { username: 'pdvorak' }).catch(() => undefined)
  await console.call('backup:create', { passphrase })
  await console.call('users:remove', some(80, 82))
  const logs = path.join(console.folder, 'logs')
  mkdirSync(logs)
  appendFileSync(
    path.join(logs, 'provision.log'),
    `2026-05-04 09:00:00.000+02:00 [main] error The User Portal does not run: The certificate file /home/pdvorak/portal.crt cannot be read.
2026-05-04 09:00:01.000+02:00 [main] error The mail to pdvorak@example.com could not be composed. {
  username: 'pdvorak',
  name: 'Petra Dvorak'
}
`
  )
  return { console, people, codes: issued.map(({ code = '' }) => code) }
}

/** Whether the text says this as a word of its own. */
function says(text: string, word: string): boolean {
  if (word === '') return false
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'iu').test(text)
}

describe('a support bundle', () => {
  it('with pseudonyms names no user, and never holds a secret', async () => {
    const { console, people, codes } = await openBusyConsole()
    const { content, fileName } = await console.call('diagnostics:bundle', { pseudonyms: true })
    expect(fileName).toBe('provision-support-2026-05-04.json')
    const named = [
      ...people,
      { username: 'pdvorak', name: 'Petra Nováková', email: 'petra@example.org', phone: '+420 555 0199' }
    ].flatMap(({ username, name, email, phone }) =>
      [username, name, email, phone].filter((word) => says(content, word))
    )
    expect(named).toEqual([])
    expect(content).not.toMatch(/198\.51\.100\./)
    expectNoSecrets(content, codes)
    // It is of use all the same.
    const bundle = JSON.parse(content) as { log: { kind: string; username: string; detail: Record<string, unknown> }[] }
    expect(new Set(bundle.log.map(({ kind }) => kind)).size).toBeGreaterThan(8)
    expect(bundle.log.find(({ kind }) => kind === 'mail.failed')?.detail['response']).toMatch(/^550 5\.1\.1$/)
    expect(bundle.log.some(({ username }) => /^user-\d+$/.test(username))).toBe(true)
    expect(content).toContain('The certificate file (path) cannot be read.')
    expect(content).not.toMatch(/portal\.(crt|key)\b/)
  })

  it('without them names users by username alone, and still holds neither mail addresses nor secrets', async () => {
    const { console, codes } = await openBusyConsole()
    const { content } = await console.call('diagnostics:bundle', { pseudonyms: false })
    expect(says(content, 'pdvorak')).toBe(true)
    expect(content).not.toMatch(/[a-z.]@example\./i)
    expect(content).toContain('…@example.com')
    expect(content).not.toMatch(/portal\.(crt|key)\b/)
    expectNoSecrets(content, codes)
  })

  it('says of a new server that there is nothing to say yet', async () => {
    const console = await openTestConsole({ folder: createTestFolder() })
    const bundle = JSON.parse((await console.call('diagnostics:bundle', {})).content) as Record<string, unknown>
    expect(bundle).toMatchObject({ pseudonyms: true, users: { total: 0 }, programLog: [] })
  })

  function expectNoSecrets(content: string, codes: string[]): void {
    expect(
      [secrets.password, secrets.clientSecret, passphrase, ...codes].filter((secret) => content.includes(secret))
    ).toEqual([])
    // No hash, MAC, sealed value or key: base64url of 32 bytes and more.
    expect(content.match(/[A-Za-z0-9_-]{43,}/g)).toBe(null)
  }
})
