import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { firstChunkRows, type Act } from '../../../src/main/system/operation.ts'
import { contract, shapeOf, type CallInput, type CallName, type CallOutput } from '../../../src/shared/contract.ts'
import { changeOf, eventSchemas, type EventName, type Topic } from '../../../src/shared/events.ts'
import { openTestConsole, type TestConsole } from '../../support/console.ts'
import { numberIn, transportTo } from '../../support/mail-console.ts'
import { openSmtpSink } from '../../support/smtp-sink.ts'
import { sampleInputs } from '../../support/sample-calls.ts'

const callNames = Object.keys(contract) as CallName[]
/** Whose topic a table's rows are; null where nobody shows them. */
const topicsOfTables: Record<string, Topic | null> = {
  server_state: null,
  settings: 'settings',
  groups: 'groups',
  users: 'users',
  codes: 'users',
  devices: 'users',
  lockouts: 'users',
  guessers: null,
  address_failures: null,
  audit: 'log',
  audit_users: 'log',
  audit_checkpoint: 'log',
  reprovision_links: null,
  templates: 'settings',
  mail_contents: null,
  mail_batches: 'outbox',
  mails: 'outbox',
  mail_lease: null,
  sheets: 'sheets',
  sheet_codes: 'sheets',
  sheet_letter: 'sheets',
  own_addresses: null
}

/** A digest of each table's rows. The time that is remembered moves with the clock, whoever asks for it. */
function readTables(folder: string): Map<string, string> {
  const database = new Database(path.join(folder, 'console.db'), { readonly: true })
  try {
    const names = database
      .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by name")
      .pluck()
      .all() as string[]
    return new Map(
      names.map((name) => {
        const columns = (database.pragma(`table_info("${name}")`) as { name: string }[])
          .filter((column) => column.name !== 'high_water_ms')
          .map((column) => `"${column.name}"`)
        const hash = createHash('sha256')
        for (const row of database
          .prepare(`select ${columns.join(', ')} from "${name}"`)
          .raw()
          .iterate()) {
          hash.update(JSON.stringify(row))
        }
        return [name, hash.digest('hex')]
      })
    )
  } finally {
    database.close()
  }
}

