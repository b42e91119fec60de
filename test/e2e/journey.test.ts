import path from 'node:path'
import { readFileSync } from 'node:fs'
import type { Locator, Page } from 'playwright'
import { describe, expect, it, onTestFinished } from 'vitest'
import { provisionReferenceApp } from '../../src/main/diagnostics/reference-app.ts'
import { readQrPicture } from '../../src/main/qr/decode.ts'
import { createTestFolder } from '../support/console.ts'
import { consoleHosts, electronHost, provision, startPortal, type ConsoleHost, type OpenedConsole } from './hosts.ts'
import { expectAccessible, tabTo } from './page.ts'

const thousandUsers = path.resolve('test/support/data/users-1000.csv')
const dirtyUsers = path.resolve('test/support/data/users-dirty.csv')

for (const host of consoleHosts) {
  describe.skipIf(host.missing !== null)(
    `the console in ${host.name}${host.missing ? ` (${host.missing})` : ''}`,
    () => {
      it('leads from a CSV file to a provisioned app', async () => {
        const { page, folder } = await openNew(host)
        const portal = await startPortal(folder)
        onTestFinished(() => portal.stop())
        await sendPhonesTo(folder, portal.url)

        await importFile(page, thousandUsers, { createGroups: true })
        await page.getByRole('dialog').getByText('1,000').first().waitFor()
        await page.getByRole('button', { name: 'Import 1,000 users' }).click()
        await page.getByText('1,000 users imported').first().waitFor()
        await page.getByRole('button', { name: 'Show users' }).click()
        await page.getByRole('dialog').waitFor({ state: 'detached' })

        await searchFor(page, 'petra dvorak')
        await row(page, 'pdvorak').click()
        const drawer = page.getByRole('dialog', { name: 'pdvorak' })
        await drawer.getByRole('button', { name: 'Issue code' }).click()
        await drawer.getByRole('img', { name: 'QR code that provisions the app of pdvorak' }).waitFor()

        const [seen] = await readQrPicture(await page.screenshot())
        expect(seen?.text).toContain('/pdvorak/')
        const provisioned = await provisionReferenceApp(seen?.text ?? '')
        expect(provisioned).toMatchObject({ ok: true })
        await drawer.getByText('This code has been used: the app is set up.').waitFor()
        await page.keyboard.press('Escape')
        await row(page, 'pdvorak').getByText('provisioned').waitFor()
      })

      it('shows the typed code behind Reveal, the same as in the QR code', async () => {
        const { page, folder } = await openNew(host)
        await provision(['users', 'add', 'jdoe', '--data', folder, '--quiet'])
        await goTo(page, 'users')
        await row(page, 'jdoe').click()
        await page.getByRole('button', { name: 'Issue code' }).click()
        await page.getByRole('img', { name: 'QR code that provisions the app of jdoe' }).waitFor()
        const [seen] = await readQrPicture(await page.screenshot())
        const code = seen?.text.split('/').at(-1) ?? ''
        expect(await page.getByText(code).count()).toBe(0)
        await page.getByRole('button', { name: 'Reveal the code' }).click()
        await page.getByText(seen?.text ?? '').waitFor()
        const shown = (await page.locator('body').innerText()).replace(/[\s-]/g, '')
        expect(shown).toContain(`Codetotype${code}`)
      })

      it('follows what another process does', async () => {
        const { page, folder } = await openNew(host)
        await provision(['users', 'add', 'jdoe', '--data', folder, '--quiet'])
        await goTo(page, 'users')
        await row(page, 'jdoe').waitFor()
        await provision(['codes', 'issue', 'jdoe', '--data', folder, '--quiet'])
        await row(page, 'jdoe').getByText('live').waitFor()
      })

      it('reports users-dirty.csv as the command line does and writes nothing until told to leave bad lines out', async () => {
        const { page, folder } = await openNew(host)
        await importFile(page, dirtyUsers)
        const dialog = page.getByRole('dialog', { name: 'Import users' })
        await dialog.getByText('contains a control character (NUL)').waitFor()
        await dialog.getByText('has a quote that is not closed').waitFor()
        expect(await dialog.getByRole('button', { name: /^Import/ }).isDisabled()).toBe(true)
        await dialog.getByLabel('Leave out bad lines and import the rest').check()
        await dialog.getByRole('button', { name: 'Import 2 users' }).click()
        await page.getByText('2 users imported').first().waitFor()
        const { users } = JSON.parse(await provision(['users', 'list', '--json', '--data', folder])) as {
          users: object[]
        }
        expect(users).toHaveLength(2)
      })

      it('can be walked by keyboard alone', async () => {
        const { page, folder } = await openNew(host)
        const portal = await startPortal(folder)
        onTestFinished(() => portal.stop())
        await sendPhonesTo(folder, portal.url)
        await provision(['users', 'import', thousandUsers, '--create-groups', '--data', folder, '--quiet'])
        await page.keyboard.press('Control+2')
        await row(page, 'aahmed').waitFor()
        await page.keyboard.press('Control+f')
        await page.keyboard.type('khamalainen')
        await row(page, 'khamalainen').waitFor()
        await page.keyboard.press('ArrowDown')
        await page.keyboard.press('Enter')
        const issue = page.getByRole('button', { name: 'Issue code' })
        await issue.waitFor()
        await tabTo(page, issue)
        await page.keyboard.press('Enter')
        await page.getByRole('img', { name: /^QR code that provisions/ }).waitFor()
        const [seen] = await readQrPicture(await page.screenshot())
        expect(await provisionReferenceApp(seen?.text ?? '')).toMatchObject({ ok: true })
        await page.getByText('This code has been used: the app is set up.').waitFor()
        await page.keyboard.press('Escape')
        await page.getByRole('dialog').waitFor({ state: 'detached' })
        await page.keyboard.press('Control+k')
        await page.keyboard.type('status')
        await page.keyboard.press('Enter')
        await page.getByRole('heading', { name: 'Status' }).waitFor()
      })

      it('sets policy, name and groups by keyboard alone, and loses nothing that is not saved', async () => {
        const { page, folder } = await openNew(host)
        const settingOf = async (key: string) =>
          JSON.parse(await provision(['settings', 'get', key, '--json', '--data', folder])) as unknown
        await page.keyboard.press('Control+5')
        const length = page.getByRole('textbox', { name: 'Length' })
        await length.waitFor()
        await tabTo(page, length)
        await page.keyboard.type('7')
        await page.getByText('35 bits: a guesser with 5 tries').waitFor()
        await page.getByText('Less than 40 bits').waitFor()
        await page.keyboard.press('Control+A')
        await page.keyboard.type('3')
        await page.keyboard.press('Control+S')
        await page.getByText('Must be a whole number from 6 to 24.').waitFor()
        await page.keyboard.press('Control+A')
        await page.keyboard.type('12')

        // Another program changes the same setting meanwhile.
        await provision(['settings', 'set', 'policy.codes.length=14', '--data', folder, '--quiet'])
        await page.getByText('Changed by somebody else meanwhile').waitFor()
        const keep = page.getByRole('button', { name: 'Keep mine: Length' })
        await tabTo(page, keep)
        await page.keyboard.press('Enter')

        await page.keyboard.press('Control+8')
        const question = page.getByRole('dialog', { name: 'Save the changes?' })
        await question.waitFor()
        await page.keyboard.press('Escape')
        await question.waitFor({ state: 'detached' })
        expect(await length.inputValue()).toBe('12')
        await page.keyboard.press('Control+8')
        await question.getByRole('button', { name: /^Save/ }).and(page.locator(':focus')).waitFor()
        await page.keyboard.press('Enter')

        const siteId = page.getByRole('textbox', { name: 'Site ID' })
        await siteId.waitFor()
        expect(JSON.stringify(await settingOf('policy.codes.length'))).toContain('12')
        await tabTo(page, page.getByRole('textbox', { name: 'Host' }))
        await page.keyboard.press('Control+A')
        await page.keyboard.type('10.1.2.3')
        await page.getByText('Only phones in this network can reach it.').waitFor()
        await page.getByText('https://10.1.2.3:8443', { exact: true }).waitFor()
        await page.keyboard.press('Control+S')
        await page.getByText('Saved.', { exact: true }).first().waitFor()
        await page.keyboard.press('Control+6')
        await page.getByText('https://10.1.2.3:8443/userportal/provision/0123456789AB').waitFor()

        await page.keyboard.press('Control+9')
        await page.getByRole('table', { name: 'Groups' }).waitFor()
        await page.keyboard.press('Control+K')
        await page.keyboard.type('add a group')
        await page.keyboard.press('Enter')
        const name = page.getByLabel('Name of the new group')
        await name.waitFor()
        await tabTo(page, name)
        await page.keyboard.type('קבוצה')
        await page.keyboard.press('Enter')
        const group = page.getByRole('row').filter({ has: page.getByText('קבוצה', { exact: true }) })
        await group.waitFor()
        const self = group.getByRole('checkbox', { name: /may provision themselves/ })
        await tabTo(page, self)
        await page.keyboard.press('Space')
        await page.getByText(/may provision themselves\.$/).waitFor()
        const groups = await provision(['groups', 'list', '--json', '--data', folder])
        expect(JSON.parse(groups)).toContainEqual(
          expect.objectContaining({ name: 'קבוצה', mobileClient: true, selfProvision: true })
        )
        await tabTo(page, group.getByRole('button', { name: /^Remove/ }))
        await page.keyboard.press('Enter')
        await group.waitFor({ state: 'detached' })
        await page.keyboard.press('Control+Z')
        await group.waitFor()
      })

      it('asks before a new Site ID, which no code that is out survives', async () => {
        const { page, folder } = await openNew(host)
        await provision(['users', 'add', 'jdoe', '--data', folder, '--quiet'])
        await provision(['codes', 'issue', 'jdoe', '--data', folder, '--quiet'])
        await goTo(page, 'name')
        await page.getByRole('textbox', { name: 'Site ID' }).fill('4711')
        await page.keyboard.press('Enter')
        const question = page.getByRole('dialog', { name: /^Change the Site ID from \d+ to 4711\?$/ })
        await question.getByText('1 code is live and has to be issued anew.').waitFor()
        await question.getByRole('button', { name: 'Cancel' }).click()
        await question.waitFor({ state: 'detached' })
        await page.getByText('1 change is not saved.').waitFor()
        await page.keyboard.press('Control+S')
        await question.getByRole('button', { name: 'Change the Site ID' }).click()
        await page.getByRole('navigation').getByText('Site ID 4711').waitFor()
      })

      // Electron shows the same page, in which axe would find the same.
      const looks = host === electronHost ? [] : (['light', 'dark'] as const)
      it.each(looks)('passes axe on every screen, drawer and dialog, %s', async (colorScheme) => {
        const { page, folder } = await openNew(host, { width: 1024, height: 700, colorScheme })
        await expectAccessible(page, 'Status, empty')
        await goTo(page, 'users')
        await expectAccessible(page, 'Users, empty')
        await importFile(page, dirtyUsers)
        await page.getByText('has a quote that is not closed').waitFor()
        await expectAccessible(page, 'import report')
        await page.keyboard.press('Escape')
        await provision(['users', 'import', thousandUsers, '--create-groups', '--data', folder, '--quiet'])
        await row(page, 'aahmed').waitFor()
        await expectAccessible(page, 'Users')
        await row(page, 'aahmed').click()
        await page.getByRole('button', { name: 'Issue code' }).click()
        await page.getByRole('button', { name: 'Reveal the code' }).click()
        await expectAccessible(page, 'drawer')
        await page.getByRole('button', { name: 'More for this user' }).click()
        await expectAccessible(page, 'the menu of a user')
        await page.getByRole('menuitem', { name: 'Disable' }).click()
        const question = page.getByRole('dialog', { name: /^Disable .*aahmed/ })
        await question.waitFor()
        await expectAccessible(page, 'a question')
        await page.keyboard.press('Escape')
        await question.waitFor({ state: 'detached' })
        await page.keyboard.press('Escape')
        await page.keyboard.press('Control+k')
        await expectAccessible(page, 'palette')
        await page.keyboard.press('Escape')
        await goTo(page, 'status')
        await expectAccessible(page, 'Status')
        for (const screen of ['self-reset', 'mobile-client', 'name', 'groups', 'codes']) {
          await goTo(page, screen)
          await expectAccessible(page, screen)
        }
        await page.getByRole('textbox', { name: 'Length' }).fill('3')
        await page.keyboard.press('Control+S')
        await expectAccessible(page, 'a form that cannot be saved')
        await goTo(page, 'status')
        await page.getByRole('dialog', { name: 'Save the changes?' }).waitFor()
        await expectAccessible(page, 'the question before leaving')
        await page.getByRole('button', { name: 'Discard and go on' }).click()
        await page.getByRole('heading', { name: 'Status' }).waitFor()
      })
    }
  )
}

