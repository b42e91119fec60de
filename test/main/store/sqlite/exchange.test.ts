import { execFile } from 'node:child_process'
import { chownSync, copyFileSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { createDraft } from '../../../../src/main/backup/drafts.ts'
import { enterFolder, enterFolderAlone, exchangeFiles, ignoreStep } from '../../../../src/main/store/sqlite/exchange.ts'
import { lockAlone, lockWithOthers } from '../../../../src/main/store/sqlite/folder-lock.ts'
import { createTestFolder, openTestConsole } from '../../../support/console.ts'
import { refusalCode } from '../../../support/refusal.ts'
import {
  backUp,
  copyFolder,
  findBrokenRow,
  listUsernames,
  openServer,
  passphrase,
  restore,
  sealCheaply,
  unseal
} from '../../backup/restoring.ts'

/** Halves the time of a start. */
const NODE_COMPILE_CACHE = path.resolve(import.meta.dirname, '../../../../node_modules/.cache/provision-tests')
const script = path.join(import.meta.dirname, '../../backup/restore-process.ts')

/** The steps that a restore took, and whether it was killed before its end. */
async function restoreAndKill(
  folder: string,
  file: string,
  killAt: number
): Promise<{ steps: string[]; isKilled: boolean }> {
  return new Promise((resolve, reject) => {
    const args = [script, folder, file, passphrase, String(killAt)]
    execFile(process.execPath, args, { env: { ...process.env, NODE_COMPILE_CACHE } }, (error, stdout, stderr) => {
      if (error && error.signal !== 'SIGKILL') reject(new Error(stderr))
      else resolve({ steps: stdout.split('\n').slice(0, -1), isKilled: error !== null })
    })
  })
}

const drafts = (folder: string) =>
  readdirSync(folder).filter((name) => !/^(console\.db|key|lock|server\.key)$/.test(name))

interface KillCase {
  what: string
  /** Up to the commit nothing outside the draft is touched: one case is enough for the steps before. */
  from: 'the first step' | 'the commit'
  /** The backup, and the folder into which it goes. */
  make(): Promise<{ file: string; folder: string; old: string[] | null }>
}

/** A folder that was killed while open: its newest rows are in the log of writes alone. */
async function killedFolder(username: string): Promise<string> {
  const console = await openServer([username])
  const folder = copyFolder(console.folder)
  expect(statSync(path.join(folder, 'console.db-wal')).size).toBeGreaterThan(0)
  return folder
}

const killCases: KillCase[] = [
  {
    what: 'of the same server',
    from: 'the commit',
    async make() {
      const console = await openServer(['new'])
      const file = await backUp(console)
      await console.call('users:remove', { selection: { usernames: ['new'] } })
      await console.call('users:add', { username: 'old', group: 'Staff' })
      return { file, folder: copyFolder(console.folder), old: ['old'] }
    }
  },
  {
    what: 'of another server, with another key',
    from: 'the first step',
    make: async () => ({
      file: await backUp(await openServer(['new'])),
      folder: await killedFolder('old'),
      old: ['old']
    })
  },
  {
    what: 'into a new folder',
    from: 'the commit',
    make: async () => ({ file: await backUp(await openServer(['new'])), folder: createTestFolder(), old: null })
  }
]

describe('a restore that is killed', () => {
  it.each(killCases)('$what, at whatever step, leaves all of the old or all of the new', async ({ from, make }) => {
    const { file: sealed, folder: template, old } = await make()
    const file = await sealCheaply(await unseal(sealed))
    const whole = await restoreAndKill(copyFolder(template), file, -1)
    expect(whole.isKilled).toBe(false)
    const commitAt = whole.steps.indexOf('commit')
    expect(commitAt).toBeGreaterThan(5)
    expect(whole.steps.length - commitAt).toBeGreaterThan(6)

    const check = async (killAt: number) => {
      const folder = copyFolder(template)
      const { steps, isKilled } = await restoreAndKill(folder, file, killAt)
      expect(isKilled).toBe(true)
      expect(steps).toEqual(whole.steps.slice(0, killAt))
      const at = `killed before “${whole.steps[killAt]}”`
      if (killAt <= commitAt && old === null) {
        expect([existsSync(path.join(folder, 'console.db')), existsSync(path.join(folder, 'key'))], at).toEqual([
          false,
          false
        ])
        return
      }
      const console = await openTestConsole({ folder })
      expect(await listUsernames(console), at).toEqual(killAt <= commitAt ? old : ['new'])
      await console.close()
      expect(await findBrokenRow(folder), at).toBeNull()
      expect(drafts(folder), at).toEqual([])
    }
    const first = from === 'the commit' ? commitAt : 0
    const left = whole.steps.map((_step, index) => index).slice(first)
    const work = async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) await check(next)
    }
    await Promise.all([work(), work()])
  })
})

