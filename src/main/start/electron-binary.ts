import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** Electron's binary, or null where it has not been downloaded. `packageFolder` is that of the npm package `electron`. */
export function findElectron(
  packageFolder: string,
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform
): string | null {
  const folder = environment['ELECTRON_OVERRIDE_DIST_PATH'] ?? path.join(packageFolder, 'dist')
  const binary = path.join(folder, readName(packageFolder) ?? platformName(platform))
  return existsSync(binary) ? binary : null
}

/** The package notes the binary's name once it has downloaded it. */
function readName(packageFolder: string): string | null {
  try {
    return readFileSync(path.join(packageFolder, 'path.txt'), 'utf8')
  } catch {
    return null
  }
}

function platformName(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron'
  return platform === 'win32' ? 'electron.exe' : 'electron'
}

const lookEveryMs = 500

/**
 * Lets the npm package `electron` download its binary, which takes as long as it takes; but a host that sends nothing for
 * `stallMs` is taken for unreachable. Resolves with whether it was downloaded.
 */
export function downloadElectron(packageFolder: string, stallMs: number, script = 'install.js'): Promise<boolean> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'provision-electron-'))
  const installer = spawn(process.execPath, [path.join(packageFolder, script)], {
    stdio: 'ignore',
    // It downloads into the system's folder for temporary files: one of its own shows how far it is.
    env: { ...process.env, TMPDIR: scratch, TEMP: scratch, TMP: scratch }
  })
  return new Promise((resolve) => {
    let bytes = 0
    let movedAtMs = performance.now()
    const watch = setInterval(() => {
      const now = sizeOf(scratch) + sizeOf(path.join(packageFolder, 'dist'))
      if (now !== bytes) movedAtMs = performance.now()
      bytes = now
      if (performance.now() - movedAtMs > stallMs) installer.kill()
    }, lookEveryMs)
    const end = (isDone: boolean): void => {
      clearInterval(watch)
      rmSync(scratch, { recursive: true, force: true })
      resolve(isDone)
    }
    installer.on('error', () => end(false))
    installer.on('exit', (code) => end(code === 0))
  })
}

function sizeOf(folder: string): number {
  if (!existsSync(folder)) return 0
  let bytes = 0
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    bytes += statSync(path.join(folder, name), { throwIfNoEntry: false })?.size ?? 0
  }
  return bytes
}
