import { cpSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readAuditEntries } from '../../support/audit-entries.ts'
import { createTestFolder, openTestConsole } from '../../support/console.ts'
import { readFolderContents } from '../../support/folder-contents.ts'
import { refusalCode, refusalOf } from '../../support/refusal.ts'
import { mountSmall, smallDiskNeed } from '../../support/small-disk.ts'
import { act, backUp, listUsernames, openServer, passphrase, restore } from './restoring.ts'

const users = Array.from({ length: 1500 }, (_, index) => `user${index}`)

async function openLargeServer(folder = createTestFolder()) {
  const console = await openServer([], folder)
  await console.call('users:import', { content: Buffer.from(['username', ...users].join('\n')) })
  return console
}

describe('a disk that is full', () => {
  it('gets no backup, and no part of one', async ({ skip }) => {
    const small = mountSmall(100) ?? skip(smallDiskNeed)
    const console = await openLargeServer()
    const target = path.join(small, 'a.backup')
    const { code, message } = await refusalOf(() =>
      console.backups.createFile(target, { passphrase, overwrite: false }, act)
    )
    expect([code, message]).toEqual([
      'disk-full',
      `The disk that ${target} was to be written to is full. No backup was made.`
    ])
    expect(readdirSync(small)).toEqual([])
    expect(readAuditEntries(console.folder, 'backup.created')).toEqual([])
  })

  it('under the data folder refuses a backup and a restore, and the data are as they were', async ({ skip }) => {
    const console = await openLargeServer()
    const file = await backUp(console)
    await console.close()
    const bytes = statSync(path.join(console.folder, 'console.db')).size
    const small = mountSmall(Math.ceil((bytes * 1.6) / 1024)) ?? skip(smallDiskNeed)
    const folder = path.join(small, 'data')
    cpSync(console.folder, folder, { recursive: true })

    const before = readFolderContents(folder)
    const refused = await refusalOf(() => restore(folder, file))
    expect([refused.code, refused.message]).toEqual([
      'disk-full',
      expect.stringMatching(/^The disk that holds [^\n]*\.$/)
    ])
    expect(readFolderContents(folder)).toEqual(before)

    const there = await openTestConsole({ folder })
    expect(await refusalCode(() => backUp(there))).toBe('disk-full')
    expect(await listUsernames(there)).toHaveLength(100)
    expect(readdirSync(folder).filter((name) => name.startsWith('draft'))).toEqual([])
  })
})
