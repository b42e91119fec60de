import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import type { CallInput, CallName, CallOutput } from '../../src/shared/contract.ts'
import { userSortColumns, type UserFilter, type UserSelection, type UserSort } from '../../src/shared/user.ts'
import { openConsole } from '../../src/main/console.ts'
import type { Bench, BenchRow } from './row.ts'

const users = 100_000
const pageRows = 100
const mostMs = 50
const everybody: UserSelection = { filter: {} }

/** What the Users screen asks of 100,000 users in every state; a row is the slowest of its calls, each timed several times. */
export async function bench(): Promise<Bench> {
  const folder = mkdtempSync(path.join(tmpdir(), 'provision-bench-'))
  // Moved on once, past the end of some codes.
  let aheadMs = 0
  const log = { info: () => {}, warn: () => {}, error: console.error }
  const sources = { passphrase: null, hasPassphrase: false, keyFiles: [], keychain: null }
  const opened = await openConsole({ folder, sources, log, clock: { nowMs: () => Date.now() + aheadMs } })
  const call = async <Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallOutput<Name>> => {
    const result = await opened.dispatch(name, input, { role: 'administrator', actor: 'bench' })
    if (!result.ok) throw new Error(result.error.message)
    return result.value as CallOutput<typeof name>
  }
  await call('users:import', { content: userFile(), createGroups: true })
  await fillStates()
  aheadMs = 3 * 60_000

  const sorts: UserSort[] = userSortColumns.flatMap((column) => [
    { column, descending: false },
    { column, descending: true }
  ])
  const filters: UserFilter[] = [
    { query: 'number 99999' },
    { query: 'example.com' },
    { query: 'nobody has this' },
    { query: 'us' },
    { query: 'zoe' },
    { query: '999' },
    { group: 'Night' },
    { code: ['live'] },
    { code: ['expired'] },
    { app: ['set-up', 'provisioned'] },
    { app: ['set-up'] },
    { sent: true },
    { code: ['live'], query: 'zoe' },
    { locked: true },
    { disabled: true },
    { group: 'Night', code: ['used'], query: '77' }
  ]
  const list = (input: CallInput<'users:list'>) => call('users:list', { limit: pageRows, ...input })

  return {
    rows: [
      slowest(
        'first page in any order',
        sorts.map((sort) => [nameOf(sort), () => list({ sort })] as const)
      ),
      slowest(
        'next page in any order',
        await Promise.all(
          sorts.map(async (sort) => {
            const { next } = await list({ sort, skip: users / 2 })
            return [nameOf(sort), () => list({ sort, after: next ?? '' })] as const
          })
        )
      ),
      slowest(
        'page in the middle by a jump, in any order',
        sorts.map((sort) => [nameOf(sort), () => list({ sort, skip: users / 2 })] as const)
      ),
      slowest(
        'last page by a jump, in any order',
        sorts.map((sort) => [nameOf(sort), () => list({ sort, skip: users - pageRows })] as const)
      ),
      slowest(
        'search and filters',
        filters.map((filter) => [JSON.stringify(filter), () => list({ filter })] as const)
      ),
      slowest(
        'search and filters, in any order',
        filters.flatMap((filter) =>
          sorts.map((sort) => [`${JSON.stringify(filter)} ${nameOf(sort)}`, () => list({ filter, sort })] as const)
        ),
        3
      ),
      slowest(
        'count of what matches',
        [{}, ...filters].map((filter) => [JSON.stringify(filter), () => call('users:count', { filter })] as const)
      ),
      slowest('one user with timeline', [['show', () => call('users:show', { username: 'user41' })] as const]),
      slowest('figures and groups', [
        ['status:get', () => call('status:get', {})] as const,
        ['groups:list', () => call('groups:list', {})] as const
      ]),
      longestBlock('issue codes to 100,000', () => call('codes:issue', { selection: everybody })),
      longestBlock('issue codes to 100,000 into a file', () => call('codes:issueFile', { selection: everybody })),
      longestBlock('move, disable and enable 100,000', async () => {
        await call('users:move', { selection: everybody, group: 'Night' })
        await call('users:disable', { selection: everybody })
        await call('users:enable', { selection: everybody })
      }),
      longestBlock('remove 100,000 and undo it', async () => {
        const { undo } = await call('users:remove', { selection: everybody })
        await call('users:undo', { undo: undo ?? '' })
      })
    ],
    close: async () => {
      await opened.close()
      rmSync(folder, { recursive: true, force: true })
    }
  }

  async function fillStates(): Promise<void> {
    const some = (from: number, to: number) => ({
      usernames: Array.from({ length: to - from }, (_, index) => `user${from + index}`)
    })
    await call('settings:set', { changes: { 'policy.codes.perAddressPerMinute': 0 } })
    await call('codes:issue', { selection: some(0, 60_000) })
    await call('codes:issue', { selection: some(10_000, 30_000), validForMs: 120_000 })
    await call('codes:withdraw', { selection: some(50_000, 60_000) })
    const { issued } = await call('codes:issue', { selection: some(40, 1000), reveal: true })
    for (const { username, code = '' } of issued) {
      const app = await opened.portal.provisioning.provision({ username, code, address: '192.0.2.1' })
      if ('id' in app) await opened.portal.provisioning.downloadSecurityStrings({ id: app.id, address: '192.0.2.1' })
    }
    for (let number = 2000; number < 2200; number++) {
      for (let wrong = 0; wrong < 5; wrong++) {
        const guess = { username: `user${number}`, code: 'ZZZZZZZZZZ', address: '192.0.2.1' }
        await opened.portal.provisioning.provision(guess)
      }
    }
    await call('users:disable', { selection: some(70_000, 75_000) })
  }
}

