import { readFileSync } from 'node:fs'
import type { Page } from 'playwright'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createTestClock, openTestConsole, type TestConsole } from '../support/console.ts'
import { freePort } from '../support/free-port.ts'
import { transportTo } from '../support/mail-console.ts'
import { consoleHosts } from './hosts.ts'
import { expectAccessible } from './page.ts'
import { show } from './scenes.ts'

const host = consoleHosts.find(({ name }) => name.startsWith('Chromium'))

describe.skipIf(host?.missing !== null)(`Status in ${host?.name}`, () => {
  it('lists what a new server needs in its order, and each button leads where it says', async () => {
    const { page, desk } = await openConsole()
    const steps = page.getByRole('region', { name: 'What to do next' })
    await steps.waitFor()
    expect(await steps.getByRole('heading', { level: 3 }).allInnerTexts()).toEqual([
      expect.stringContaining('Give the server a public name'),
      expect.stringContaining('Give the portal a certificate that phones trust'),
      expect.stringContaining('Set up the mail server'),
      expect.stringContaining('Let a group use the Mobile Client'),
      expect.stringContaining('Import your users'),
      expect.stringContaining('Mail yourself a sample'),
      expect.stringContaining('Scan a first code')
    ])
    await steps.getByText('self-signed certificate, which phones and mail readers refuse').waitFor()
    await expectAccessible(page, 'a new server')

    const leads = async (button: string, heading: string) => {
      await page.getByRole('button', { name: button, exact: true }).first().click()
      await page.getByRole('heading', { name: heading, level: 1 }).waitFor()
      await show(page, 'status')
      await page.getByRole('heading', { name: 'Status', level: 1 }).waitFor()
    }
    await leads('Set the address…', 'Name & Site ID')
    await leads('Set the certificate…', 'User Portal')
    await leads('Set up mail…', 'Transport')
    await page.getByRole('button', { name: 'Import users…', exact: true }).click()
    await page.getByRole('dialog', { name: 'Import users' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog', { name: 'Import users' }).waitFor({ state: 'detached' })

    await desk.call('groups:set', { name: 'Staff', change: { mobileClient: false } })
    await leads('Open the groups', 'Groups')
    await desk.call('users:add', { username: 'jdoe', group: 'Staff' })
    await leads('Choose a user', 'Users')
    await desk.call('settings:set', { changes: transportTo(25) })
    await page.getByRole('button', { name: 'Send a sample…' }).click()
    await page.getByRole('heading', { name: 'Transport', level: 1 }).waitFor()
    await expect.poll(() => page.evaluate('document.activeElement?.type')).toBe('email')
  })

  it('tells what is wrong once users are there, with its cure, and the numbers of each day as a table', async () => {
    const { page, desk } = await openConsole()
    for (const username of ['ann', 'bob']) await desk.call('users:add', { username, group: 'Staff' })
    await desk.call('codes:issue', { selection: { filter: {} } })
    const findings = page.getByRole('region', { name: 'What needs attention' })
    await findings.getByText('There is no backup yet').waitFor()
    await findings.getByText('The User Portal does not run').waitFor()
    const explained = async (button: string, title: string, command: string) => {
      await findings.getByRole('button', { name: button }).click()
      const dialog = page.getByRole('dialog', { name: title })
      await dialog.getByText(command, { exact: true }).waitFor()
      await expectAccessible(page, title)
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
      await expect.poll(() => page.evaluate('document.activeElement?.innerText')).toBe(button)
    }
    await explained('Run it as a service…', 'Run the portal as a service', 'provision portal')
    const leads = async (button: string, section: string, focused: string) => {
      await findings.getByRole('button', { name: button }).click()
      await page.getByRole('heading', { name: 'Backup & Restore', level: 1 }).waitFor()
      await page.getByRole('region', { name: section }).waitFor()
      await expect.poll(() => page.evaluate('document.activeElement?.innerText')).toBe(focused)
      await page.goBack()
      await findings.waitFor()
    }
    await leads('Make a backup…', 'Make a backup', 'Make a backup…')
    await leads('Guard the key…', 'What opens the data key', 'Add a passphrase…')

    const codes = page.getByRole('region', { name: 'Codes by day' }).first()
    await codes.getByRole('img', { name: /^Issued: 2 in 30 days; most on / }).waitFor()
    await codes.getByText('14 days').click()
    await codes.getByRole('img', { name: /^Issued: 2 in 14 days/ }).waitFor()
    await expectAccessible(page, 'charts')
    await codes.getByRole('button', { name: 'Show as a table' }).click()
    await codes.getByRole('row').nth(14).waitFor()
    expect(await codes.getByRole('row').count()).toBe(15)
    expect(await codes.getByRole('row').nth(1).getByRole('cell').allInnerTexts()).toEqual(['2', '0', '0'])
    await expectAccessible(page, 'table')

    await page.getByRole('link', { name: 'Show the users whose code is: live' }).click()
    await page.getByRole('row').filter({ hasText: 'ann' }).first().waitFor()
  })

  it('shows all of a support bundle before it is saved, without names unless they are asked for', async () => {
    const { page, desk } = await openConsole()
    await desk.call('users:add', { username: 'jdoe', name: 'Jane Doe', group: 'Staff' })
    await desk.call('codes:issue', { selection: { usernames: ['jdoe'] } })
    await page.getByText('1 user', { exact: true }).waitFor()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('support')
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Support bundle' })
    for (const part of ['Versions', 'Settings, without secrets', 'Groups', 'The latest of the log']) {
      await dialog.getByText(part, { exact: true }).waitFor()
    }
    await dialog.getByText('The latest of the log', { exact: true }).click()
    const log = dialog.getByRole('region', { name: /^The latest of the log,/ })
    await log.getByText('user-1').first().waitFor()
    expect(await log.innerText()).not.toContain('jdoe')
    await expectAccessible(page, 'Support bundle')

    await dialog.getByRole('switch', { name: 'Give users numbers in place of their names' }).click()
    await log.getByText('jdoe').first().waitFor()
    const shown = await log.innerText()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Save the bundle' }).click()
    ])
    expect(download.suggestedFilename()).toMatch(/^provision-support-\d{4}-\d\d-\d\d\.json$/)
    const saved = JSON.parse(readFileSync(await download.path(), 'utf8')) as { log: unknown; pseudonyms: boolean }
    expect([saved.pseudonyms, JSON.stringify(saved.log)]).toEqual([false, JSON.stringify(JSON.parse(shown))])
    await dialog.waitFor({ state: 'detached' })
  })
})

/** A browser's console over a new folder, whose portal would listen where nothing else does, and another desk's over the same. */
async function openConsole(): Promise<{ page: Page; desk: TestConsole }> {
  const desk = await openTestConsole({ clock: createTestClock(Date.now()) })
  await desk.call('settings:set', { changes: { 'portal.port': await freePort() } })
  const opened = await host?.open(desk.folder, { width: 1024, height: 700, colorScheme: 'dark' })
  if (!opened) throw new Error('there is no browser')
  onTestFinished(() => opened.close())
  await opened.page.getByRole('navigation').first().waitFor()
  return { page: opened.page, desk }
}