async function openNew(
  host: ConsoleHost,
  look?: Parameters<ConsoleHost['open']>[1]
): Promise<OpenedConsole & { folder: string }> {
  const folder = createTestFolder()
  const opened = await host.open(folder, look)
  onTestFinished(() => opened.close())
  await opened.page.getByRole('navigation').waitFor()
  return { ...opened, folder }
}

async function sendPhonesTo(folder: string, portalUrl: string): Promise<void> {
  const { hostname, port } = new URL(portalUrl)
  const changes = [`server.host=${hostname}`, `server.port=${port}`, 'server.usesSsl=false']
  await provision(['settings', 'set', ...changes, '--data', folder, '--quiet'])
}

async function goTo(page: Page, screen: string): Promise<void> {
  await page.evaluate(`location.hash = '#/${screen}'`)
}

function row(page: Page, username: string): Locator {
  return page.getByRole('row').filter({ has: page.getByText(username, { exact: true }) })
}

async function searchFor(page: Page, query: string): Promise<void> {
  await page.keyboard.press('Control+f')
  await page.keyboard.type(query)
}

async function importFile(page: Page, file: string, { createGroups = false } = {}): Promise<void> {
  await page.keyboard.press('Control+i')
  const dialog = page.getByRole('dialog', { name: 'Import users' })
  await dialog.waitFor()
  const name = path.basename(file)
  await dialog.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: readFileSync(file) })
  if (createGroups) await dialog.getByLabel('Create groups that do not exist').check()
}
