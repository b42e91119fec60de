import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readQrPicture } from '../../src/main/qr/decode.ts'
import { openPdf } from '../../src/main/sheets/read-back.ts'
import { pageSizes } from '../../src/shared/sheet.ts'
import { faint, inkWithin, toleranceMm } from '../support/sheet-pages.ts'
import { createTestFolder } from '../support/console.ts'
import { consoleHosts, provision } from './hosts.ts'
import { expectAccessible, tabTo } from './page.ts'

const host = consoleHosts.find(({ name }) => name.startsWith('Chromium'))
const missing = host ? host.missing : 'there is no browser host'

describe.skipIf(missing !== null)(`sheets in a browser${missing ? ` (${missing})` : ''}`, () => {
  it('leads by keyboard from users over the plan to the page, and from the list to what became of the codes', async () => {
    const folder = createTestFolder()
    for (const name of ['ann', 'bob', 'cyd']) {
      await provision(['users', 'add', name, '--name', `${name} Example`, '--data', folder, '--quiet'])
    }
    const opened = await host?.open(folder, { width: 1440, height: 900, colorScheme: 'light' })
    if (!opened) return
    onTestFinished(() => opened.close())
    const { page } = opened

    await show(page, 'sheets')
    await page.getByText('No sheet has been made yet').waitFor()
    await expectAccessible(page, 'no sheets')
    await tabToButton(page, 'New sheet…')
    await page.keyboard.press('Enter')
    await page.getByText('3 labels · 1 page').waitFor()
    await expectAccessible(page, 'new sheet')

    await page.getByRole('combobox', { name: 'Label stock' }).focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByText('3 labels · 1 page').waitFor()
    await tabToButton(page, 'Make 3 labels')
    await page.keyboard.press('Enter')
    await page.locator('canvas[data-state=drawn]').waitFor()
    await page.getByText('For printing: load A4 paper (210 × 297 mm)').waitFor()
    await expectAccessible(page, 'preview')
    const [first] = await readQrPicture(await page.locator('canvas').screenshot())
    expect(first?.text).toMatch(/\/userportal\/complete\/\d+\/(ann|bob|cyd)\//)

    const downloading = page.waitForEvent('download')
    await tabToButton(page, 'Save…')
    await page.keyboard.press('Enter')
    const saved = readFileSync(await (await downloading).path())
    expect(sha256(saved)).toBe(await previewedSha256(page))
    await tabToButton(page, 'Done')
    await page.keyboard.press('Enter')

    await page.getByText('handed out').first().waitFor()
    await page.getByRole('row', { name: /bob/ }).waitFor()
    await expectAccessible(page, 'a sheet')
    await tabToButton(page, 'Withdraw…')
    await page.keyboard.press('Enter')
    await expectAccessible(page, 'question')
    await tabToButton(page, 'Withdraw 3 codes')
    await page.keyboard.press('Enter')
    await page.getByText('3 codes were withdrawn.').first().waitFor()
    await page.getByText('3 withdrawn').first().waitFor()

    await tabToButton(page, 'Reissue what was not used…')
    await page.keyboard.press('Enter')
    await tabToButton(page, 'Make a new sheet')
    await page.keyboard.press('Enter')
    await page.locator('canvas[data-state=drawn]').waitFor()
    await page.getByRole('heading', { name: 'Sheet 2' }).waitFor()
    await show(page, 'sheets')
    await page.getByText('neither printed nor saved').waitFor()
    await expectAccessible(page, 'list')
  })

  it('prints its pages as large as they are, and none between them', async () => {
    const folder = createTestFolder()
    for (const name of ['ann', 'bob']) await provision(['users', 'add', name, '--data', folder, '--quiet'])
    const opened = await host?.open(folder)
    if (!opened) return
    onTestFinished(() => opened.close())
    const { page } = opened
    await show(page, 'sheets/new')
    await page.getByRole('combobox', { name: 'Label stock' }).click()
    await page.getByRole('option', { name: 'Letter, A4' }).click()
    await page.getByRole('button', { name: 'Make 2 letters' }).click()
    await page.locator('canvas[data-state=drawn]').waitFor()
    const downloading = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save…' }).click()
    const saved = await openPdf(readFileSync(await (await downloading).path()))
    // The dialog is beyond a test's reach: what the page would print stays in it, to be printed to a file.
    await page.evaluate(`URL.revokeObjectURL = () => {}
      window.print = () => {
        const area = document.querySelector('.printed-pages').cloneNode(true)
        const styles = [...document.adoptedStyleSheets]
        setTimeout(() => {
          area.dataset.kept = ''
          document.body.append(area)
          document.adoptedStyleSheets = styles
        }, 500)
      }`)
    await page.getByRole('button', { name: 'Print…' }).click()
    await page.locator('.printed-pages[data-kept]').waitFor({ state: 'attached' })
    await page.evaluate(
      `Promise.all([...document.querySelectorAll('.printed-pages[data-kept] img')].map((image) => image.decode()))`
    )
    const printed = await openPdf(await page.pdf({ preferCSSPageSize: true, printBackground: true }))
    expect(printed.pages).toBe(2)
    const whole = { xMm: 0, yMm: 0, ...pageSizes.A4 }
    for (const number of [1, 2]) {
      const [drawn, came] = [await saved.render(number, 300), await printed.render(number, 300)]
      const [ink, inkOnPaper] = [inkWithin(drawn, whole, 300, faint), inkWithin(came, whole, 300, faint)]
      if (!ink || !inkOnPaper) throw new Error('a page is empty')
      for (const edge of ['leftMm', 'topMm', 'rightMm', 'bottomMm'] as const) {
        expect(Math.abs(inkOnPaper[edge] - ink[edge]), edge).toBeLessThan(toleranceMm)
      }
    }
    await Promise.all([saved.close(), printed.close()])
  })
})

async function show(page: Page, address: string): Promise<void> {
  await page.getByRole('navigation').first().waitFor()
  await page.evaluate(`location.hash = '#/${address}'`)
}

/** By the keyboard alone: whatever cannot be reached so is never found. */
async function tabToButton(page: Page, name: string): Promise<void> {
  const button = page.getByRole('button', { name, exact: true }).and(page.locator(':enabled'))
  await button.first().waitFor()
  await tabTo(page, button, 120)
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Of the bytes that the component holds whose page is seen. */
function previewedSha256(page: Page): Promise<string> {
  return page.evaluate(`(async () => {
    const canvas = document.querySelector('canvas')
    let fiber = canvas[Object.keys(canvas).find((key) => key.startsWith('__reactFiber'))]
    while (!(fiber.memoizedProps?.pdf instanceof Uint8Array)) fiber = fiber.return
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', fiber.memoizedProps.pdf))
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  })()`)
}
