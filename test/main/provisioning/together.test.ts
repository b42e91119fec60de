import path from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { openTestConsole } from '../../support/console.ts'

const users = 32

async function openFilled() {
  const console = await openTestConsole()
  const csv = ['username,group', ...Array.from({ length: users }, (_, index) => `u${index},Staff`)].join('\n')
  await console.call('users:import', { content: Buffer.from(csv) })
  const { issued } = await console.call('codes:issue', { selection: { filter: {} }, reveal: true })
  const codes = new Map(issued.map(({ username, code }) => [username, code ?? '']))
  const provision = (username: string, code: string, address = '192.0.2.1') =>
    console.portal.provisioning.provision({ username, code, address })
  return { console, codes, provision }
}

it('answers phones that come together each for itself, with fewer commits than phones', async () => {
  const { console, codes, provision } = await openFilled()
  const watcher = new BetterSqlite3(path.join(console.folder, 'console.db'), { readonly: true })
  onTestFinished(() => void watcher.close())
  const version = () => watcher.pragma('data_version', { simple: true }) as number
  const before = version()
  let commits = 0
  let last = before
  const outcomes = await Promise.all(
    [...codes].map(async ([username, code], index) => {
      // Every fourth guesses, from an address of its own.
      const isGuess = index % 4 === 0
      const outcome = await provision(
        username,
        isGuess ? 'ZZZZZZZZZZ' : code,
        isGuess ? `198.51.100.${index}` : undefined
      )
      if (version() !== last) {
        commits++
        last = version()
      }
      return ['id' in outcome, !isGuess]
    })
  )
  for (const [passed, isRight] of outcomes) expect(passed).toBe(isRight)
  expect(commits).toBeGreaterThan(0)
  expect(commits).toBeLessThan(users)
  const { rows, brokenRow } = await console.call('log:verify', {})
  expect(brokenRow).toBeNull()
  expect(rows).toBeGreaterThan(users)
})

it('lets one of many pass that come together with the same code, and writes one refusal for the rest', async () => {
  const { console, codes, provision } = await openFilled()
  const code = codes.get('u1') ?? ''
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => provision('u1', code)))
  expect(outcomes.filter((outcome) => 'id' in outcome)).toHaveLength(1)
  const { entries } = await console.call('log:list', { filter: { kinds: ['attempt.refused'] } })
  expect(entries).toHaveLength(1)
  expect((await console.call('users:show', { username: 'u1' })).user).toMatchObject({ code: 'used', app: 'set-up' })
})
