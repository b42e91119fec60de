import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { _electron, type ElectronApplication, type Page } from 'playwright'
import { describe, expect, it, onTestFinished } from 'vitest'
import { pageSizes, type PageName } from '../../src/shared/sheet.ts'
import { labelBoxes, layoutLabel } from '../../src/main/sheets/label-layout.ts'
import { openPdf, readCodeAt, type PagePixels } from '../../src/main/sheets/read-back.ts'
import { readStockTable } from '../../src/main/sheets/stock.ts'
import { createTestFolder } from '../support/console.ts'
import { inkWithin, toleranceMm } from '../support/sheet-pages.ts'
import { electronBinary, electronHost, provision } from './hosts.ts'
import { makePatient, patienceMs } from './patience.ts'

const printServer = '/usr/sbin/cupsd'
const driver = 'lsb/usr/cupsfilters/Generic-PDF_Printer-PDF.ppd'
const missing =
  electronHost.missing ??
  (existsSync(printServer) && process.getuid?.() === 0
    ? null
    : 'no print server that this account may start; install it (Debian: apt-get install cups cups-filters) and run as root')
const dotsAnInch = 300

const papers: [string, PageName][] = [
  ['L7160', 'A4'],
  ['5160', 'Letter']
]

describe.skipIf(missing !== null)(`printing in Electron${missing ? ` (${missing})` : ''}`, () => {
  it.each(papers)('%s on %s leaves a real queue as large as the saved file has it', async (part, paper) => {
    const stock = readStockTable().find((each) => each.part === part)
    if (!stock) throw new Error(`the table lacks ${part}`)
    const folder = createTestFolder()
    // The print server's filters run under an account of their own.
    chmodSync(folder, 0o711)
    const data = path.join(folder, 'data')
    await addUsers(data, stock.columns * stock.rows)
    const queue = await startQueue(path.join(folder, 'cups'), paper)
    const app = await _electron.launch({
      executablePath: electronBinary ?? '',
      args: ['.', `--data=${data}`, `--user-data-dir=${path.join(data, 'desktop')}`],
      env: { ...process.env, CUPS_SERVER: queue.server },
      timeout: patienceMs
    })
    onTestFinished(() => app.close())
    const file = path.join(folder, 'saved.pdf')
    await answerDialogs(app, file)
    const page = makePatient(await app.firstWindow({ timeout: patienceMs }))
    await makeSheet(page, part)
    await page.getByRole('button', { name: 'Save…' }).click()
    await page.getByText('Saved. The file holds the codes').first().waitFor()
    expect(statSync(file).mode & 0o777).toBe(0o600)
    await page.getByRole('button', { name: 'Print…' }).click()

    const saved = await renderFirst(readFileSync(file))
    const printed = await renderFirst(await queue.nextJob())
    const whole = { xMm: 0, yMm: 0, ...pageSizes[paper] }
    const [drawn, came] = [inkWithin(saved, whole, dotsAnInch), inkWithin(printed, whole, dotsAnInch)]
    if (!drawn || !came) throw new Error('a page is empty')
    for (const edge of ['leftMm', 'topMm', 'rightMm', 'bottomMm'] as const) {
      expect(Math.abs(came[edge] - drawn[edge]), edge).toBeLessThan(toleranceMm)
    }
    const { qr } = layoutLabel(stock)
    for (const { xMm, yMm } of labelBoxes(stock)) {
      const box = { ...qr, xMm: xMm + qr.xMm, yMm: yMm + qr.yMm }
      const text = await readCodeAt(saved, box, dotsAnInch)
      expect(text).toContain('/userportal/complete/')
      expect(await readCodeAt(printed, box, dotsAnInch)).toBe(text)
    }
  })
})

async function renderFirst(pdf: Uint8Array): Promise<PagePixels> {
  const opened = await openPdf(pdf)
  try {
    return await opened.render(1, dotsAnInch)
  } finally {
    await opened.close()
  }
}

