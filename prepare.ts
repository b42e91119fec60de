import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/**
 * npm's `prepare`: builds what is not built yet. npm runs it after each install, and `npx provision` before its first run, when
 * a console may already be running from `out/`; so a finished build is left alone.
 */
const stamp = path.join('out', '.complete')
const sources = ['src', 'package.json', 'package-lock.json', 'electron.vite.config.ts']

function newestMs(entry: string): number {
  const { mtimeMs } = statSync(entry)
  if (!statSync(entry).isDirectory()) return mtimeMs
  return Math.max(mtimeMs, ...readdirSync(entry).map((name) => newestMs(path.join(entry, name))))
}

const builtMs = existsSync(stamp) ? statSync(stamp).mtimeMs : 0
if (Math.max(...sources.map(newestMs)) > builtMs) {
  const { status } = spawnSync('npm', ['run', 'build'], { stdio: 'inherit', shell: process.platform === 'win32' })
  if (status === 0) writeFileSync(stamp, '')
  process.exitCode = status ?? 1
}
