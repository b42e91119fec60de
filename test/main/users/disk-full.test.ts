import { cpSync, statSync } from 'node:fs'
import path from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { CallInput } from '../../../src/shared/contract.ts'
import { AppError } from '../../../src/shared/errors.ts'
import { readAuditEntries } from '../../support/audit-entries.ts'
import { openTestConsole, type TestConsole } from '../../support/console.ts'
import { mountSmall, resizeSmall, smallDiskNeed } from '../../support/small-disk.ts'

const users = 4000
const names = Array.from({ length: users }, (_, number) => `user${number}`)
const everybody = { selection: { filter: {} } }
const changedNames = ['username,name', ...names.map((name) => `${name},Changed ${name} ${'x'.repeat(80)}`)]
const file: CallInput<'users:import'> = { content: Buffer.from(changedNames.join('\n')) }

interface Outcome {
  done: number
  stopped: string | null
}

/** An act on everybody, and the kind of entry that tells of its chunks. */
const acts: Record<
  string,
  {
    kind: 'users.removed' | 'users.disabled' | 'users.moved' | 'users.imported' | 'codes.withdrawn' | 'codes.issued'
    run(console: TestConsole): Promise<Outcome>
  }
> = {
  'a removal': {
    kind: 'users.removed',
    run: async (console) => outcome(await console.call('users:remove', everybody), 'changed')
  },
  'a disabling': {
    kind: 'users.disabled',
    run: async (console) => outcome(await console.call('users:disable', everybody), 'changed')
  },
  'a move': {
    kind: 'users.moved',
    run: async (console) => outcome(await console.call('users:move', { ...everybody, group: 'Night' }), 'changed')
  },
  'the removal of their group': {
    kind: 'users.moved',
    run: async (console) =>
      outcome(await console.call('groups:remove', { name: 'Staff', moveUsersTo: 'Night' }), 'moved')
  },
  'an import': {
    kind: 'users.imported',
    run: async (console) => outcome(await console.call('users:import', file), 'updated')
  },
  'a withdrawal of codes': {
    kind: 'codes.withdrawn',
    run: async (console) => outcome(await console.call('codes:withdraw', everybody), 'withdrawn')
  },
  'an issue into a file': {
    kind: 'codes.issued',
    run: async (console) => outcome(await console.call('codes:issueFile', everybody), 'issued')
  }
}

function outcome<Name extends string>(answer: { stopped: string | null } & Record<Name, number>, name: Name): Outcome {
  return { done: answer[name], stopped: answer.stopped }
}

/** A console of everybody, each with a live code, on a disk with so much room left. */
async function openOnSmallDisk(spareKibibytes: number) {
  const first = await openTestConsole()
  await first.call('users:import', { content: Buffer.from(['username', ...names].join('\n')) })
  await first.call('groups:add', { name: 'Night' })
  await first.call('codes:issue', everybody)
  await first.close()
  const bytes = statSync(path.join(first.folder, 'console.db')).size
  const small = mountSmall(Math.ceil(bytes / 1024) + 120 + spareKibibytes)
  if (small === null) return null
  const folder = path.join(small, 'data')
  cpSync(first.folder, folder, { recursive: true })
  return { small, console: await openTestConsole({ folder, clock: first.clock }) }
}

describe('on a disk that fills up', () => {
  it.for(Object.entries(acts))(
    '%s says so, keeps what its log tells of, and goes on when there is room',
    async ([, { kind, run }], { skip }) => {
      for (const spareKibibytes of [20, 900]) {
        const { console: server, small } = (await openOnSmallDisk(spareKibibytes)) ?? skip(smallDiskNeed)
        const entries = () => readAuditEntries(server.folder, kind)
        const before = entries().length
        const first = await run(server).catch((error: unknown) => {
          if (!(error instanceof AppError)) throw error
          // The whole act is refused only where nothing of it was done.
          expect([error.code, error.message]).toEqual([
            'disk-full',
            'The disk that holds the database is full. Nothing of this act was written.'
          ])
          return { done: 0, stopped: 'The disk that holds the database is full.' }
        })
        expect(first.stopped).toBe('The disk that holds the database is full.')
        expect(first.done).toBeLessThan(users)
        const told = entries()
          .slice(before)
          .map(({ detail }) => detail as { users?: string[]; updated?: string[] })
          .flatMap((detail) => detail.users ?? detail.updated ?? ['the only one'])
        expect(told).toHaveLength(first.done)
        expect((await server.call('log:verify', {})).brokenRow).toBeNull()
        const sqlite = new BetterSqlite3(path.join(server.folder, 'console.db'), { readonly: true })
        expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok')
        sqlite.close()

        resizeSmall(small, 131_072)
        const again = await run(server)
        expect(again.stopped).toBeNull()
        expect(kind === 'codes.issued' ? again.done : first.done + again.done).toBe(users)
        await server.close()
      }
    }
  )
})