/** Calls every call once, each with something to answer, and hands over what it was and what it gave. */
async function callEach(
  console: TestConsole,
  use: (name: CallName, output: unknown) => void | Promise<void>
): Promise<void> {
  const called = new Set<CallName>()
  const call = async <Name extends CallName>(
    name: Name,
    input: CallInput<Name>,
    act: Partial<Act> = {}
  ): Promise<CallOutput<Name>> => {
    const output = await console.call(name, input, act)
    called.add(name)
    await use(name, output)
    return output
  }
  const sample = <Name extends CallName>(name: Name) => call(name, sampleInputs[name])
  for (const name of [
    'version:get',
    'status:get',
    'status:todo',
    'status:figures',
    'time:get',
    'tasks:cancel',
    'settings:list',
    'settings:set',
    'groups:list'
  ] as const) {
    await sample(name)
  }
  for (const name of [
    'groups:add',
    'groups:set',
    'groups:remove',
    'users:add',
    'users:set',
    'users:readImport'
  ] as const) {
    await sample(name)
  }
  for (const name of [
    'users:import',
    'codes:issue',
    'codes:issueFile',
    'codes:list',
    'users:list',
    'users:count',
    'users:show'
  ] as const) {
    await sample(name)
  }
  const { handle, image } = await sample('qr:issue')
  await call('codes:reveal', { handle })
  await call('qr:decode', { image })
  await call('diagnostics:readPicture', { image })
  for (const name of [
    'diagnostics:bePhone',
    'diagnostics:explain',
    'diagnostics:checkUser',
    'diagnostics:testLink',
    'diagnostics:bundle'
  ] as const) {
    await sample(name)
  }
  const sink = await openSmtpSink()
  await call('settings:set', { changes: transportTo(sink.port) })
  for (const name of [
    'transports:list',
    'transports:set',
    'transports:remove',
    'transports:check',
    'transports:test',
    'templates:list',
    'templates:get',
    'templates:set',
    'templates:reset',
    'templates:validate',
    'mail:plan',
    'mail:planned',
    'mail:preview',
    'mail:checkLinks',
    'mail:ownAddress',
    'mail:askOwnAddress'
  ] as const)
    await sample(name)
  await call('mail:confirmOwnAddress', { number: numberIn(sink) })
  for (const name of [
    'mail:toMe',
    'mail:send',
    'outbox:summary',
    'outbox:batches',
    'outbox:messages',
    'outbox:pause',
    'outbox:resume',
    'outbox:cancel',
    'outbox:retry'
  ] as const)
    await sample(name)
  for (const name of [
    'links:create',
    'portal:get',
    'portal:requests',
    'codes:withdraw',
    'users:disable',
    'users:enable',
    'users:unlock',
    'users:move',
    'users:unprovision',
    'users:export',
    'log:list',
    'log:verify',
    'log:export',
    'key:list'
  ] as const)
    await sample(name)
  for (const name of [
    'sheets:stock',
    'sheets:plan',
    'sheets:make',
    'sheets:keep',
    'sheets:list',
    'sheets:show',
    'sheets:reissue',
    'sheets:withdraw',
    'sheets:testPage',
    'sheets:letter',
    'sheets:setLetter'
  ] as const)
    await sample(name)
  const { undo } = await sample('users:remove')
  await call('users:undo', { undo: undo ?? '' })
  const { id } = await call(
    'key:add',
    { kind: 'file', path: path.join(console.folder, 'second.key') },
    { namesFiles: true }
  )
  await call('key:remove', { id })
  console.clock.advance(-3_600_000)
  await sample('time:setRight')
  const { content } = await sample('backup:create')
  await call('backup:inspect', { ...sampleInputs['backup:inspect'], content })
  await call('backup:restore', { ...sampleInputs['backup:restore'], content })
  expect([...called].toSorted()).toEqual(callNames.toSorted())
}

describe('a file that is named', () => {
  it('by a page gets no key, and nothing is written', async () => {
    const console = await openTestConsole()
    const file = path.join(console.folder, 'stolen.key')
    const caller = { role: 'administrator', actor: 'anna (browser)' } as const
    for (const namesFiles of [undefined, false]) {
      const named = { ...caller, ...(namesFiles !== undefined && { namesFiles }) }
      expect(await console.dispatch('key:add', { kind: 'file', path: file }, named)).toMatchObject({
        ok: false,
        error: { code: 'forbidden', message: expect.stringContaining('provision key add file PATH') }
      })
    }
    expect(existsSync(file)).toBe(false)
    expect(await console.call('key:list', {})).toHaveLength(1)
    expect(
      await console.dispatch('key:add', { kind: 'file', path: file }, { ...caller, namesFiles: true })
    ).toMatchObject({ ok: true, value: { kind: 'file', path: file } })
  })
})

