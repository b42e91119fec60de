import { readdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import BetterSqlite3 from 'better-sqlite3'
import { expect } from 'vitest'
import { createCliFolder, spawnProvision, type Cli } from './cli.ts'

interface Sheet {
  state: string
  labels: number
  codes: Record<'live' | 'withdrawn', number>
}

/** A data folder whose users get sheets from programs of their own. */
export async function openSheetFolder(users: number): Promise<Cli> {
  const rows = Array.from({ length: users }, (_, index) => `user${index},Name ${index}`)
  const { console, cli } = await createCliFolder(['username,name', ...rows].join('\n'))
  await console.close()
  return cli
}

export interface KillMoment {
  /** The sheet has its row, and this many codes of it are there. */
  issued: number
  /** And so long after. */
  thenMs: number
}

/**
 * Makes a sheet in a program that is killed at a moment. At the next start its codes must be withdrawn, whatever the moment, unless
 * the file was in its place and the sheet said to be made. Only its own draft may lie there, for its owner alone. Returns what became of it.
 */
export async function killWhileMaking(cli: Cli, { issued, thenMs }: KillMoment): Promise<'killed' | 'made'> {
  const out = path.join(cli.folder, 'killed.pdf')
  const sqlite = new BetterSqlite3(path.join(cli.folder, 'console.db'), { readonly: true })
  const count = () => sqlite.prepare('select count(*) from sheet_codes').pluck().get() as number
  const countSheets = () => sqlite.prepare('select count(*) from sheets').pluck().get() as number
  const countLive = () => sqlite.prepare(`select count(*) from codes where state = 'live'`).pluck().get() as number
  const [from, sheetsBefore, liveBefore] = [count(), countSheets(), countLive()]
  const make = ['sheets', 'make', '--all', '--yes', '--stock', 'L7159', '--out', out]
  const { child, ended } = spawnProvision(['--data', cli.folder, ...make])
  const isDue = () => countSheets() > sheetsBefore && count() >= from + issued
  while (!isDue() && child.exitCode === null) await delay(1)
  await delay(thenMs)
  child.kill('SIGKILL')
  const { signal } = await ended
  const [sheet] = await cli.json<Sheet[]>(['sheets', 'list', '--limit', '1'])
  const drafts = draftsIn(cli.folder)
  if (signal !== 'SIGKILL' || sheet?.state === 'made') {
    expect(sheet?.state).toBe('made')
    expect(sheet?.codes.live).toBe(sheet?.labels)
    expect(drafts).toEqual([])
    rmSync(out)
    sqlite.close()
    return 'made'
  }
  expect(sheet).toMatchObject({ state: 'failed', codes: { live: 0 } })
  expect(sheet?.codes.withdrawn).toBe(sheet?.labels)
  // Until its codes were issued, all at once, those of before live on.
  expect(countLive()).toBe(sheet?.labels === 0 ? liveBefore : 0)
  sqlite.close()
  // Killed between the two, it leaves the file in its place with codes that were withdrawn.
  rmSync(out, { force: true })
  if (drafts.length === 0) return 'killed'
  expect(drafts).toEqual([expect.stringMatching(/^\.killed\.pdf\./)])
  for (const draft of drafts) expect(statSync(path.join(cli.folder, draft)).mode & 0o777).toBe(0o600)
  return 'killed'
}

/** What programs write in before a file is in its place. */
export function draftsIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.provision-draft'))
}
