import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { _electron, chromium, type Page } from 'playwright'
import { makePatient, patienceMs } from './patience.ts'

/** The console as a person has it before them: a page to look at, and what to do when done. */
export interface OpenedConsole {
  page: Page
  /** Where the page comes from: nothing else may be asked for. */
  origin: string
  /** What the next file holds that the page saves; on the desktop, without the dialog that would ask where to. */
  nextFile(): Promise<Buffer>
  close(): Promise<void>
}

export interface ConsoleHost {
  name: string
  /** Why this host cannot run here and what would enable it, or null when it can. */
  missing: string | null
  open(dataFolder: string, look?: Look): Promise<OpenedConsole>
  /** With the User Portal, which Electron runs in any case. */
  openWithPortal(dataFolder: string, look?: Look): Promise<OpenedConsole>
}

export interface Look {
  width: number
  height: number
  colorScheme: 'light' | 'dark'
}

const usualLook: Look = { width: 1440, height: 900, colorScheme: 'light' }
const cli = path.resolve('out/main/cli.js')

const chromiumBinary = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) =>
  existsSync(file)
)

/** Chromium from the distribution runs as root and without a graphics card here, and must not call home. */
const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
]

export const browserHost: ConsoleHost = {
  name: 'Chromium and the browser host',
  missing: chromiumBinary ? null : 'no Chromium was found; install it (Debian: apt-get install chromium)',
  open: (dataFolder, look) => openInBrowser(dataFolder, [], look),
  openWithPortal: (dataFolder, look) => openInBrowser(dataFolder, ['--with-portal'], look)
}

async function openInBrowser(
  dataFolder: string,
  options: string[],
  { width, height, colorScheme }: Look = usualLook
): Promise<OpenedConsole> {
  const { child, url } = await startProcess(['serve', '--data', dataFolder, '--port', '0', ...options])
  const browser = await chromium.launch({
    executablePath: chromiumBinary ?? '',
    args: chromiumArgs,
    timeout: patienceMs
  })
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, acceptDownloads: true })
  const page = makePatient(await context.newPage())
  await page.goto(url)
  // The page that signs in goes on to the console by itself.
  await page.getByRole('navigation').first().waitFor()
  return {
    page,
    origin: new URL(url).origin,
    async nextFile() {
      return readFileSync(await (await page.waitForEvent('download')).path())
    },
    async close() {
      await browser.close()
      await endProcess(child)
    }
  }
}

const electronFolder = process.env['ELECTRON_OVERRIDE_DIST_PATH']
export const electronBinary = electronFolder && path.join(electronFolder, 'electron')

export const electronHost: ConsoleHost = {
  name: 'Electron',
  missing:
    electronBinary && existsSync(electronBinary)
      ? null
      : 'no Electron runtime is set up; set ELECTRON_OVERRIDE_DIST_PATH to the folder of one and run npm test again',
  open: openInElectron,
  openWithPortal: openInElectron
}

async function openInElectron(
  dataFolder: string,
  { width, height, colorScheme }: Look = usualLook
): Promise<OpenedConsole> {
  const app = await _electron.launch({
    executablePath: electronBinary ?? '',
    args: ['.', `--data=${dataFolder}`, `--user-data-dir=${path.join(dataFolder, 'desktop')}`],
    colorScheme,
    timeout: patienceMs
  })
  const page = makePatient(await app.firstWindow({ timeout: patienceMs }))
  await app.evaluate(
    ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height),
    {
      width,
      height
    }
  )
  return {
    page,
    origin: await page.evaluate('location.origin'),
    async nextFile() {
      const file = path.join(dataFolder, 'desktop', 'saved')
      await app.evaluate(
        ({ BrowserWindow }, savePath) =>
          new Promise<void>((resolve) => {
            BrowserWindow.getAllWindows()[0]?.webContents.session.once('will-download', (_event, item) => {
              item.setSavePath(savePath)
              item.once('done', () => resolve())
            })
          }),
        file
      )
      return readFileSync(file)
    },
    close: () => app.close()
  }
}

export const consoleHosts = [electronHost, browserHost]

/** A running `provision portal` over the folder, on a free port unless one is given. */
export async function startPortal(dataFolder: string, port = 0): Promise<{ url: string; stop(): Promise<void> }> {
  const { child, url } = await startProcess(['portal', '--no-tls', '--data', dataFolder, '--port', String(port)])
  return { url, stop: () => endProcess(child) }
}

/** Runs a command to its end, with these lines on its standard input, and gives its stdout. */
export async function provision(args: string[], input = ''): Promise<string> {
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(input)
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  if (code !== 0) throw new Error(`provision ${args[0]} ended with ${code}`)
  return stdout
}

async function startProcess(args: string[]): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await new Promise<string>((resolve, reject) => {
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      const found = /https?:\/\/\S+/.exec(stdout)
      if (found) resolve(found[0])
    })
    child.on('close', (code) => reject(new Error(`provision ${args[0]} ended with ${code} before it served anything`)))
  })
  return { child, url }
}

function endProcess(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve()
    child.once('close', () => resolve())
    child.kill('SIGTERM')
  })
}
