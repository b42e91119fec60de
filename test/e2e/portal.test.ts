import { writeFileSync } from 'node:fs'
import { request, type RequestOptions } from 'node:https'
import net from 'node:net'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createAuthority, type ServerCertificate } from '../support/certificates.ts'
import { createTestFolder } from '../support/console.ts'
import { freePort } from '../support/free-port.ts'
import { consoleHosts, provision } from './hosts.ts'
import { expectAccessible } from './page.ts'
import { show } from './scenes.ts'

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

    it('goes on, and says here and on Status why, with files and ports that cannot be used', async () => {
      const folder = createTestFolder()
      const [port, taken] = [await freePort(), await holdPort()]
      const authority = await createAuthority()
      const good = writeFiles(folder, 'good', await authority.issue({ host: '127.0.0.1' }))
      const other = writeFiles(folder, 'other', await authority.issue({ host: 'other.example' }))
      await provision(['settings', 'set', `portal.port=${port}`, '--data', folder, '--quiet'])
      await provision(['users', 'add', 'ada', '--group', 'Staff', '--data', folder, '--quiet'])
      const opened = await host.openWithPortal(folder)
      onTestFinished(() => opened.close())
      const { page } = opened
      await page.getByRole('navigation').first().waitFor()
      const main = page.getByRole('main')
      const state = main.getByRole('status').first()
      const save = async (fields: Record<string, string>) => {
        await show(page, 'portal')
        for (const [name, value] of Object.entries(fields)) await main.getByRole('textbox', { name }).fill(value)
        await page.keyboard.press('Control+s')
      }
      const expectOnStatus = async (title: string, text: string) => {
        await show(page, 'status')
        const findings = main.getByRole('region', { name: 'What needs attention' })
        await findings.getByText(title).waitFor()
        // A certificate is a step of a new server too.
        await main.getByText(text).first().waitFor()
        await expectAccessible(page, `Status: ${title}`)
      }

      await save({ 'Certificate file': good.cert, 'Key file': good.key })
      await main.getByRole('region', { name: 'Certificate in use' }).getByText('Test Authority').waitFor()
      await main.getByText('refuse a self-signed certificate').waitFor({ state: 'detached' })
      await expect.poll(() => vouchedStatus(port, authority.certificate)).toBe(200)

      const mismatch = `The key in ${other.key} does not belong to the certificate in ${good.cert}.`
      await save({ 'Key file': other.key })
      await main.getByText(`The portal goes on with the certificate that it had. ${mismatch}`).waitFor()
      await state.getByText('Running', { exact: true }).waitFor()
      expect(await vouchedStatus(port, authority.certificate)).toBe(200)
      await expectAccessible(page, 'User Portal with a key of another certificate')

      await save({ 'Key file': good.key, Port: String(taken) })
      const portProblem = `Port ${taken} on 127.0.0.1 is taken by another program`
      await state.getByText('Failed', { exact: true }).waitFor()
      await state.getByText(portProblem).waitFor()
      await expectAccessible(page, 'User Portal at a port that is taken')
      await expectOnStatus('The User Portal does not run', portProblem)

      // Not running, there is nothing left that could go on.
      const missing = path.join(folder, 'nothing.crt')
      const fileProblem = `The certificate file ${missing} cannot be read: there is no such file.`
      await save({ 'Certificate file': missing, Port: String(port) })
      await state.getByText('Failed', { exact: true }).waitFor()
      await state.getByText(fileProblem).waitFor()
      await expectOnStatus('The User Portal does not run', fileProblem)

      await save({ 'Certificate file': good.cert })
      await state.getByText('Running', { exact: true }).waitFor()
      expect(await vouchedStatus(port, authority.certificate)).toBe(200)
    })
  })
}

/** A port at which somebody else listens until the test ends. */
async function holdPort(): Promise<number> {
  const server = net.createServer((socket) => socket.destroy())
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as net.AddressInfo).port
}

function writeFiles(folder: string, name: string, pem: ServerCertificate): { cert: string; key: string } {
  const files = { cert: path.join(folder, `${name}.crt`), key: path.join(folder, `${name}.key`) }
  writeFileSync(files.cert, pem.cert)
  writeFileSync(files.key, pem.key)
  return files
}

const ask = (port: number, route: string) => statusOf({ port, path: route, rejectUnauthorized: false })

const vouchedStatus = (port: number, ca: string) => statusOf({ port, path: '/healthz', ca })

/** The status of what a portal on this machine answers. */
function statusOf(options: RequestOptions): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', agent: false, ...options }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
      .on('error', reject)
      .end()
  })
}
