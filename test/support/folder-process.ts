import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { systemClock } from '../../src/main/system/clock.ts'
import { openConsole } from '../../src/main/console.ts'
import { openDatabase } from '../../src/main/store/sqlite/open.ts'
import { openDataKey } from '../../src/main/keys/data-key.ts'
import type { KeySources } from '../../src/main/keys/key-sources.ts'
import type { BulkChange } from './bulk-kills.ts'
import type { CallInput, CallName } from '../../src/shared/contract.ts'
import { readSettings, writeSetting } from '../../src/main/settings/settings-store.ts'

/** Handed over in PROVISION_TEST_ATTEMPTS. */
export interface ProcessAttempts {
  username: string
  code: string
  count: number
}

const everybody = { selection: { filter: {} } }

/** A change of many users, named in PROVISION_TEST_CHANGE. */
async function change(folder: string, what: BulkChange): Promise<unknown> {
  const opened = await openConsole({ folder, sources, log: { info: ignore, warn: ignore, error: ignore } })
  const call = async <Name extends CallName>(name: Name, input: CallInput<Name>) => {
    const result = await opened.dispatch(name, input, { actor: 'tester', role: 'administrator' })
    if (!result.ok) throw new Error(result.error.message)
    return result.value
  }
  const changes: Record<BulkChange, () => Promise<unknown>> = {
    remove: () => call('users:remove', everybody),
    undo: async () => {
      const { undo } = (await call('users:remove', everybody)) as { undo: string }
      return call('users:undo', { undo })
    },
    disable: () => call('users:disable', everybody),
    move: () => call('users:move', { ...everybody, group: 'Night' }),
    import: async () => call('users:import', { content: await readFile(process.env['PROVISION_TEST_FILE'] ?? '') }),
    issue: () => call('codes:issue', everybody)
  }
  const done = await changes[what]()
  await opened.close()
  return done
}

/** What a program of its own does to a data folder, for tests of several at once: `node folder-process.ts FOLDER ACT`. */
const acts: Record<string, (folder: string) => Promise<unknown>> = {
  async open(folder) {
    const log = { info: ignore, warn: ignore, error: ignore }
    const opened = await openConsole({ folder, sources, log })
    const siteId = (await opened.portal.readServer()).siteId
    await opened.close()
    return { siteId }
  },
  /** Provisions with one code, all attempts at once, as many apps do that a portal serves. */
  async attempt(folder) {
    const { username, code, count } = JSON.parse(process.env['PROVISION_TEST_ATTEMPTS'] ?? '{}') as ProcessAttempts
    const log = { info: ignore, warn: ignore, error: ignore }
    const opened = await openConsole({ folder, sources, log })
    const outcomes = await Promise.all(
      Array.from({ length: count }, () =>
        opened.portal.provisioning.provision({ username, code, address: '203.0.113.9' })
      )
    )
    await opened.close()
    return { passed: outcomes.filter((outcome) => 'id' in outcome).length, attempts: outcomes.length }
  },
  change: (folder) => change(folder, process.env['PROVISION_TEST_CHANGE'] as BulkChange),
  async 'add-slots'(folder) {
    const dataKey = await openDataKey(folder, sources, systemClock)
    for (let round = 0; round < 40; round++)
      dataKey.removeSlot(dataKey.addFile(path.join(folder, `more-${round}.key`)).id)
    return { check: dataKey.keys.check }
  },
  async count(folder) {
    const { db, close } = await openDatabase(path.join(folder, 'console.db'))
    for (let round = 0; round < 50; round++) {
      await db.transaction().execute(async (transaction) => {
        const counted = (await readSettings(transaction)).get('counted')
        // Lets the other programs run between the look and the write.
        await new Promise((resolve) => setImmediate(resolve))
        await writeSetting(transaction, 'counted', Number(counted ?? 0) + 1, 0)
      })
    }
    await close()
    return {}
  }
}

const passphrase = process.env['PROVISION_PASSPHRASE']
const sources: KeySources = {
  passphrase: passphrase ? async () => passphrase : null,
  hasPassphrase: Boolean(passphrase),
  keyFiles: [],
  keychain: null
}

function ignore(): void {}

const [folder = '', act = ''] = process.argv.slice(2)
// Loading takes a program longer than most acts; so all say when they are ready, and begin together when they are told.
process.stdout.write('ready\n')
await once(process.stdin, 'data')
process.stdin.pause()
process.stdout.write(JSON.stringify(await acts[act]?.(folder)))
