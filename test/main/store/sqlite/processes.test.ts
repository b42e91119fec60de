import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../../../src/main/store/sqlite/open.ts'
import { readSettings } from '../../../../src/main/settings/settings-store.ts'
import { createTestFolder } from '../../../support/console.ts'
import { runFolderProcesses } from '../../../support/run-folder-processes.ts'

describe('several programs on one database', () => {
  it('lose none of what each reads, adds to and writes in a transaction', async () => {
    const folder = createTestFolder()
    await runFolderProcesses(folder, 'count', 4)
    const { db, close } = await openDatabase(path.join(folder, 'console.db'))
    expect((await readSettings(db)).get('counted')).toBe(200)
    await close()
  })
})
