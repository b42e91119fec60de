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

/** `what` is shown beside each thing that axe finds. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  // Colours are measured as they are drawn: not while something still fades in.
  await page.waitForTimeout(400)
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  expect(violations.map(({ id, nodes }) => `${what}: ${id} ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
}
