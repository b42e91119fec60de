import { request } from 'node:https'
import net from 'node:net'
import type { Page } from 'playwright'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createTestFolder } from '../support/console.ts'
import { consoleHosts, provision } from './hosts.ts'
import { expectAccessible } from './page.ts'

for (const host of consoleHosts) {
  describe.skipIf(host.missing !== null)(`portal in ${host.name}${host.missing ? ` (${host.missing})` : ''}`, () => {
    it('shows what is asked of it, stops and starts it, and says what is wrong with certificate and address', async () => {
      const folder = createTestFolder()
      const port = await freePort()
      await provision(['settings', 'set', `portal.port=${port}`, '--data', folder, '--quiet'])
      const opened = await host.openWithPortal(folder, { width: 1024, height: 700, colorScheme: 'dark' })
      onTestFinished(() => opened.close())
      const { page } = opened
      await page.getByRole('navigation').first().waitFor()

      await show(page, 'portal')
      const main = page.getByRole('main')
      const state = main.getByRole('status').first()
      await state.getByText('Running', { exact: true }).waitFor()
      await main.getByText('No phone can be set up').waitFor()
      await main.getByText('No request since this program started.').waitFor()
      expect(await ask(port, '/userportal/complete/1/ada/SECRETCODE')).toBe(200)
      const requests = main.getByRole('group', { name: 'Requests' })
      const row = requests.getByRole('row').filter({ hasText: '/userportal/complete/:site/:user/:code' })
      await row.waitFor()
      expect(await row.textContent()).toContain('127.0.0.1')
      for (let asked = 0; asked < 40; asked++) await ask(port, asked % 2 ? '/SECRETCODE' : '/userportal/')
      await main.getByText('41 since this program started').waitFor()
      expect(await main.textContent()).not.toContain('SECRETCODE')
      await requests.focus()
      await page.keyboard.press('End')
      await expect.poll(() => requests.evaluate('document.activeElement.scrollTop')).toBeGreaterThan(0)
      await expectAccessible(page, 'User Portal')

      // Stopped and started by keyboard alone.
      await main.getByRole('switch', { name: 'User Portal' }).focus()
      await page.keyboard.press('Space')
      await page.keyboard.press('Control+s')
      await state.getByText('Not running', { exact: true }).waitFor()
      await expect(ask(port, '/healthz')).rejects.toThrow('ECONNREFUSED')
      await page.keyboard.press('Space')
      await page.keyboard.press('Control+s')
      await state.getByText('Running', { exact: true }).waitFor()
      expect(await ask(port, '/healthz')).toBe(200)

      await main.getByRole('textbox', { name: 'Certificate file' }).fill('/nothing/portal.crt')
      await main.getByRole('textbox', { name: 'Key file' }).fill('/nothing/portal.key')
      await page.keyboard.press('Control+s')
      await main.getByText('The certificate file /nothing/portal.crt cannot be read').first().waitFor()
      await expectAccessible(page, 'User Portal with a certificate that is not there')
      // What was there before goes on.
      expect(await ask(port, '/healthz')).toBe(200)

      await show(page, 'name')
      await main.getByText('Only this machine can reach it').waitFor()
      const address = main.getByRole('textbox', { name: 'Host' })
      await address.fill('192.168.1.20')
      await main.getByText('Only phones in this network can reach it.').waitFor()
      await expectAccessible(page, 'Name & Site ID')
      await address.fill('portal.example.com')
      await main.getByText('can reach it').waitFor({ state: 'detached' })
      await page.keyboard.press('Control+s')
      await show(page, 'portal')
      await main.getByText('https://portal.example.com:').first().waitFor()
      await main.getByText('No phone can be set up').waitFor({ state: 'detached' })
    })
  })
}

async function show(page: Page, address: string): Promise<void> {
  await page.evaluate(`location.hash = '#/${address}'`)
}

function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  return new Promise((resolve) =>
    server.once('listening', () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => resolve(port))
    })
  )
}

/** The status of what a portal on this machine answers, whoever vouches for its certificate. */
function ask(port: number, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, rejectUnauthorized: false, agent: false }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
      .on('error', reject)
      .end()
  })
}
