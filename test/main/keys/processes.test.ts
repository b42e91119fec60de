import { readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openDataKey } from '../../../src/main/keys/data-key.ts'
import { createTestClock, createTestFolder, fileKeySources } from '../../support/console.ts'
import { runFolderProcesses } from '../../support/run-folder-processes.ts'

describe('several programs on one folder', () => {
  it.each<[way: string, count: number, environment: Record<string, string>, files: string[]]>([
    ['by key file', 4, {}, ['key', 'server.key']],
    ['by passphrase', 2, { PROVISION_PASSPHRASE: 'correct horse battery' }, ['key']]
  ])('that all make it at once end with one key and one Site ID, %s', async (_way, count, environment, files) => {
    const folder = path.join(createTestFolder(), 'new', 'folder')
    const said = await runFolderProcesses(folder, 'open', count, environment)
    expect(said).toHaveLength(count)
    for (const one of said) expect(one).toEqual(said[0])
    // Each has opened its key and found that it is the database's.
    expect(said[0]).toEqual({ siteId: expect.any(Number) as number })
    // No draft of a program that came second is left.
    expect(
      readdirSync(folder)
        .filter((name) => name.includes('key'))
        .toSorted()
    ).toEqual(files)
  })

  it('can read the key all the while another one adds slots and removes them', async () => {
    const folder = createTestFolder()
    const dataKey = await openDataKey(folder, fileKeySources, createTestClock())
    const programs = { areRunning: true }
    const writing = runFolderProcesses(folder, 'add-slots', 1).finally(() => (programs.areRunning = false))
    while (programs.areRunning) {
      const reopened = await openDataKey(folder, fileKeySources, createTestClock())
      expect(reopened.keys.check).toBe(dataKey.keys.check)
      expect([1, 2]).toContain(reopened.slots().length)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await writing).toEqual([{ check: dataKey.keys.check }])
    expect(dataKey.slots()).toHaveLength(1)
  })
})