async function addUsers(data: string, count: number): Promise<void> {
  mkdirSync(data)
  const users = path.join(data, 'users.csv')
  const rows = Array.from({ length: count }, (_, index) => `user${index},Name ${index}`)
  writeFileSync(users, ['username,name', ...rows].join('\n'))
  await provision(['users', 'import', users, '--data', data, '--quiet'])
}

async function makeSheet(page: Page, part: string): Promise<void> {
  await page.getByRole('navigation').first().waitFor()
  await page.evaluate(`location.hash = '#/sheets/new'`)
  await page.getByRole('combobox', { name: 'Label stock' }).click()
  await page.getByRole('option', { name: part }).first().click()
  await page.getByRole('button', { name: /^Make \d+ labels$/ }).click()
  await page.locator('canvas[data-state=drawn]').waitFor()
}

/** The system's dialogs are beyond a test's reach: one gives the file to save to, the other takes the queue there is. */
async function answerDialogs(app: ElectronApplication, filePath: string): Promise<void> {
  await app.evaluate((electron, answered) => {
    electron.dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: answered })
    electron.app.on('web-contents-created', (_event, contents) => {
      const print = contents.print.bind(contents)
      contents.print = (options, done) => print({ ...options, silent: true, deviceName: 'Labels' }, done)
    })
  }, filePath)
}

/** A print server of the test's own with one queue, whose printer is a file. */
async function startQueue(
  folder: string,
  paper: PageName
): Promise<{ server: string; nextJob(): Promise<Uint8Array> }> {
  for (const name of ['etc', 'spool', 'cache', 'run', 'log']) mkdirSync(path.join(folder, name), { recursive: true })
  const server = path.join(folder, 'run', 'cups.sock')
  const printed = path.join(folder, 'printed.pdf')
  const files = {
    FileDevice: 'Yes',
    ServerRoot: path.join(folder, 'etc'),
    RequestRoot: path.join(folder, 'spool'),
    CacheDir: path.join(folder, 'cache'),
    StateDir: path.join(folder, 'run'),
    AccessLog: path.join(folder, 'log', 'access'),
    ErrorLog: path.join(folder, 'log', 'error'),
    PageLog: path.join(folder, 'log', 'page')
  }
  const filesConf = path.join(folder, 'cups-files.conf')
  writeFileSync(filesConf, lines(files))
  const conf = path.join(folder, 'cupsd.conf')
  const anybody = ['<Location />', 'Order allow,deny', 'Allow all', '</Location>']
  const policy = ['<Policy default>', '<Limit All>', 'Order deny,allow', '</Limit>', '</Policy>']
  writeFileSync(conf, [`Listen ${server}`, 'Browsing No', 'WebInterface No', ...anybody, ...policy, ''].join('\n'))
  const child = spawn(printServer, ['-f', '-c', conf, '-s', filesConf], { stdio: 'ignore' })
  onTestFinished(async () => {
    const ended = new Promise((resolve) => child.once('close', resolve))
    child.kill('SIGTERM')
    await ended
  })
  await until(() => existsSync(server))
  const queue = ['-p', 'Labels', '-E', '-v', `file://${printed}`, '-m', driver, '-o', `PageSize=${paper}`]
  execFileSync('/usr/sbin/lpadmin', ['-h', server, ...queue], { stdio: 'ignore' })
  return {
    server,
    async nextJob() {
      await until(() => existsSync(printed) && readFileSync(printed).includes('%%EOF', -1024))
      return readFileSync(printed)
    }
  }
}

const lines = (settings: Record<string, string>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name} ${value}\n`)
    .join('')

async function until(isTrue: () => boolean): Promise<void> {
  const endMs = Date.now() + patienceMs
  while (!isTrue()) {
    if (Date.now() > endMs) throw new Error('it did not happen in time')
    await delay(100)
  }
}
