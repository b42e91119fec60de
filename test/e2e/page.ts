import { AxeBuilder } from '@axe-core/playwright'
import type { Locator, Page } from 'playwright'
import { expect } from 'vitest'

/** Presses Tab until the element has the focus; a keyboard user would give up long before the limit. */
export async function tabTo(page: Page, target: Locator, mostPresses = 40): Promise<void> {
  for (let presses = 0; presses < mostPresses; presses++) {
    if (await target.and(page.locator(':focus')).count()) return
    await page.keyboard.press('Tab')
  }
  throw new Error('Tab does not lead to the element')
}

/** Of an open list of choices, where the one that Enter takes is marked. */
export async function pickOption(page: Page, name: string): Promise<void> {
  const option = page.getByRole('option', { name, exact: true })
  await option.waitFor()
  for (let presses = 0; presses < 12; presses++) {
    if ((await option.getAttribute('data-combobox-selected')) !== null) break
    await page.keyboard.press('ArrowDown')
  }
  await page.keyboard.press('Enter')
}

/** `what` is shown beside each thing that axe finds. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  const countToasts = () => page.locator('.mantine-Notification-root').count()
  for (;;) {
    // Colours are measured as they are drawn: not while something still fades in, or a toast out.
    await page.waitForTimeout(400)
    const toasts = await countToasts()
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
    await page.waitForTimeout(violations.length > 0 ? 400 : 0)
    if (violations.length > 0 && (await countToasts()) < toasts) continue
    expect(violations.map(({ id, nodes }) => `${what}: ${id} ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
    return
  }
}