describe('every call of the contract', () => {
  it('answers with what its schema says, and with nothing more', async () => {
    await callEach(await openTestConsole(), (name, output) => {
      expect([name, contract[name].output.parse(output)]).toEqual([name, output])
    })
  })

  it('answers to lists that are not empty in the same way', async () => {
    const { call } = await openTestConsole()
    await call('users:add', sampleInputs['users:add'])
    await call('codes:issue', sampleInputs['codes:issue'])
    await call('users:disable', sampleInputs['users:disable'])
    for (const name of ['users:list', 'codes:list', 'users:show'] as const) {
      const output = name === 'users:show' ? await call(name, { username: 'ann' }) : await call(name, {})
      expect(JSON.stringify(output)).toContain('ann')
      expect(contract[name].output.parse(output)).toEqual(output)
    }
  })

  it('tells whoever listens that something changed, when something may have, and of reading nothing', async () => {
    const console = await openTestConsole()
    const told: EventName[] = []
    console.subscribe((name, data) => {
      told.push(name)
      expect(eventSchemas[name].parse(data)).toEqual(data)
    })
    await callEach(console, (name) => {
      const changes = told.splice(0).filter((event) => event !== 'task-progress')
      const { effect } = shapeOf(name)
      expect([name, changes]).toEqual([name, effect === 'none' ? [] : effect.map(changeOf)])
    })
  })

  it('changes nothing in the database where its entry says so, and else nothing that its entry does not name', async () => {
    const console = await openTestConsole()
    let before = readTables(console.folder)
    const logged = new Set<CallName>()
    await callEach(console, (name) => {
      const after = readTables(console.folder)
      const changed = [...after].filter(([table, digest]) => before.get(table) !== digest).map(([table]) => table)
      before = after
      const { effect } = shapeOf(name)
      const unnamed = changed.filter((table) => {
        const topic = topicsOfTables[table]
        if (topic === undefined) throw new Error(`Whose topic is the table ${table}?`)
        return effect === 'none' || (topic && !effect.includes(topic))
      })
      expect([name, unnamed]).toEqual([name, []])
      if (changed.includes('audit')) logged.add(name)
    })
    // It is no wonder that nothing changes where nothing can be seen to.
    expect(logged).toContain('users:add')
    expect(logged).toContain('backup:create')
  })

  it('tells nothing when it was refused', async () => {
    const { call, subscribe } = await openTestConsole()
    const told: EventName[] = []
    subscribe((name) => void told.push(name))
    await call('groups:add', { name: 'staff' }).catch(() => undefined)
    await call('settings:set', { changes: { 'server.port': 0 } }).catch(() => undefined)
    expect(told).toEqual([])
  })
})

describe('long work', () => {
  it('tells its progress under the name it was given, to the end, and no progress without a name', async () => {
    const { call, subscribe } = await openTestConsole()
    const rows = Array.from({ length: 1200 }, (_, number) => `user${number}`)
    const told: { taskId: string; done: number; total: number }[] = []
    subscribe((name, data) => {
      if (name === 'task-progress') told.push(data as (typeof told)[number])
    })
    const content = Buffer.from(['username', ...rows].join('\n'))
    await call('users:import', { content })
    expect(told).toEqual([])
    await call('codes:issue', { selection: { filter: {} }, taskId: 'issue 1' })
    expect(new Set(told.map(({ taskId }) => taskId))).toEqual(new Set(['issue 1']))
    expect(told.at(-1)).toEqual({ taskId: 'issue 1', done: 1200, total: 1200 })
    expect(told.map(({ done }) => done)).toEqual(told.map(({ done }) => done).toSorted((a, b) => a - b))
  })

  it('stops between two chunks when it is cancelled, and says how far it came', async () => {
    const { call, subscribe } = await openTestConsole()
    const rows = Array.from({ length: 1200 }, (_, number) => `user${number}`)
    await call('users:import', { content: Buffer.from(['username', ...rows].join('\n')) })
    subscribe((name) => {
      if (name === 'task-progress') void call('tasks:cancel', { taskId: 'withdraw' })
    })
    const { changed, stopped, skipped } = await call('users:disable', { selection: { filter: {} }, taskId: 'withdraw' })
    expect([changed, stopped, skipped]).toEqual([firstChunkRows, 'it was cancelled', []])
    expect(await call('users:count', { filter: { disabled: true } })).toEqual({ users: firstChunkRows })
    // The name is free again, and cancelling it now would cancel nothing.
    await call('tasks:cancel', { taskId: 'withdraw' })
    expect((await call('users:disable', { selection: { filter: {} } })).changed).toBe(1200 - firstChunkRows)
  })
})
