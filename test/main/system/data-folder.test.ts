import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { defaultDataFolder, prepareDataFolder, requireServer } from '../../../src/main/system/data-folder.ts'
import { createTestFolder, openTestConsole } from '../../support/console.ts'
import { readFolderContents } from '../../support/folder-contents.ts'
import { refusalOf } from '../../support/refusal.ts'

describe('defaultDataFolder', () => {
  const home = homedir()

  it('is what PROVISION_DATA says, from the present folder on', () => {
    expect(defaultDataFolder({ PROVISION_DATA: '/srv/data', XDG_DATA_HOME: '/x' }, 'linux')).toBe('/srv/data')
    expect(defaultDataFolder({ PROVISION_DATA: 'data' }, 'darwin')).toBe(path.resolve('data'))
  })

  it.each<[platform: NodeJS.Platform, environment: NodeJS.ProcessEnv, folder: string]>([
    ['linux', {}, path.join(home, '.local/share/provision-console')],
    ['linux', { XDG_DATA_HOME: '/x/share' }, '/x/share/provision-console'],
    ['linux', { XDG_DATA_HOME: '' }, path.join(home, '.local/share/provision-console')],
    ['linux', { XDG_DATA_HOME: 'relative' }, path.join(home, '.local/share/provision-console')],
    ['linux', { PROVISION_DATA: '' }, path.join(home, '.local/share/provision-console')],
    ['darwin', {}, path.join(home, 'Library/Application Support/Provision Console')],
    ['win32', { APPDATA: '/appdata' }, path.join('/appdata', 'Provision Console')],
    ['win32', { APPDATA: '' }, path.join(home, 'AppData', 'Roaming', 'Provision Console')]
  ])('is the platform’s folder for application data on %s with %j', (platform, environment, folder) => {
    expect(defaultDataFolder(environment, platform)).toBe(folder)
  })
})

describe('requireServer', () => {
  it('takes a folder into which a backup was being restored when the program was killed', async () => {
    const folder = createTestFolder()
    expect(await refusalOf(() => requireServer(folder))).toMatchObject({ code: 'data-folder-unusable' })
    mkdirSync(path.join(folder, 'restored'))
    expect(() => requireServer(folder)).not.toThrow()
  })
})

describe('prepareDataFolder', () => {
  it('makes a folder that only its owner may enter, and those above it', () => {
    const folder = path.join(createTestFolder(), 'a', 'b')
    prepareDataFolder(folder)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    prepareDataFolder(folder)
  })

  it('leaves one that is there as it is', () => {
    const folder = createTestFolder()
    chmodSync(folder, 0o750)
    writeFileSync(path.join(folder, 'notes'), 'mine')
    prepareDataFolder(folder)
    expect(statSync(folder).mode & 0o777).toBe(0o750)
    expect(readFileSync(path.join(folder, 'notes'), 'utf8')).toBe('mine')
  })

  it('goes through a link to a folder', () => {
    const folder = createTestFolder()
    mkdirSync(path.join(folder, 'real'))
    symlinkSync(path.join(folder, 'real'), path.join(folder, 'link'))
    expect(() => prepareDataFolder(path.join(folder, 'link'))).not.toThrow()
  })

  it.each<[what: string, prepare: (folder: string) => string, words: string]>([
    [
      'a file',
      (folder) => {
        writeFileSync(path.join(folder, 'data'), 'mine')
        return path.join(folder, 'data')
      },
      'is a file'
    ],
    [
      'below a file',
      (folder) => {
        writeFileSync(path.join(folder, 'data'), 'mine')
        return path.join(folder, 'data', 'sub')
      },
      'cannot be made'
    ],
    [
      'a link to nowhere',
      (folder) => {
        symlinkSync(path.join(folder, 'nowhere'), path.join(folder, 'link'))
        return path.join(folder, 'link')
      },
      'cannot be made'
    ]
  ])('refuses %s in one sentence and leaves it as it was', async (_what, prepare, words) => {
    const folder = createTestFolder()
    const data = prepare(folder)
    const before = readFolderContents(folder)
    for (const open of [() => prepareDataFolder(data), () => openTestConsole({ folder: data })]) {
      const refusal = await refusalOf(open)
      expect(refusal.code).toBe('data-folder-unusable')
      expect(refusal.message).toContain(words)
      expect(refusal.message).toContain(data)
      expect(refusal.message).toMatch(/^[^\n]+\.$/)
    }
    expect(readFolderContents(folder)).toEqual(before)
  })

  it.skipIf(process.getuid?.() === 0)('refuses one that it may not write (not as root, who may)', async () => {
    const folder = createTestFolder()
    await (await openTestConsole({ folder })).close()
    const before = readFolderContents(folder)
    chmodSync(folder, 0o500)
    const refusal = await refusalOf(() => openTestConsole({ folder }))
    chmodSync(folder, 0o700)
    expect(refusal.code).toBe('data-folder-unusable')
    expect(readFolderContents(folder)).toEqual(before)
  })

  it.skipIf(process.platform !== 'linux')('refuses one in /proc, where nobody can make any (Linux)', async () => {
    const refusal = await refusalOf(() => prepareDataFolder('/proc/provision/data'))
    expect([refusal.code, refusal.message]).toEqual(['data-folder-unusable', expect.stringContaining('cannot be made')])
  })
})
