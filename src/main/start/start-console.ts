import { spawn } from 'node:child_process'
import path from 'node:path'
import { downloadElectron, findElectron } from './electron-binary.ts'

export interface StartOptions {
  /** The folder with `package.json` and `out/`. */
  programFolder: string
  /** Of the npm package `electron`, or null where it is not installed. */
  electronFolder: string | null
  environment: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  /** What the person gave after `npm start --`. */
  args: string[]
  say(line: string): void
  downloadStallMs?: number
}

/**
 * Opens the console in Electron; where that cannot run, says so in one line and serves it to a browser. Resolves with the
 * exit code when the person has ended it.
 */
export async function startConsole(options: StartOptions): Promise<number> {
  const { say, programFolder, args } = options
  const found = await electronOrReason(options)
  const reason = 'binary' in found ? await runElectron(found.binary, options) : found
  if ('exitCode' in reason) return reason.exitCode
  say(`The console opens in a browser instead of a window: ${reason.reason}.`)
  return run(
    process.execPath,
    [path.join(programFolder, 'out', 'main', 'cli.js'), 'serve', ...args],
    options.environment
  )
}

async function electronOrReason(options: StartOptions): Promise<{ binary: string } | { reason: string }> {
  const { electronFolder, environment, platform, say, downloadStallMs = 15_000 } = options
  if (!electronFolder) return { reason: 'Electron is not installed' }
  if (!hasDisplay(environment, platform))
    return { reason: 'there is no display (DISPLAY and WAYLAND_DISPLAY are not set)' }
  const present = findElectron(electronFolder, environment, platform)
  if (present) return { binary: present }
  if (environment['ELECTRON_OVERRIDE_DIST_PATH']) return { reason: 'ELECTRON_OVERRIDE_DIST_PATH holds no Electron' }
  if (environment['ELECTRON_SKIP_BINARY_DOWNLOAD']) return { reason: 'Electron has not been downloaded' }
  if (process.stderr.isTTY) say('Downloading Electron, once…')
  const isDownloaded = await downloadElectron(electronFolder, downloadStallMs)
  const downloaded = isDownloaded ? findElectron(electronFolder, environment, platform) : null
  return downloaded ? { binary: downloaded } : { reason: 'Electron could not be downloaded' }
}

/** A runtime that was named by hand may bring its own display; if it does not, it ends and says so itself. */
function hasDisplay(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  if (platform !== 'linux' || environment['ELECTRON_OVERRIDE_DIST_PATH']) return true
  return [environment['DISPLAY'], environment['WAYLAND_DISPLAY']].some(Boolean)
}

/** Runs the console in Electron. Ends with a reason where Electron itself did not come up. */
function runElectron(
  binary: string,
  { programFolder, args, environment }: StartOptions
): Promise<{ exitCode: number } | { reason: string }> {
  const electron = spawn(binary, [programFolder, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: environment
  })
  forwardSignals(electron)
  return new Promise((resolve) => {
    let isStarted = false
    electron.once('message', () => {
      isStarted = true
      // The message was all there is to hear; an open channel would outlive the window.
      electron.disconnect()
    })
    electron.on('error', (error) => resolve({ reason: `Electron cannot run here (${error.message})` }))
    electron.on('exit', (code, signal) => {
      if (isStarted || code === 0) resolve({ exitCode: code ?? 1 })
      else resolve({ reason: `Electron cannot run here (it ended with ${signal ?? `code ${code}`})` })
    })
  })
}

function run(binary: string, args: string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(binary, args, { stdio: 'inherit', env: environment })
  forwardSignals(child)
  return new Promise((resolve) => {
    child.on('error', () => resolve(1))
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

/** Ctrl+C reaches the whole terminal, a service manager's signal only this process; either way the child ends first. */
function forwardSignals(child: ReturnType<typeof spawn>): void {
  const ignore = (): void => undefined
  const terminate = (): void => void child.kill('SIGTERM')
  process.on('SIGINT', ignore).on('SIGTERM', terminate)
  child.on('close', () => process.off('SIGINT', ignore).off('SIGTERM', terminate))
}
