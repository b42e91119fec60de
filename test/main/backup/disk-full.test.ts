import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readAuditEntries } from '../../support/audit-entries.ts'
import { createTestFolder, openTestConsole } from '../../support/console.ts'
import { readFolderContents } from '../../support/folder-contents.ts'
import { refusalCode, refusalOf } from '../../support/refusal.ts'
import { act, backUp, listUsernames, openServer, passphrase, restore } from './restoring.ts'

/** A file system of so many KiB; null where this account may not mount one. */
function mountSmall(kibibytes: number): string | null {
  const folder = path.join(createTestFolder(), 'small')
  mkdirSync(folder)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k,mode=700`, 'tmpfs', folder])
  if (mounted.status !== 0) return null
  onTestFinished(() => void spawnSync('umount', ['-l', folder]))
  return folder
}

const users = Array.from({ length: 1500 }, (_, index) => `user${index}`)

async function openLargeServer(folder = createTestFolder()) {
  const console = await openServer([], folder)
  await console.call('users:import', { content: Buffer.from(['username', ...users].join('\n')) })
  return console
}

describe('a disk that is full', () => {
  it('gets no backup, and no part of one', async ({ skip }) => {
    const small = mountSmall(100) ?? skip('only the superuser can mount a small disk')
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
    const small = mountSmall(Math.ceil((bytes * 1.6) / 1024)) ?? skip('only the superuser can mount a small disk')
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
