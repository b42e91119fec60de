import type { Page } from 'playwright'
import { describe, expect, it, onTestFinished } from 'vitest'
import { provisionReferenceApp } from '../../src/main/diagnostics/reference-app.ts'
import { createPortal } from '../../src/main/portal/portal.ts'
import { createQrMatrix } from '../../src/main/qr/matrix.ts'
import { renderQrPng } from '../../src/main/qr/png.ts'
import { createTestClock, createTestFolder, openTestConsole } from '../support/console.ts'
import { consoleHosts } from './hosts.ts'
import { expectAccessible } from './page.ts'

for (const host of consoleHosts) {
  describe.skipIf(host.missing !== null)(
    `troubleshooting in ${host.name}${host.missing ? ` (${host.missing})` : ''}`,
    () => {
      it('leads from what the phone says, from being one, and from a picture to the cause and its cure', async () => {
        const { folder, console, codeUrl } = await startServer()
        const opened = await host.open(folder, { width: 1280, height: 800, colorScheme: 'light' })
        onTestFinished(() => opened.close())
        const { page } = opened
        const asked: string[] = []
        page.on('request', (request) => asked.push(request.url()))
        await page.getByRole('navigation').first().waitFor()

        // From the open user, who is filled in.
        await show(page, 'users/bob')
        await page.getByRole('link', { name: 'Diagnose' }).click()
        await page.getByText('bob is disabled').waitFor()
        await page.getByRole('radio', { name: /^Invalid Username/ }).check()
        expect(new URL(page.url()).hash).toBe('#/troubleshooting/says?error=invalid-username&user=bob')
        await page.getByText('The cause').waitFor()
        await expectAccessible(page, 'a cause')
        await page.getByRole('button', { name: /^Enable/ }).click()
        await page.getByText('The user is known and enabled').waitFor()

        // Another user is found while one types.
        const search = page.getByRole('combobox', { name: 'Whose phone is it?' })
        await search.fill('Ada Lov')
        await page.getByRole('option', { name: /ada/ }).waitFor()
        await page.keyboard.press('ArrowDown')
        await page.keyboard.press('Enter')
        expect(new URL(page.url()).hash).toBe('#/troubleshooting/says?error=invalid-username&user=ada')
        expect(await search.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true)
        await page.getByRole('radio', { name: /^Invalid Provision Code/ }).check()
        await page.getByText('The code of ada has already been used.').waitFor()
        await page.getByRole('button', { name: 'New QR code…' }).first().click()
        await page.getByRole('button', { name: /^Issue/ }).click()
        await page.getByRole('img', { name: /^QR code that provisions/ }).waitFor()

        // A cure that lies on another screen, down to its field.
        await console.call('settings:set', { changes: { 'server.host': 'no-such-host.invalid' } })
        await page.getByRole('radio', { name: /^Error Server Connection/ }).check()
        await page.getByText('The name no-such-host.invalid is not found').first().waitFor()
        await page.getByRole('link', { name: 'Go to Name & Site ID' }).first().click()
        const field = page.getByRole('textbox', { name: 'Host', exact: true })
        await field.waitFor()
        expect(await field.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true)
        // What another program has set shows within a moment; typed sooner, the old value would be no change.
        await expect.poll(() => field.inputValue()).toBe('no-such-host.invalid')
        await field.fill('127.0.0.1')
        await page.keyboard.press('Control+s')
        await page.getByText('Saved', { exact: false }).first().waitFor()

        // Being the phone.
        await page.keyboard.press('Control+k')
        await page.keyboard.type('be the ph')
        await page.keyboard.press('Enter')
        await page.getByRole('button', { name: 'Be the phone' }).click()
        await page.getByText('One hundred security strings of ten digits came.').waitFor()
        await page.getByText('An app was provisioned from here').waitFor()
        await page.getByText('Raw exchange').nth(2).click()
        await page.getByText('<Action>provision</Action>', { exact: false }).waitFor()
        await expectAccessible(page, 'being the phone')
        const { users } = await console.call('users:list', {})
        expect(users.map(({ username }) => username)).toEqual(['ada', 'bob'])

        // Pictures: pasted, then dropped.
        await show(page, 'troubleshooting/qr')
        await page.getByText('Open a picture of the QR code').waitFor()
        await give(page, 'paste', 'code.png', renderQrPng(createQrMatrix(codeUrl)))
        await page.getByRole('heading', { name: /The code of ada/ }).waitFor()
        await page.getByText('How well it scans').waitFor()

        await give(page, 'drop', 'foreign.png', renderQrPng(createQrMatrix('https://evil.example/steal?x=1')))
        await page.getByText('It is a link that is not ours; do not open it.').waitFor()
        expect(await page.getByRole('link', { name: /evil/ }).count()).toBe(0)
        await expectAccessible(page, 'a foreign picture')

        await give(page, 'drop', 'letter.png', Buffer.from('This is no picture.'))
        await page.getByText('This is no picture that can be read.').waitFor()
        await give(page, 'paste', 'huge.png', 20 * 1024 * 1024 + 1)
        await page.getByText('larger than 20 MB').waitFor()
        expect(asked.filter((url) => !url.startsWith(opened.origin) && !url.startsWith('blob:'))).toEqual([])
      })

      it('tests a URL of Self Reset, and calls nothing well beside a doubt', async () => {
        const { folder } = await startServer()
        const opened = await host.open(folder, { width: 1024, height: 700, colorScheme: 'dark' })
        onTestFinished(() => opened.close())
        const { page } = opened
        await page.getByRole('navigation').first().waitFor()
        await show(page, 'self-reset')
        await page.getByRole('button', { name: 'Test QR Code URL' }).click()
        await page.getByText('It answers as it should from here.').waitFor()
        await page.getByText('image/png', { exact: true }).waitFor()
        await page.getByText('The picture comes over plain HTTP').waitFor()
        expect(await page.getByText('All is well').count()).toBe(0)
        await expectAccessible(page, 'a tested URL')
      })
    }
  )
}

