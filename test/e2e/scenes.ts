import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright'
import { SMTPServer } from 'smtp-server'
import { freePort } from '../support/free-port.ts'
import { makeHistory } from '../support/history.ts'
import { provision, startPortal } from './hosts.ts'

const thousandUsers = path.resolve('test/support/data/users-1000.csv')
const dirtyUsers = path.resolve('test/support/data/users-dirty.csv')
const passphrase = 'a passphrase of five words'

/** What is to be seen: what the folder holds, and how a person gets there from the first screen. */
export interface Scene {
  name: string
  /** Before the console opens the folder. What it returns ends what it started. */
  prepare?: (folder: string) => Promise<(() => Promise<void> | void) | void>
  arrange?: (page: Page, folder: string) => Promise<void>
}

export const scenes: Scene[] = [
  { name: 'status-new' },
  { name: 'status', prepare: makeHealthyServer },
  { name: 'status-well', prepare: makeFaultlessServer },
  { name: 'status-troubles', prepare: makeTroubledServer },
  {
    name: 'support-bundle',
    prepare: (folder) => makeHistory(folder),
    async arrange(page) {
      await page.getByRole('button', { name: 'Support bundle…' }).click()
      await page.getByText('Settings, without secrets').click()
      await page.getByRole('region', { name: /^Settings, without secrets/ }).waitFor()
    }
  },
  { name: 'users-0', arrange: (page) => show(page, 'users') },
  { name: 'users-5', prepare: addFiveUsers, arrange: (page) => show(page, 'users') },
  { name: 'users-1000', prepare: (folder) => makeHistory(folder), arrange: (page) => show(page, 'users') },
  { name: 'bulk-bar', prepare: (folder) => makeHistory(folder), arrange: selectSome },
  {
    name: 'bulk-all',
    prepare: (folder) => makeHistory(folder),
    async arrange(page) {
      await selectSome(page)
      await page.keyboard.press('Control+a')
      await page.getByRole('toolbar').getByRole('button', { name: 'More' }).click()
    }
  },
  ...(
    [
      ['bulk-issue', 'Issue codes…'],
      ['bulk-move', 'Move to group…'],
      ['bulk-unprovision', 'Unprovision…'],
      ['bulk-remove', 'Remove…']
    ] as const
  ).map(([name, item]) => ({
    name,
    prepare: (folder: string) => makeHistory(folder),
    async arrange(page: Page) {
      await selectSome(page)
      await page.keyboard.press('Control+a')
      await page.getByRole('toolbar').getByRole('button', { name: 'More' }).click()
      await page.getByRole('menuitem', { name: item }).click()
      await page.getByRole('dialog').waitFor()
    }
  })),
  {
    name: 'bulk-issued',
    prepare: (folder) => makeHistory(folder),
    async arrange(page) {
      await selectSome(page)
      await page.keyboard.press('Control+a')
      await page.getByRole('toolbar').getByRole('button', { name: 'More' }).click()
      await page.getByRole('menuitem', { name: 'Issue codes…' }).click()
      await page.getByRole('button', { name: /^Issue [\d,]+ codes/ }).click()
      await page.getByText(/codes issued/).waitFor()
    }
  },
  {
    name: 'import-missing',
    prepare: importThousand,
    async arrange(page) {
      await show(page, 'users')
      await page.keyboard.press('Control+i')
      const dialog = page.getByRole('dialog', { name: 'Import users' })
      const buffer = Buffer.from('username,group\naangstrom,Finance\nnewcomer,Finance\n')
      await dialog.locator('input[type=file]').setInputFiles({ name: 'staff.csv', mimeType: 'text/csv', buffer })
      await dialog.getByLabel('Disable who is missing from the file').check()
      await dialog.getByLabel('Group whose missing users are disabled').click()
      await page.getByRole('option', { name: 'Finance' }).click()
      await dialog.getByText(/would be disabled/).waitFor()
    }
  },
  {
    name: 'saved-twice',
    async arrange(page) {
      await show(page, 'self-reset')
      for (const time of ['2h', '3h', '4h']) {
        await page.getByRole('textbox', { name: 'By mail' }).fill(time)
        await page.keyboard.press('Control+s')
        await page.getByText('Saved.').first().waitFor()
        await page.waitForTimeout(400)
      }
      await page.getByRole('textbox', { name: 'By mail' }).fill('5h')
    }
  },
  {
    name: 'users-sorted',
    prepare: addManyScripts,
    arrange: (page) => show(page, 'users?sort=-name')
  },
  {
    name: 'user',
    prepare: (folder) => makeHistory(folder),
    async arrange(page) {
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
    prepare: importThousand,
    async arrange(page) {
      await show(page, 'users')
      await page.keyboard.press('Control+k')
      await page.keyboard.type('i')
    }
  },
  { name: 'email-who', prepare: makeMailServer, arrange: (page) => openEmailDialog(page, 0) },
  { name: 'email-look', prepare: makeMailServer, arrange: (page) => openEmailDialog(page, 1) },
  { name: 'email-send', prepare: makeMailServer, arrange: (page) => openEmailDialog(page, 2) },
  {
    name: 'outbox-sending',
    prepare: (folder) => makeMailServer(folder, { ratePerMinute: 300 }),
    async arrange(page) {
      await openEmailDialog(page, 2)
      await page.getByRole('button', { name: /^Send .* mails?$/ }).click()
      await show(page, 'outbox')
      await page
        .getByText(/^\d+ of \d+/)
        .first()
        .waitFor()
      await page.waitForTimeout(4_000)
    }
  },
  {
    name: 'outbox-done',
    async prepare(folder) {
      const end = await makeMailServer(folder)
      await provision(['mail', 'send', '--group', 'Finance', ...quietIn(folder)]).catch(() => undefined)
      await provision(['outbox', 'run', '--once', ...quietIn(folder)]).catch(() => undefined)
      return end
    },
    arrange: (page) => show(page, 'outbox')
  },
  { name: 'sheets', prepare: makeSheet, arrange: (page) => show(page, 'sheets') },
  {
    name: 'sheets-new',
    prepare: importThousand,
    async arrange(page) {
      await show(page, 'sheets/new')
      await page.waitForTimeout(1_500)
    }
  },
  { name: 'sheet', prepare: makeSheet, arrange: (page) => show(page, 'sheets/1') },
  { name: 'codes', arrange: (page) => show(page, 'codes') },
  { name: 'self-reset', prepare: addFiveUsers, arrange: (page) => show(page, 'self-reset') },
  { name: 'mobile-client', arrange: (page) => show(page, 'mobile-client') },
  { name: 'name', arrange: (page) => show(page, 'name') },
  { name: 'groups', prepare: importThousand, arrange: (page) => show(page, 'groups') },
  { name: 'transport', prepare: makeMailServer, arrange: (page) => show(page, 'transport') },
  {
    name: 'template',
    prepare: makeMailServer,
    async arrange(page) {
      await show(page, 'transport/template%3Acode')
      await page.locator('.cm-content').waitFor()
      await page.frameLocator('iframe').locator('img').first().waitFor()
    }
  },
  { name: 'portal', prepare: makeHealthyServer, arrange: (page) => show(page, 'portal') },
  { name: 'backup', prepare: makeHealthyServer, arrange: (page) => show(page, 'backup') },
  {
    name: 'troubleshooting-says',
    prepare: makeHealthyServer,
    async arrange(page) {
      await show(page, 'troubleshooting/says?error=invalid-provision-code&user=pdvorak')
      await page.getByRole('button', { name: 'Check again' }).waitFor()
    }
  },
  { name: 'troubleshooting-qr', arrange: (page) => show(page, 'troubleshooting/qr') },
  { name: 'log-empty', arrange: (page) => show(page, 'log?user=nobody') },
  {
    name: 'log',
    prepare: (folder) => makeHistory(folder),
    async arrange(page) {
      await show(page, 'log')
      await page.getByRole('row').nth(3).click()
    }
  }
]

async function selectSome(page: Page): Promise<void> {
  await show(page, 'users')
  await page.getByRole('row').nth(3).waitFor()
  for (const row of [2, 3, 5]) await page.getByRole('row').nth(row).getByRole('checkbox').click()
  await page.getByRole('toolbar').waitFor()
}

export async function show(page: Page, address: string): Promise<void> {
  await page.evaluate(`location.hash = '#/${address}'`)
}

const quietIn = (folder: string) => ['--data', folder, '--quiet']

async function set(folder: string, changes: Record<string, string | number | boolean>): Promise<void> {
  const given = Object.entries(changes).map(([key, value]) => `${key}=${value}`)
  await provision(['settings', 'set', ...given, ...quietIn(folder)])
}

async function importThousand(folder: string): Promise<void> {
  await provision(['users', 'import', thousandUsers, '--create-groups', ...quietIn(folder)])
}

/** Names as long as they may be, from right to left, and with neither name nor address. */
async function addManyScripts(folder: string): Promise<void> {
  const users: [string, string, string][] = [
    ['mrossi', 'Maria Rossi', 'maria.rossi@example.com'],
    ['ليلى', 'ليلى حدّاد من قسم المحاسبة والمراجعة الداخلية', 'layla.haddad@example.com'],
    ['noa', 'נועה כהן', 'noa.cohen@example.com'],
    ['w'.repeat(64), 'Wolfeschlegelsteinhausenbergerdorff '.repeat(5).trim(), `${'w'.repeat(60)}@example.com`],
    ['佐藤結衣', '佐藤 結衣', 'yui.sato@example.com'],
    ['nobody', '', '']
  ]
  for (const [username, name, email] of users) {
    await provision(['users', 'add', username, '--name', name, '--email', email, ...quietIn(folder)])
  }
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

/** A month of use, a portal that runs as a service behind a proxy, a passphrase instead of a file: all is well. */
async function makeHealthyServer(folder: string): Promise<() => Promise<void>> {
  await makeHistory(folder)
  const port = await freePort()
  await set(folder, {
    'server.host': 'codes.example.com',
    'server.port': 443,
    'portal.port': port,
    'portal.tls': false,
    'portal.trustedProxies': '127.0.0.1'
  })
  process.env['PROVISION_PASSPHRASE'] = passphrase
  await provision(['key', 'add', 'passphrase', ...quietIn(folder)], `${passphrase}\n`)
  await provision(['key', 'remove', '1', ...quietIn(folder)])
  const portal = await startPortal(folder, port)
  return async () => {
    await portal.stop()
    delete process.env['PROVISION_PASSPHRASE']
  }
}

/** The same, and whoever did not scan in time has a new code: nothing is left to do. */
async function makeFaultlessServer(folder: string): Promise<() => Promise<void>> {
  const end = await makeHealthyServer(folder)
  await provision(['codes', 'issue', '--state', 'expired', '--yes', ...quietIn(folder)])
  return end
}

/** A month of use by an address in the office, a mail server that refuses the sender, and nobody who looks after anything. */
async function makeTroubledServer(folder: string): Promise<() => Promise<void>> {
  await makeHistory(folder)
  const sink = await openSink({ refusesSender: true })
  await set(folder, {
    'server.host': '192.168.20.4',
    'portal.port': await freePort(),
    ...transportTo(sink.port)
  })
  await provision(['mail', 'send', '--group', 'Finance', ...quietIn(folder)]).catch(() => undefined)
  await provision(['outbox', 'run', '--once', ...quietIn(folder)]).catch(() => undefined)
  return sink.close
}

function transportTo(port: number): Record<string, string | number> {
  return {
    'transport.default.host': '127.0.0.1',
    'transport.default.port': port,
    'transport.default.security': 'none',
    'transport.default.sender': 'Help Desk <help@example.com>'
  }
}

async function makeMailServer(
  folder: string,
  { ratePerMinute = 0 }: { ratePerMinute?: number } = {}
): Promise<() => Promise<void>> {
  await importThousand(folder)
  const sink = await openSink({})
  await set(folder, {
    'server.host': 'codes.example.com',
    ...transportTo(sink.port),
    'transport.default.ratePerMinute': ratePerMinute
  })
  return sink.close
}

/** A mail server that takes all mails but those to every twentieth user. */
async function openSink({ refusesSender = false }): Promise<{ port: number; close(): Promise<void> }> {
  let recipients = 0
  const refusal = (code: number, words: string) => Object.assign(new Error(words), { responseCode: code })
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    onMailFrom: (_address, _session, done) => done(refusesSender ? refusal(550, '5.7.1 Sender not allowed') : null),
    onRcptTo: (_address, _session, done) =>
      done(++recipients % 20 === 0 ? refusal(550, '5.1.1 No such user here') : null),
    onData(stream, _session, done) {
      stream.resume().on('end', () => done())
    }
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.server.address() as AddressInfo
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) }
}

async function openEmailDialog(page: Page, step: 0 | 1 | 2): Promise<void> {
  await show(page, 'users?group=Finance')
  await page.getByRole('row').nth(2).waitFor()
  await page.keyboard.press('Control+e')
  const dialog = page.getByRole('dialog', { name: 'Email code' })
  await dialog.getByText(/get a code by mail/).waitFor()
  for (let at = 0; at < step; at++) await dialog.getByRole('button', { name: 'Next', exact: true }).click()
  if (step === 1) await page.frameLocator('iframe').locator('img').first().waitFor()
}

async function makeSheet(folder: string): Promise<void> {
  await importThousand(folder)
  const out = path.join(folder, 'sheet.pdf')
  await provision(['sheets', 'make', '--group', 'Finance', '--stock', 'L7160', '--out', out, ...quietIn(folder)])
  await provision(['codes', 'withdraw', 'aangstrom', 'aborges', ...quietIn(folder)])
}
