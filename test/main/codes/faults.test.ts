import { cpSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readAuditEntries } from '../../support/audit-entries.ts'
import { openTestConsole } from '../../support/console.ts'
import { refusalCode, refusalOf } from '../../support/refusal.ts'
import { mountSmall, resizeSmall, smallDiskNeed } from '../../support/small-disk.ts'
import { backUp, restore } from '../backup/restoring.ts'

const users = Array.from({ length: 3000 }, (_, index) => `user${index}`)

async function openServer() {
  const console = await openTestConsole()
  await console.call('users:import', { content: Buffer.from(['username', ...users].join('\n')) })
  return console
}

describe('a bulk issue on a disk that fills up', () => {
  it('says so, keeps whole chunks alone, and goes on when there is room', async ({ skip }) => {
    const server = await openServer()
    await server.close()
    // The log of the database needs the room of what it writes besides.
    const kibibytes = Math.ceil(statSync(path.join(server.folder, 'console.db')).size / 1024) + 1500
    const small = mountSmall(kibibytes) ?? skip(smallDiskNeed)
    const folder = path.join(small, 'data')
    cpSync(server.folder, folder, { recursive: true })

    const console = await openTestConsole({ folder, clock: server.clock })
    const issue = () => console.call('codes:issue', { selection: { filter: {} } })
    let issued = 0
    let stopped: string | null = null
    for (let round = 0; stopped === null && round < 20; round++) {
      const outcome = await issue().catch((error: unknown) => ({ issued: [], stopped: (error as Error).message }))
      issued += outcome.issued.length
      stopped = outcome.stopped
    }
    expect(stopped).toBe('The disk that holds the database is full.')
    const told = readAuditEntries(folder, 'codes.issued').reduce(
      (sum, { detail }) => sum + ((detail as { users?: string[] }).users?.length ?? 1),
      0
    )
    expect(told).toBe(issued)
    expect((await console.call('log:verify', {})).brokenRow).toBeNull()

    resizeSmall(small, 65_536)
    expect((await issue()).issued).toHaveLength(users.length)
  })
})

describe('bytes flipped in the folder', () => {
  it('of the database’s first page or of the key are refused with the reason, and the file is kept', async () => {
    for (const [name, at, codes] of [
      ['console.db', 3, ['database-damaged']],
      ['key', 20, ['key-mismatch', 'key-missing', 'key-locked']]
    ] as const) {
      const server = await openServer()
      await server.close()
      const file = path.join(server.folder, name)
      const bytes = readFileSync(file)
      bytes[at] = (bytes[at] ?? 0) ^ 0xff
      writeFileSync(file, bytes)
      expect(codes).toContain(await refusalCode(() => openTestConsole({ folder: server.folder })))
      expect(readFileSync(file)).toEqual(bytes)
    }
  })

  it('of a setting are refused by its name, the file is kept, and a backup can be put in its place', async () => {
    // One that is no value at all any more, and one that is a value, but none of this setting.
    for (const [from, to] of [
      ['"digits"', '"digits!'],
      ['"digits"', '"digitz"']
    ] as const) {
      const server = await openServer()
      const backup = await backUp(server)
      await server.call('settings:set', { changes: { 'policy.codes.alphabet': 'digits' } })
      await server.close()
      const file = path.join(server.folder, 'console.db')
      const bytes = readFileSync(file)
      for (let at = bytes.indexOf(from); at !== -1; at = bytes.indexOf(from)) bytes.write(to, at)
      writeFileSync(file, bytes)
      const { code, message } = await refusalOf(() => openTestConsole({ folder: server.folder }))
      expect(code).toBe('database-damaged')
      expect(message).toContain('policy.codes.alphabet')
      expect(readFileSync(file)).toEqual(bytes)
      const { backup: restored } = await restore(server.folder, backup)
      expect(restored.users).toBe(users.length)
      const again = await openTestConsole({ folder: server.folder, clock: server.clock })
      expect((await again.call('status:get', {})).users).toBe(users.length)
      await again.close()
    }
  })

  it('of the log show: verify names the row', async () => {
    const server = await openServer()
    await server.close()
    const file = path.join(server.folder, 'console.db')
    const bytes = readFileSync(file)
    // Also what SQLite has moved elsewhere meanwhile still lies in the file.
    for (let at = bytes.indexOf('users.imported'); at !== -1; at = bytes.indexOf('users.imported')) {
      bytes[at] = 'U'.charCodeAt(0)
    }
    writeFileSync(file, bytes)
    const again = await openTestConsole({ folder: server.folder, clock: server.clock })
    const { brokenRow, head } = await again.call('log:verify', {})
    expect(brokenRow).toBe((head?.id ?? 0) + 1)
  })
})

describe('one user changed from two windows', () => {
  it('the later one is told, and the earlier change stays', async () => {
    const console = await openServer()
    const { user } = await console.call('users:show', { username: 'user1' })
    const change = (name: string) =>
      console.call('users:set', { username: 'user1', change: { name }, revision: user.revision })
    await change('First')
    expect(await refusalCode(() => change('Second'))).toBe('changed-meanwhile')
    expect((await console.call('users:show', { username: 'user1' })).user.name).toBe('First')
  })
})