/** A portal, a user who has tried a code twice, and one who is disabled. */
async function startServer() {
  const folder = createTestFolder()
  const console = await openTestConsole({ folder, clock: createTestClock(Date.now()) })
  const portal = createPortal(console.portal)
  onTestFinished(() => portal.close())
  const { port } = await portal.listen({ host: '127.0.0.1', port: 0 })
  await console.call('settings:set', {
    changes: { 'server.host': '127.0.0.1', 'server.port': port, 'server.usesSsl': false }
  })
  await console.call('users:add', { username: 'ada', name: 'Ada Lovelace', email: 'ada@example.com', group: 'Staff' })
  await console.call('users:add', { username: 'bob', group: 'Staff' })
  await console.call('users:disable', { selection: { usernames: ['bob'] } })
  const { issued } = await console.call('codes:issue', { selection: { usernames: ['ada'] }, reveal: true })
  const codeUrl = issued[0]?.url ?? ''
  expect(await provisionReferenceApp(codeUrl)).toMatchObject({ ok: true })
  expect(await provisionReferenceApp(codeUrl)).toMatchObject({ error: 'invalid-provision-code' })
  return { folder, console, codeUrl }
}

async function show(page: Page, address: string): Promise<void> {
  await page.evaluate(`location.hash = '#/${address}'`)
}

/** A file that the person pastes, or drops on the window: its bytes, or how many there are of them. */
async function give(page: Page, how: 'paste' | 'drop', name: string, content: Uint8Array | number): Promise<void> {
  const base64 = typeof content === 'number' ? '' : Buffer.from(content).toString('base64')
  await page.evaluate(
    `(async () => {
      const bytes = ${typeof content === 'number'}
        ? new Uint8Array(${typeof content === 'number' ? content : 0})
        : Uint8Array.from(atob(${JSON.stringify(base64)}), (letter) => letter.charCodeAt(0))
      const data = new DataTransfer()
      data.items.add(new File([bytes], ${JSON.stringify(name)}, { type: 'image/png' }))
      if (${JSON.stringify(how)} === 'paste') {
        document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
        return
      }
      const send = (target, type) => target.dispatchEvent(
        new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true })
      )
      send(document.body, 'dragenter')
      await new Promise((resolve) => setTimeout(resolve, 100))
      const zone = document.querySelector('[class*=dropRoot]') ?? document.body
      send(zone, 'dragenter')
      send(zone, 'dragover')
      send(zone, 'drop')
    })()`
  )
}
