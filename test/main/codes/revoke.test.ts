import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { createAuditLog } from '../../../src/main/store/audit-chain.ts'
import { systemRandom } from '../../../src/main/system/clock.ts'
import { issueCodes } from '../../../src/main/codes/issue.ts'
import { withdrawCodesById } from '../../../src/main/codes/revoke.ts'
import { openDatabase } from '../../../src/main/store/sqlite/open.ts'
import { createTimekeeper } from '../../../src/main/store/time.ts'
import { deriveKeys } from '../../../src/main/keys/derived-keys.ts'
import { createSettingsService } from '../../../src/main/settings/settings-service.ts'
import { findUsersByKeys } from '../../../src/main/users/user-store.ts'
import { openTestConsole } from '../../support/console.ts'

const act = { actor: 'tester' }

/** The folder of a console, open a second time as another service of the program has it. */
async function openServer() {
  const console = await openTestConsole()
  await console.call('users:import', { content: Buffer.from('username\nann\nbob\ncy\n') })
  await console.call('users:disable', { selection: { usernames: ['cy'] } })
  const { db, close } = await openDatabase(path.join(console.folder, 'console.db'))
  const keys = deriveKeys(Buffer.alloc(32, 7))
  const audit = createAuditLog(keys.audit)
  const policy = await createSettingsService(db, createTimekeeper(console.clock), audit, keys.sealing).read()
  const rows = [...(await findUsersByKeys(db, ['ann', 'bob', 'cy'])).values()]
  const nowMs = console.clock.nowMs()
  const parts = { random: systemRandom, keys, audit }
  const issue = { policy, channel: 'sheet' as const, life: {}, reveal: false }
  const stateOf = async (username: string) => (await console.call('users:show', { username })).user.code
  return { db, close, audit, parts, rows, issue, nowMs, stateOf }
}

describe('codes within the transaction of another service', () => {
  it('are there with its own rows or not at all, and not for the disabled', async () => {
    const { db, close, parts, rows, issue, nowMs, stateOf } = await openServer()
    const failing = db.transaction().execute(async (transaction) => {
      await issueCodes(parts, transaction, rows, issue, nowMs, act)
      throw new Error('on purpose')
    })
    await expect(failing).rejects.toThrow('on purpose')
    expect([await stateOf('ann'), await stateOf('bob')]).toEqual(['none', 'none'])

    const codes = await db
      .transaction()
      .execute((transaction) => issueCodes(parts, transaction, rows, issue, nowMs, act))
    expect(codes.map(({ username }) => username).toSorted()).toEqual(['ann', 'bob'])
    expect(codes.every(({ expiresAtMs }) => expiresAtMs === nowMs + 7 * 86_400_000)).toBe(true)
    expect(new Set(codes.map(({ codeId }) => codeId)).size).toBe(2)
    expect([await stateOf('ann'), await stateOf('bob'), await stateOf('cy')]).toEqual(['live', 'live', 'none'])
    await close()
  })

  it('are withdrawn by their rows, and newer codes of the same users are left', async () => {
    const { db, close, audit, parts, rows, issue, nowMs, stateOf } = await openServer()
    const issueTo = (users: typeof rows) =>
      db.transaction().execute((transaction) => issueCodes(parts, transaction, users, issue, nowMs, act))
    const first = await issueTo(rows)
    await issueTo(rows.filter(({ username }) => username === 'bob'))
    const withdraw = () =>
      db.transaction().execute((transaction) =>
        withdrawCodesById(
          transaction,
          audit,
          first.map(({ codeId }) => codeId),
          nowMs,
          act
        )
      )
    expect(await withdraw()).toBe(1)
    expect([await stateOf('ann'), await stateOf('bob')]).toEqual(['withdrawn', 'live'])
    expect(await withdraw()).toBe(0)
    await close()
  })
})