/** Runs each call some times and tells the slowest one's median. */
function slowest(name: string, calls: readonly (readonly [string, () => Promise<unknown>])[], rounds = 5): BenchRow {
  return {
    kind: 'limit',
    name: `100,000 users: ${name}, the slowest`,
    unit: 'ms',
    async measure() {
      let worst = { label: '', tookMs: 0 }
      for (const [label, run] of calls) {
        await run()
        const times: number[] = []
        for (let round = 0; round < rounds; round++) {
          const startMs = performance.now()
          await run()
          times.push(performance.now() - startMs)
        }
        const tookMs = times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0
        if (process.env['BENCH_CALLS']) console.log(tookMs.toFixed(1).padStart(8), 'ms', name, label)
        if (tookMs > worst.tookMs) worst = { label, tookMs }
      }
      return worst.tookMs
    },
    hold: { atMost: mostMs }
  }
}

/** How long nothing else got a turn while the work went on. */
function longestBlock(name: string, work: () => Promise<unknown>): BenchRow {
  return {
    kind: 'limit',
    name: `${name}: longest block of the thread`,
    unit: 'ms',
    async measure() {
      const delay = monitorEventLoopDelay({ resolution: 1 })
      delay.enable()
      await work()
      delay.disable()
      return delay.max / 1e6
    },
    hold: { atMost: mostMs }
  }
}

function nameOf({ column, descending }: UserSort): string {
  return `${column}${descending ? ' descending' : ''}`
}

function userFile(): Uint8Array {
  const groups = ['Staff', 'Night', 'Accounts', 'Field']
  const lines = ['username,name,email,group,phone']
  for (let i = 0; i < users; i++) {
    const name = `${['Anna', 'Börje', 'Chloé', 'Dmitri', 'Zoë'][i % 5]} Number ${(i * 7919) % users}`
    lines.push(`user${i},${name},user${i}@example.com,${groups[i % 4]},+44 7700 ${(i * 31) % users}`)
  }
  return new TextEncoder().encode(lines.join('\n'))
}
