import { createRequire } from 'node:module'
import path from 'node:path'
import { programFolder } from './system/program-folder.ts'
import { startConsole } from './start/start-console.ts'

process.exitCode = await startConsole({
  programFolder,
  electronFolder: findElectronFolder(),
  environment: process.env,
  platform: process.platform,
  args: process.argv.slice(2),
  say: (line) => process.stderr.write(`${line}\n`)
})

/** Of the package, not through its main module: that would download the binary, however long it takes. */
function findElectronFolder(): string | null {
  try {
    return path.dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  } catch {
    return null
  }
}
