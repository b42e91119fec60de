import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import type { Page } from 'playwright'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createTestFolder } from '../support/console.ts'
import { consoleHosts, provision } from './hosts.ts'
import { expectAccessible } from './page.ts'

const host = consoleHosts.find(({ name }) => name.includes('Chromium'))
const missing = host ? host.missing : 'there is no such host'
const passphrase = 'orbit walnut sixpence gravel'

async function openConsole(): Promise<{ page: Page; folder: string; run: (...args: string[]) => Promise<string> }> {
  const folder = createTestFolder()
  const run = (...args: string[]) => provision([...args, '--data', folder, '--quiet'])
  await run('users', 'add', 'ann', '--name', 'Ann <b>')
  const opened = await host!.open(folder, { width: 1440, height: 900, colorScheme: 'light' })
  onTestFinished(() => opened.close())
  await opened.page.getByRole('navigation').first().waitFor()
  return { page: opened.page, folder, run }
}

describe.skipIf(missing !== null)(`log and backup${missing ? ` (${missing})` : ''}`, () => {
  it('shows what others do as it happens, filters and exports it, and verify names the row that was changed', async () => {
    const { page, folder, run } = await openConsole()
    await show(page, 'log')
    const rows = page.getByRole('grid', { name: 'Log entries' }).getByRole('row')
    await rows.filter({ hasText: 'Data folder created' }).waitFor()
    await expectAccessible(page, 'Log')

    await run('users', 'add', 'زيد', '--name', 'زيد')
    // The other program has written it before it ended.
    await rows.nth(1).filter({ hasText: 'زيد' }).waitFor()
    await run('settings', 'set', 'policy.codes.length=12')
    await rows.nth(1).filter({ hasText: 'policy.codes.length' }).waitFor()
    await rows.nth(1).click()
    const panel = page.getByRole('dialog', { name: /^Row/ })
    const change = panel.getByRole('row').filter({ hasText: 'policy.codes.length' })
    expect(await change.getByRole('cell').allInnerTexts()).toEqual(['10', '12'])
    await expectAccessible(page, 'an entry of the log')
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })

    await page.getByRole('textbox', { name: 'User', exact: true }).fill('زيد')
    await page.getByText('1 found', { exact: true }).waitFor()
    await run('codes', 'issue', 'زيد')
    await page.getByText('2 found', { exact: true }).waitFor()
    expect(decodeURIComponent(new URL(page.url()).hash)).toBe('#/log?user=زيد')
    await page.getByRole('button', { name: 'Export' }).click()
    const download = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: 'As CSV…' }).click()
    const csv = readFileSync(await (await download).path(), 'utf8')
    expect(csv.trim().split('\n')).toHaveLength(3)
    await page.getByText('2 entries exported.').waitFor()

    await page.getByRole('button', { name: 'Clear all' }).click()
    await page.getByRole('button', { name: 'Keep…' }).click()
    const keeping = page.getByRole('dialog', { name: 'How long the log is kept' })
    await keeping.getByRole('radio', { name: 'Only entries of the last' }).check()
    await keeping.getByText(/^Older entries are removed for good/).waitFor()
    const duration = keeping.getByRole('textbox', { name: 'How long entries are kept' })
    await duration.fill('5d')
    await keeping.getByText(/^Must be off, which keeps everything, or a duration from 30d/).waitFor()
    expect(await keeping.getByRole('button', { name: 'Save and remove older entries' }).isDisabled()).toBe(true)
    await duration.fill('90d')
    await expectAccessible(page, 'how long the log is kept')
    await keeping.getByRole('button', { name: 'Save and remove older entries' }).click()
    await keeping.waitFor({ state: 'detached' })
    expect(await run('settings', 'get', 'policy.log.keep')).toContain('90d')
    await page.getByRole('button', { name: 'Verify…' }).click()
    await expectAccessible(page, 'Verify')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: /^All \d+ rows are as they were written/ }).waitFor()
    const kept = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save the head…' }).click()
    const head = await (await kept).path()

    const database = new BetterSqlite3(path.join(folder, 'console.db'))
    database.prepare(`update audit set kind = 'user.dreamt' where username = 'زيد' and kind = 'user.added'`).run()
    const row = database.prepare(`select id from audit where kind = 'user.dreamt'`).pluck().get() as number
    database.close()
    await page.getByRole('dialog', { name: 'Verify the log' }).locator('input[type=file]').setInputFiles(head)
    await page.getByText(/^Row \d+ of/).waitFor()
    await page.getByRole('button', { name: 'Verify again' }).click()
    await page.getByRole('heading', { name: `Row ${row} is not as it was written` }).waitFor()
    await expectAccessible(page, 'a broken log')
    await page.getByRole('button', { name: `Show row ${row}` }).click()
    await panel.getByText('Entry of a kind that this program does not know').waitFor()
  })

  it('lets new entries wait while older ones are read', async () => {
    const { page } = await openConsole()
    await show(page, 'log')
    const grid = page.getByRole('grid', { name: 'Log entries' })
    await grid.waitFor()
    await addGroups(
      page,
      Array.from({ length: 80 }, (_, index) => `group ${index}`)
    )
    await page.getByText('83 entries').waitFor()
    await grid.hover()
    await page.mouse.wheel(0, 900)
    await page.getByText('Paused').waitFor()
    const read = await rowInTheMiddle(page)
    await addGroups(page, ['later one', 'later two'])
    await page.getByRole('button', { name: '2 new entries' }).waitFor()
    expect(await rowInTheMiddle(page)).toBe(read)
    await page.getByRole('button', { name: '2 new entries' }).click()
    await grid.getByRole('row').nth(1).filter({ hasText: 'later two' }).waitFor()
    await page.getByText('Live', { exact: true }).waitFor()
  })

  it('makes a backup and puts it back, and says what it holds and what it did', async () => {
    const { page, run } = await openConsole()
    await run('codes', 'issue', 'ann')
    await show(page, 'backup')
    await page.getByText('No backup was ever made of this server').waitFor()
    await page.getByText('Opened this program').waitFor()
    await expectAccessible(page, 'Backup & Restore')
    await page.getByRole('button', { name: 'Make a backup…' }).click()
    const made = page.getByRole('dialog', { name: 'Make a backup' })
    await made.getByLabel('Passphrase', { exact: true }).fill('passwordpass')
    await made.getByText(/^Weak:/).waitFor()
    await made.getByLabel('Passphrase', { exact: true }).fill(passphrase)
    await made.getByLabel('Once more').fill(`${passphrase}s`)
    await made.getByText('The two differ.').waitFor()
    await expectAccessible(page, 'Make a backup')
    await made.getByLabel('Once more').fill(passphrase)
    const download = page.waitForEvent('download')
    await page.keyboard.press('Enter')
    const file = await (await download).path()
    await page.getByText('The backup is made').waitFor()
    await page.getByText(/^Made .* by .*1 user,/).waitFor()

    await run('users', 'add', 'bob')
    const input = page.locator('#content input[type=file]')
    const damaged = readFileSync(file)
    damaged[damaged.length - 1000]! ^= 1
    const damagedFile = path.join(createTestFolder(), 'damaged.backup')
    writeFileSync(damagedFile, damaged)
    await input.setInputFiles(file)
    const field = page.getByLabel('Passphrase of the backup')
    await field.fill('not it at all')
    await page.keyboard.press('Enter')
    await page.getByText('This is not the passphrase of this backup.').waitFor()
    await expectAccessible(page, 'a wrong passphrase')
    await field.fill(passphrase)
    await page.keyboard.press('Enter')
    await page.getByText(/2 log entries since this backup/).waitFor()
    await expectAccessible(page, 'what a backup holds')
    await input.setInputFiles(damagedFile)
    await field.fill(passphrase)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Restore…' }).click()
    await page.getByRole('button', { name: 'Replace everything, restore 1 user' }).click()
    await page.getByText('This file is no backup, or is damaged.').waitFor()
    expect(await run('users', 'list')).toContain('bob')

    await input.setInputFiles(file)
    await field.fill(passphrase)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Restore…' }).click()
    await page.getByRole('button', { name: 'Replace everything, restore 1 user' }).click()
    await page.getByRole('heading', { name: 'Restored' }).waitFor()
    await page.getByText('1 live code withdrawn.').waitFor()
    expect(await run('users', 'list')).not.toContain('bob')
    await show(page, 'log')
    await page.getByRole('row').nth(1).filter({ hasText: 'Backup restored' }).waitFor()
    await page.getByText('Users').first().waitFor()
  })

  it('adds a passphrase that opens the data key, and never takes the last one away', async () => {
    const { page, run } = await openConsole()
    await show(page, 'backup')
    const removeFile = page.getByRole('button', { name: /^Remove Key file/ })
    await removeFile.waitFor()
    expect(await removeFile.isDisabled()).toBe(true)
    await page.getByRole('button', { name: 'Add a passphrase…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add a passphrase' })
    await dialog.getByLabel('Passphrase', { exact: true }).fill(passphrase)
    await dialog.getByLabel('Once more').fill(passphrase)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Remove Passphrase' }).waitFor()
    expect(await run('key', 'list')).toContain('passphrase')
    await page.getByRole('button', { name: 'Remove Passphrase' }).click()
    await page.getByRole('button', { name: 'Remove passphrase', exact: true }).click()
    await page.getByRole('button', { name: 'Remove Passphrase', exact: true }).waitFor({ state: 'detached' })
    expect(await removeFile.isDisabled()).toBe(true)
  })
})

async function show(page: Page, address: string): Promise<void> {
  await page.evaluate(`location.hash = '#/${address}'`)
}

/** By the window's own way to main, which takes calls from its own page alone. */
async function addGroups(page: Page, names: string[]): Promise<void> {
  const tab = await page.evaluate(`sessionStorage.getItem('provision-console.tab')`)
  const headers = { 'content-type': 'application/json', 'x-provision-console': '1', 'x-provision-tab': tab }
  const calls = names.map((name) => ({ method: 'POST', headers, body: JSON.stringify({ name }) }))
  await page.evaluate(`(async () => {
    for (const call of ${JSON.stringify(calls)}) await fetch('/api/call/groups:add', call)
  })()`)
}

/** The row of the log that lies in the middle of the window. */
async function rowInTheMiddle(page: Page): Promise<string> {
  return page.evaluate(`document.elementFromPoint(innerWidth / 2, innerHeight / 2).closest('[role=row]').innerText`)
}
