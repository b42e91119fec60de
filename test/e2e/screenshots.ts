import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright'
import { consoleHosts, provision, type Look, type OpenedConsole } from './hosts.ts'

/** `npm run screenshots [-- NAME]`: every picture of docs/screenshots, taken of the built console in Chromium. */
const target = path.resolve('docs/screenshots')
const thousandUsers = path.resolve('test/support/data/users-1000.csv')
const dirtyUsers = path.resolve('test/support/data/users-dirty.csv')

/** What is to be seen: which users are there, and how a person gets to it. */
interface Scene {
  name: string
  users: 0 | 5 | 1000
  arrange?: (page: Page, folder: string) => Promise<void>
}

const scenes: Scene[] = [
  { name: 'status-new', users: 0 },
  { name: 'status', users: 1000, arrange: (_page, folder) => makeCodes(folder) },
  { name: 'users-0', users: 0, arrange: (page) => show(page, 'users') },
  { name: 'users-5', users: 5, arrange: (page) => show(page, 'users') },
  {
    name: 'users-1000',
    users: 1000,
    async arrange(page, folder) {
      await makeCodes(folder)
      await show(page, 'users')
    }
  },
  {
    name: 'user',
    users: 1000,
    async arrange(page, folder) {
      await makeCodes(folder)
      await show(page, 'users/pdvorak')
      await page.getByRole('button', { name: /^Issue/ }).click()
      const replacing = page.getByRole('dialog').getByRole('button', { name: /^Issue a new code|^End/ })
      await page
        .getByRole('img', { name: /^QR code that provisions/ })
        .or(replacing)
        .first()
        .waitFor()
    }
  },
  {
    name: 'import',
    users: 0,
    async arrange(page) {
      await show(page, 'users')
      await page.keyboard.press('Control+i')
      const dialog = page.getByRole('dialog', { name: 'Import users' })
      const file = { name: 'users-dirty.csv', mimeType: 'text/csv', buffer: readFileSync(dirtyUsers) }
      await dialog.locator('input[type=file]').setInputFiles(file)
      await dialog.getByText('has a quote that is not closed').waitFor()
    }
  },
  {
    name: 'palette',
    users: 1000,
    async arrange(page) {
      await show(page, 'users')
      await page.keyboard.press('Control+k')
      await page.keyboard.type('i')
    }
  }
]

const looks: Look[] = [
  { width: 1440, height: 900, colorScheme: 'light' },
  { width: 1440, height: 900, colorScheme: 'dark' },
  { width: 1024, height: 700, colorScheme: 'light' },
  { width: 1024, height: 700, colorScheme: 'dark' }
]

const host = consoleHosts.find(({ name }) => name.startsWith('Chromium'))
if (!host || host.missing !== null) throw new Error(host?.missing ?? 'there is no browser')
const wanted = process.argv[2]
mkdirSync(target, { recursive: true })
for (const scene of scenes) {
  if (wanted !== undefined && scene.name !== wanted) continue
  for (const look of looks) {
    const folder = mkdtempSync(path.join(tmpdir(), 'provision-screenshots-'))
    if (scene.users === 1000) await importUsers(folder, thousandUsers)
    if (scene.users === 5) await addFiveUsers(folder)
    const opened: OpenedConsole = await host.open(folder, look)
    const { page } = opened
    await page.getByRole('navigation').waitFor()
    await scene.arrange?.(page, folder)
    // What appears fades in.
    await page.waitForTimeout(1_200)
    await page.screenshot({ path: path.join(target, `${scene.name}-${look.width}-${look.colorScheme}.png`) })
    await opened.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function show(page: Page, address: string): Promise<void> {
  await page.evaluate(`location.hash = '#/${address}'`)
}

async function importUsers(folder: string, file: string): Promise<void> {
  await provision(['users', 'import', file, '--create-groups', '--data', folder, '--quiet'])
}

async function addFiveUsers(folder: string): Promise<void> {
  const users = [
    ['jdoe', 'Jane Doe', 'jane.doe@example.com'],
    ['004211', 'Zoë Müller-Ångström', 'zoe@example.com'],
    [
      'maximilian.von.und.zu.hohenstaufen',
      'Maximilian Alexander von und zu Hohenstaufen-Wittelsbach',
      'max@example.com'
    ],
    ['ليلى', 'ليلى حداد', 'layla@example.com'],
    ['王小明', '王小明', '']
  ]
  for (const [username = '', name = '', email = ''] of users) {
    await provision(['users', 'add', username, '--name', name, '--email', email, '--group', 'Staff', '--data', folder])
  }
}

/** Codes in several states, so that there is something to see. */
async function makeCodes(folder: string): Promise<void> {
  await provision(['codes', 'issue', '--group', 'Finance', '--data', folder, '--quiet'])
  await provision(['codes', 'withdraw', 'aangstrom', 'aborges', '--data', folder, '--quiet'])
}
