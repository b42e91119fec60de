import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import type { Bench, BenchRow } from './row.ts'

const runFile = promisify(execFile)
const cli = path.resolve(import.meta.dirname, '../../out/main/cli.js')

/** The built program against a start of Node that does nothing: how long people and scripts wait for a command. */
export async function bench(): Promise<Bench> {
  const folder = await mkdtemp(path.join(tmpdir(), 'provision-bench-'))
  const node = async (...args: string[]) => void (await runFile(process.execPath, args))
  await node(cli, '--data', folder, 'users', 'add', 'ada')
  const row = (name: string, args: string[], holdRatio: number, aimRatio: number): BenchRow => ({
    kind: 'speed',
    name,
    ours: { operations: 1, run: () => node(cli, ...args) },
    reference: { name: 'node -e 0', operations: 1, run: () => node('-e', '0') },
    holdRatio,
    aimRatio
  })
  return {
    rows: [
      row('command line: version', ['version'], 0.2, 0.3),
      row('command line: users list', ['users', 'list', '--data', folder], 0.07, 0.1)
    ],
    close: () => rm(folder, { recursive: true, force: true })
  }
}
