import { simpleParser } from 'mailparser'
import type { Browser, Frame, Locator, Page } from 'playwright'
import { PNG } from 'pngjs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createTestClock, createTestFolder, openTestConsole } from '../support/console.ts'
import { addUsers, transportTo } from '../support/mail-console.ts'
import { openSmtpSink } from '../support/smtp-sink.ts'
import { consoleHosts, startPortal } from './hosts.ts'

interface Look {
  width: 375 | 768
  isDark: boolean
}

const looks: Look[] = [
  { width: 768, isDark: false },
  { width: 768, isDark: true },
  { width: 375, isDark: false }
]

// Both are drawn by the same browser, so that every pixel has to be the same.
const host = consoleHosts.find(({ name }) => name.startsWith('Chromium'))

describe.skipIf(host?.missing !== null)(`the preview in Chromium${host?.missing ? ` (${host.missing})` : ''}`, () => {
  for (const variant of ['designed', 'plain'] as const) {
    for (const way of ['linked', 'embedded'] as const) {
      it(`of the ${variant} template with a picture that is ${way} looks as the delivered mail does`, async () => {
        const folder = createTestFolder()
        const portal = await startPortal(folder)
        onTestFinished(() => portal.stop())
        const sink = await openSmtpSink()
        const console = await openTestConsole({ folder, clock: createTestClock(Date.now()) })
        const { hostname, port } = new URL(portal.url)
        await console.call('settings:set', {
          changes: {
            ...transportTo(sink.port),
            'transport.default.qrImage': way,
            'server.host': hostname,
            'server.port': Number(port),
            'server.usesSsl': false
          }
        })
        await console.call('templates:reset', { kind: 'code', variant })
        await addUsers(console, 1)
        const opened = await host?.open(folder, { width: 1800, height: 2200, colorScheme: 'light' })
        if (!opened) throw new Error('there is no browser')
        onTestFinished(() => opened.close())
        const { page } = opened
        await page.getByRole('navigation').first().waitFor()
        await page.evaluate(`location.hash = '#/users'`)
        await page.getByRole('row').filter({ hasText: 'u1' }).first().waitFor()
        await page.keyboard.press('Control+e')
        const dialog = page.getByRole('dialog', { name: 'Email code' })
        await dialog.getByRole('button', { name: 'Next', exact: true }).click()

        await console.call('mail:send', { selection: { usernames: ['u1'] } })
        while (sink.received.length === 0) await page.waitForTimeout(50)
        const html = await deliveredHtml(sink.received[0]?.raw ?? Buffer.alloc(0))
        const browser = page.context().browser()
        if (!browser) throw new Error('there is no browser')
        // A mail that knows no dark is drawn on the page of whoever draws it.
        for (const look of looks.filter(({ isDark }) => !isDark || variant === 'designed')) {
          await choose(dialog, look)
          const { top, end } = await drawPreview(dialog)
          const delivered = await drawMail(browser, html, look, top.height)
          const differ = (one: Drawn, other: Drawn) =>
            differentPixels(one.top, other.top) + differentPixels(one.end, other.end)
          // The frame may still have to draw what was chosen.
          const seen = async () => differ(await drawPreview(dialog), delivered)
          await expect.poll(seen, { message: JSON.stringify(look) }).toBe(0)
          // So much the comparison does see.
          const lower = html.replace(/<p\b/, '<p style="padding-top: 1px"')
          const otherwise = await drawMail(browser, lower, look, end.height)
          expect(differ(otherwise, delivered)).toBeGreaterThan(100)
        }
      })
    }
  }
})

/** The HTML part, its pictures in it, with the sample code for the live one. */
async function deliveredHtml(raw: Buffer): Promise<string> {
  // Puts in each picture of the mail for its cid.
  const { html, text } = await simpleParser(raw)
  const [, code = ''] = /Code to type: ([0-9A-Z]{10})/.exec(text ?? '') ?? []
  if (!html || code === '') throw new Error('the mail has no HTML part, or no code')
  // The links hold it too, and lead where it leads.
  return html.replace(/>([^<]*)</g, (shown) => shown.replaceAll(code, 'SAMP1EC0DE'))
}

/** What differs from mail to mail: the QR code and the time until when it lives. */
function differing(at: Frame | Page): Locator[] {
  return [at.locator('img'), at.getByText(/^Valid until|^It works until/)]
}

/** What is seen first of a mail, and its end. */
interface Drawn {
  top: PNG
  end: PNG
}

async function choose(dialog: Locator, { width, isDark }: Look): Promise<void> {
  await dialog.getByText(String(width), { exact: true }).click()
  await dialog.getByRole('checkbox', { name: 'Dark' }).setChecked(isDark)
}

async function drawPreview(dialog: Locator): Promise<Drawn> {
  const element = dialog.locator('iframe')
  const frame = await (await element.elementHandle())?.contentFrame()
  if (!frame) throw new Error('there is no preview')
  await frame.locator('img').first().waitFor()
  const sheet = element.locator('..')
  const setMargins = (margins: object) =>
    sheet.evaluate((at, given) => void Object.assign((at as unknown as { style: object }).style, given), margins)
  // Where it stands between two pixels, its picture would begin a pixel early.
  await setMargins({ marginTop: '0', marginLeft: '0' })
  const { x = 0, y = 0 } = (await element.boundingBox()) ?? {}
  await setMargins({ marginTop: `${Math.ceil(y) - y}px`, marginLeft: `${Math.ceil(x) - x}px` })
  return drawBoth(frame, () => element.screenshot({ mask: differing(frame) }))
}

async function drawMail(browser: Browser, html: string, { width, isDark }: Look, height: number): Promise<Drawn> {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: isDark ? 'dark' : 'light' })
  try {
    await page.setContent(html, { waitUntil: 'networkidle' })
    const drawn = `[...document.images].every((image) => image.complete && image.naturalWidth > 0)`
    expect(await page.evaluate(drawn)).toBe(true)
    return await drawBoth(page, () => page.screenshot({ mask: differing(page) }))
  } finally {
    await page.close()
  }
}

async function drawBoth(at: Frame | Page, draw: () => Promise<Buffer>): Promise<Drawn> {
  await at.evaluate('scrollTo(0, 0)')
  const top = PNG.sync.read(await draw())
  await at.evaluate('scrollTo(0, document.documentElement.scrollHeight)')
  const end = PNG.sync.read(await draw())
  await at.evaluate('scrollTo(0, 0)')
  return { top, end }
}

/** Letters are smoothed within a layer of its own; that may round a shade otherwise. */
const sameShade = 2

function differentPixels(one: PNG, other: PNG): number {
  expect([one.width, one.height]).toEqual([other.width, other.height])
  let different = 0
  // The frame ends between two pixels: in its last row the dialog shows.
  for (let at = 0; at < one.data.length - 4 * one.width; at += 4) {
    const isSame = [0, 1, 2].every((of) => Math.abs((one.data[at + of] ?? 0) - (other.data[at + of] ?? 0)) <= sameShade)
    if (!isSame) different++
  }
  return different
}