describe('a data folder', () => {
  it('cannot be restored into while a program has it open, nor opened while a backup is being restored', async () => {
    const console = await openServer(['ann'])
    expect(await refusalCode(() => enterFolderAlone(console.folder))).toBe('database-busy')
    await console.close()
    const alone = await enterFolderAlone(console.folder)
    expect(lockWithOthers(path.join(console.folder, 'lock'))).toBeNull()
    let isOpen = false
    const opening = openTestConsole({ folder: console.folder }).then((opened) => {
      isOpen = true
      return opened
    })
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(isOpen).toBe(false)
    alone.release()
    expect(await listUsernames(await opening)).toEqual(['ann'])
  })

  it('is rid of the old database’s log before the new one comes', async () => {
    const [from, folder] = [await openServer(['new']), await killedFolder('old')]
    await from.close()
    const alone = await enterFolderAlone(folder)
    const draft = createDraft(folder)
    for (const name of ['console.db', 'key', 'server.key']) {
      copyFileSync(path.join(from.folder, name), path.join(draft.folder, name))
    }
    exchangeFiles(folder, draft, ignoreStep)
    alone.release()
    expect(await listUsernames(await openTestConsole({ folder }))).toEqual(['new'])
  })

  it.skipIf(process.getuid?.() !== 0)('stays its owner’s when the superuser restores into it', async () => {
    const file = await backUp(await openServer(['new']))
    const folder = createTestFolder()
    chownSync(folder, 65_534, 65_534)
    await restore(folder, file)
    for (const name of readdirSync(folder)) {
      expect([name, statSync(path.join(folder, name)).uid]).toEqual([name, 65_534])
    }
  })

  it('is open to many programs at once', async () => {
    const folder = createTestFolder()
    const locks = await Promise.all([enterFolder(folder), enterFolder(folder), enterFolder(folder)])
    expect(lockAlone(path.join(folder, 'lock'))).toBeNull()
    for (const lock of locks) lock.release()
    const alone = lockAlone(path.join(folder, 'lock'))
    expect(alone).not.toBeNull()
    expect(lockAlone(path.join(folder, 'lock'))).toBeNull()
    alone?.release()
    expect(statSync(path.join(folder, 'lock'))).toMatchObject({ size: 0 })
  })

  it('loses the drafts of dead programs when it is opened, and keeps those of living ones', async () => {
    const folder = createTestFolder()
    const [dead, living] = [createDraft(folder), createDraft(folder)]
    for (const draft of [dead, living]) writeFileSync(path.join(draft.folder, 'console.db'), 'half')
    dead.release()
    ;(await enterFolder(folder)).release()
    expect(drafts(folder)).toEqual([path.basename(living.folder)])
    expect(readdirSync(living.folder).toSorted()).toEqual(['console.db', 'lock'])
    await living.remove()
    expect(drafts(folder)).toEqual([])
  })

  it('says so where it cannot be locked', async () => {
    const folder = createTestFolder()
    writeFileSync(path.join(folder, 'lock'), 'something else '.repeat(100))
    expect(await refusalCode(() => enterFolder(folder))).toBe('data-folder-unusable')
    rmSync(path.join(folder, 'lock'))
    ;(await enterFolder(folder)).release()
  })
})
