import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import type { CallInput, CallName, CallOutput } from '../../src/shared/contract.ts'
import { openConsole } from '../../src/main/console.ts'
import type { Bench } from './row.ts'
import { openSyncedFile } from './synced-file.ts'

const users = 100_000
const batch = 200
const bulk = 10_000

/**
 * Durable work of the real console over a real folder. The reference is a page of 4 KiB appended to a fresh file on the same
 * disk and synced, which is the least that one durable act can cost.
 */
export async function bench(): Promise<Bench> {
  const folder = mkdtempSync(path.join(tmpdir(), 'provision-bench-'))
  const log = { info: () => {}, warn: () => {}, error: console.error }
  const sources = { passphrase: null, hasPassphrase: false, keyFiles: [], keychain: null }
  const opened = await openConsole({ folder, sources, log })
  const call = async <Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallOutput<Name>> => {
    const result = await opened.dispatch(name, input, { role: 'administrator', actor: 'bench' })
    if (!result.ok) throw new Error(result.error.message)
    return result.value as CallOutput<typeof name>
  }
  const content = userFile()
  const startMs = performance.now()
  await call('users:import', { content })
  const importSeconds = (performance.now() - startMs) / 1000

  const synced = openSyncedFile(path.join(folder, 'synced'))
  const reference = { name: '4 KiB append + fdatasync', operations: batch, run: () => synced.append(batch) }

  let nextUser = 0
  const take = () => `user${nextUser++ % users}`
  const issueOneByOne = async () => {
    for (let i = 0; i < batch; i++) await call('codes:issue', { selection: { usernames: [take()] } })
  }
  const bulkNames = Array.from({ length: bulk }, (_, index) => `user${users - 1 - index}`)
  const pending = await issueForConsuming()

  return {
    rows: [
      {
        kind: 'speed',
        name: 'issue a code, durable, with its audit row',
        ours: { operations: batch, run: issueOneByOne },
        reference,
        holdRatio: 0.4
      },
      {
        kind: 'speed',
        name: 'consume a code, durable, with device and audit row',
        ours: {
          operations: batch,
          run: async () => {
            for (let i = 0; i < batch; i++) {
              const code = pending.pop()
              if (!code) throw new Error('the bench has run out of codes')
              const outcome = await opened.portal.provisioning.provision({ ...code, address: '127.0.0.1' })
              if (!('id' in outcome)) throw new Error('a live code was refused')
            }
          }
        },
        reference,
        holdRatio: 0.4,
        aimRatio: 0.6
      },
      {
        kind: 'speed',
        name: 'issue codes in bulk',
        ours: {
          operations: bulk,
          run: async () => void (await call('codes:issue', { selection: { usernames: bulkNames } }))
        },
        reference: { name: 'one by one', operations: batch, run: issueOneByOne },
        holdRatio: 5,
        holdPerSecond: 20_000,
        rounds: 7
      },
      {
        kind: 'limit',
        name: 'import of 100,000 users',
        unit: 's',
        measure: () => importSeconds,
        hold: { atMost: 10 }
      }
    ],
    close: async () => {
      synced.close()
      await opened.close()
      rmSync(folder, { recursive: true, force: true })
    }
  }

  /** One warm-up round and fifteen timed ones, and some to spare. */
  async function issueForConsuming(): Promise<{ username: string; code: string }[]> {
    const usernames = Array.from({ length: 20 * batch }, (_, index) => `user${50_000 + index}`)
    const { issued } = await call('codes:issue', { selection: { usernames }, reveal: true })
    return issued.map(({ username, code = '' }) => ({ username, code }))
  }
}

function userFile(): Uint8Array {
  const lines = ['username,name,email,group,phone']
  for (let i = 0; i < users; i++) lines.push(`user${i},User Number ${i},user${i}@example.com,Staff,+44 7700 ${i}`)
  return new TextEncoder().encode(lines.join('\n'))
}
