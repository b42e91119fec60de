import { simpleParser } from 'mailparser'
import type { Page } from 'playwright'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readQrPicture } from '../../src/main/qr/decode.ts'
import { createTestFolder } from '../support/console.ts'
import { freePort } from '../support/free-port.ts'
import { openSmtpSink } from '../support/smtp-sink.ts'
import { consoleHosts, provision } from './hosts.ts'
import { expectAccessible } from './page.ts'

for (const host of consoleHosts) {
  describe.skipIf(host.missing !== null)(`mail in ${host.name}${host.missing ? ` (${host.missing})` : ''}`, () => {
    it('leads from a selection through the true preview to what the mail server said', async () => {
      const sink = await openSmtpSink({
        rcpt: (address) => (address.startsWith('refused@') ? '550 5.1.1 No such user here' : null)
      })
      const folder = createTestFolder()
      const args = ['--data', folder, '--quiet']
      for (const name of ['ann', 'bob', 'refused']) {
        await provision(['users', 'add', name, '--email', `${name}@example.com`, ...args])
      }
      await provision(['users', 'add', 'nomail', ...args])
      const transport = {
        host: '127.0.0.1',
        port: sink.port,
        security: 'none',
        sender: 'Help Desk <help@example.com>'
      }
      const changes = Object.entries(transport).map(([field, value]) => `transport.default.${field}=${value}`)
      // Where phones are sent to there is nobody, whether or not this window runs a portal.
      changes.push(`server.port=${await freePort()}`)
      await provision(['settings', 'set', ...changes, ...args])
      const opened = await host.open(folder, { width: 1440, height: 900, colorScheme: 'light' })
      onTestFinished(() => opened.close())
      const { page } = opened
      const complaints: string[] = []
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
      })

      await page.getByRole('navigation').first().waitFor()
      await show(page, 'outbox')
      await page.getByText('Nothing has been mailed yet').waitFor()
      await show(page, 'users')
      await page.getByRole('row').filter({ hasText: 'ann' }).first().waitFor()
      await page.keyboard.press('Control+e')
      const dialog = page.getByRole('dialog', { name: 'Email code' })
      await dialog.getByText('3 users get a code by mail').waitFor()
      await dialog.getByText('no email address').waitFor()
      await expectAccessible(page, 'Email code, Who')
      await dialog.getByRole('button', { name: 'Set it in Name & Site ID' }).click()
      await dialog.waitFor({ state: 'detached' })
      await page.waitForURL(/#\/name$/)
      await show(page, 'users')
      await page.getByRole('row').filter({ hasText: 'ann' }).first().waitFor()
      await page.keyboard.press('Control+e')
      await dialog.getByText('3 users get a code by mail').waitFor()

      await dialog.getByRole('button', { name: 'Next', exact: true }).click()
      const frame = page.frameLocator('iframe')
      await frame.getByText('ann', { exact: false }).first().waitFor()
      await frame.locator('img').first().scrollIntoViewIfNeeded()
      const [seen] = await readQrPicture(await page.screenshot())
      expect(seen?.text).toContain('/ann/')
      await expectAccessible(page, 'Email code, Look')
      await dialog.getByText('nothing listens there').first().waitFor()
      for (const [tab, text] of [
        ['Source', '<!doctype html>'],
        ['Text', 'Code to type: SAMP1EC0DE'],
        ['Headers', 'Message-ID'],
        ['Raw', 'multipart/alternative']
      ] as const) {
        await dialog.getByRole('tab', { name: tab }).click()
        await dialog.getByRole('tabpanel').getByText(text).first().waitFor()
        await expectAccessible(page, `Email code, ${tab}`)
      }
      await dialog.getByRole('tab', { name: 'HTML' }).click()
      await dialog.getByText('375', { exact: true }).click()
      await dialog.getByRole('checkbox', { name: 'Images' }).uncheck()
      await dialog.getByRole('checkbox', { name: 'Dark' }).check()
      await frame.getByRole('img', { name: /Code to type: SAMP1EC0DE/ }).waitFor()
      await expectAccessible(page, 'Email code, narrow, dark, without images')

      await dialog.getByRole('button', { name: 'Next', exact: true }).click()
      await expectAccessible(page, 'Email code, Send')
      await dialog.getByRole('button', { name: 'Send 3 mails' }).click()
      await dialog.waitFor({ state: 'detached' })
      await show(page, 'outbox')
      await page.getByText('550 5.1.1 No such user here').first().waitFor()
      await page.getByText('3 of 3').first().waitFor()
      await expectAccessible(page, 'Outbox')
      expect(sink.received).toHaveLength(2)
      const mail = await simpleParser(sink.received[0]?.raw ?? Buffer.alloc(0))
      expect(mail.attachments).toHaveLength(1)

      await page.getByRole('checkbox', { name: 'Select the mail to refused' }).check()
      await page.getByRole('button', { name: 'Send again…' }).click()
      await page.getByRole('button', { name: 'Send 1 mail again' }).click()
      await page.getByText('1 mail is queued again.').first().waitFor()
      expect(complaints).toEqual([])
    })

    it('sets up a transport, checks it step by step, and lints the template', async () => {
      const sink = await openSmtpSink()
      const opened = await host.open(createTestFolder(), { width: 1024, height: 700, colorScheme: 'dark' })
      onTestFinished(() => opened.close())
      const { page } = opened
      await page.getByRole('navigation').first().waitFor()
      await show(page, 'transport')
      await page.getByRole('textbox', { name: 'Host', exact: true }).fill('127.0.0.1')
      await page.getByRole('textbox', { name: 'Port', exact: true }).fill(String(sink.port))
      await page.getByLabel('Security', { exact: true }).first().click()
      await page.getByRole('option', { name: 'None' }).click()
      await page.getByRole('textbox', { name: 'Sender', exact: true }).fill('help@example.com')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('Ready to send.').waitFor()
      await page.getByRole('button', { name: 'Check', exact: true }).click()
      await page.getByRole('img', { name: 'Passed' }).nth(4).waitFor()
      await expectAccessible(page, 'Transport')

      await show(page, 'transport/template%3Acode')
      await page.locator('.cm-content').waitFor()
      await page.frameLocator('iframe').locator('img').first().waitFor()
      await expectAccessible(page, 'template editor')
      await page.locator('.cm-content').click()
      await page.keyboard.press('Control+End')
      await page.keyboard.type('%NMAE% ')
      await page.getByText('%NMAE%', { exact: false }).last().waitFor()
      await page.locator('.cm-lintRange-error').first().waitFor()
      // What is not saved keeps the window open.
      await page.getByRole('button', { name: 'Discard' }).click()
    })
  })
}

async function show(page: Page, address: string): Promise<void> {
  await page.evaluate(`location.hash = '#/${address}'`)
}
