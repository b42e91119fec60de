import { existsSync } from 'node:fs'
import path from 'node:path'
import { _electron } from 'playwright'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createTestFolder } from '../support/console.ts'
import { browserHost, electronBinary, electronHost } from './hosts.ts'

describe.skipIf(browserHost.missing !== null)('a key file in the browser', () => {
  it('is added by a command, which the page names', async () => {
    const { page, close } = await browserHost.open(createTestFolder())
    onTestFinished(close)
    await page.evaluate(`location.hash = '#/backup'`)
    await page.getByRole('button', { name: 'Add a key file…' }).click()
    await page.getByText('provision key add file PATH').waitFor()
    await page.getByRole('button', { name: 'Close' }).last().click()
  })
})

describe.skipIf(electronHost.missing !== null)('a key file in the window', () => {
  it('lies where the person says to the system, and nowhere that the page says', async () => {
    const folder = createTestFolder()
    const app = await _electron.launch({
      executablePath: electronBinary ?? '',
      args: ['.', `--data=${folder}`, `--user-data-dir=${path.join(folder, 'desktop')}`]
    })
    onTestFinished(() => app.close())
    const page = await app.firstWindow()
    await page.getByRole('navigation').waitFor()
    const stolen = path.join(folder, 'stolen.key')
    expect(
      await page.evaluate(
        `window.provisionBridge.key.add({ kind: 'file', path: ${JSON.stringify(stolen)}, namesFiles: true }).then(({ error }) => error?.code)`
      )
    ).toBe('forbidden')
    expect(existsSync(stolen)).toBe(false)
    const chosen = path.join(folder, 'chosen.key')
    // Nobody can press the buttons of the system's dialog here, so it answers at once.
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
    }, chosen)
    await page.evaluate(`location.hash = '#/backup'`)
    await page.getByRole('button', { name: 'Add a key file…' }).click()
    await page.getByText(chosen).first().waitFor()
    expect(existsSync(chosen)).toBe(true)
  })
})
