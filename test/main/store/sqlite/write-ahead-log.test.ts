import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../../../src/main/store/sqlite/open.ts'
import { hasLostCommits } from '../../../../src/main/store/sqlite/write-ahead-log.ts'
import { writeSetting } from '../../../../src/main/settings/settings-store.ts'
import { createTestFolder } from '../../../support/console.ts'
import { refusalOf } from '../../../support/refusal.ts'

const frameBytes = 24 + 4096

/** A database as a kill leaves it: all of `transactions` lies in its log alone. */
async function killedDatabase(transactions: number): Promise<{ file: string; log: Buffer }> {
  const from = path.join(createTestFolder(), 'console.db')
  const { db, close } = await openDatabase(from)
  new BetterSqlite3(from).pragma('wal_checkpoint(TRUNCATE)')
  for (let number = 0; number < transactions; number++) await writeSetting(db, `key ${number}`, 'x'.repeat(5000), 0)
  const file = path.join(createTestFolder(), 'console.db')
  for (const ending of ['', '-wal']) copyFileSync(from + ending, file + ending)
  await close()
  return { file, log: readFileSync(`${file}-wal`) }
}

/** Where the frames end that hold a commit. */
function commitsOf(log: Buffer): number[] {
  const ends: number[] = []
  for (let at = 32; at + frameBytes <= log.length; at += frameBytes)
    if (log.readUInt32BE(at + 4) !== 0) ends.push(at + frameBytes)
  return ends
}

const countSettings = async (file: string) => {
  const { db, close } = await openDatabase(file)
  const rows = await db.selectFrom('settings').select('key').execute()
  await close()
  return rows.length
}

describe('a log beside the database that a program left when it was killed', () => {
  it('is taken up where it is whole, or was cut off anywhere, as by a power cut', async () => {
    const { file, log } = await killedDatabase(8)
    for (let length = 0; length <= log.length; length += 1373) {
      writeFileSync(`${file}-wal`, log.subarray(0, length))
      expect(hasLostCommits(`${file}-wal`), String(length)).toBe(false)
    }
    writeFileSync(`${file}-wal`, log)
    expect(await countSettings(file)).toBe(8)
  })

  it('is taken up without its last transaction where that was torn in any place', async () => {
    const { file, log } = await killedDatabase(8)
    const lastBegins = commitsOf(log).at(-2) ?? 0
    for (let at = lastBegins; at < log.length; at += 997) {
      const torn = Buffer.from(log)
      torn.fill(0, at, at + 512)
      writeFileSync(`${file}-wal`, torn)
      expect(hasLostCommits(`${file}-wal`), String(at)).toBe(false)
    }
    expect(await countSettings(file)).toBe(7)
  })

  it('is refused where a byte before its last two transactions is another, and all is kept as it was', async () => {
    const { file, log } = await killedDatabase(8)
    const before = readFileSync(file)
    const end = commitsOf(log).at(-3) ?? 0
    for (let at = 0; at < end; at += 211) {
      const changed = Buffer.from(log)
      changed[at] = (changed[at] ?? 0) ^ 0x10
      writeFileSync(`${file}-wal`, changed)
      // The header's version is not looked at, but its sum is.
      expect(hasLostCommits(`${file}-wal`), String(at)).toBe(true)
      const { code, message } = await refusalOf(() => openDatabase(file))
      expect([code, message]).toEqual([
        'database-damaged',
        `The database ${file} is damaged (its log console.db-wal was changed, and what follows would be lost). Restore a backup.`
      ])
      // Compared by the expectation itself, a hundred thousand bytes take longer than all the rest.
      expect(readFileSync(`${file}-wal`).equals(changed)).toBe(true)
      expect(readFileSync(file).equals(before)).toBe(true)
    }
  })

  it('is taken up where older frames lie behind what was written since it began anew', async () => {
    const from = path.join(createTestFolder(), 'console.db')
    const { db, close } = await openDatabase(from)
    for (let number = 0; number < 20; number++) await writeSetting(db, `key ${number}`, 'x'.repeat(5000), 0)
    const other = new BetterSqlite3(from)
    other.pragma('wal_checkpoint(RESTART)')
    other.close()
    const size = statSync(`${from}-wal`).size
    for (const key of ['again', 'and again']) await writeSetting(db, key, 'y', 0)
    expect(statSync(`${from}-wal`).size).toBe(size)
    expect(hasLostCommits(`${from}-wal`)).toBe(false)
    await close()
  })
})
