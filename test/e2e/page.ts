import { AxeBuilder } from '@axe-core/playwright'
import type { Locator, Page } from 'playwright'
import { expect } from 'vitest'

/** Presses Tab until the element has the focus; a keyboard user would give up long before the limit. */
export async function tabTo(page: Page, target: Locator, mostPresses = 40): Promise<void> {
  await target.first().waitFor({ state: 'attached' })
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

/** So many times axe may find something in a row: what is there for good is found each time. */
const mostLooks = 8

/** `what` is shown beside each thing that axe finds. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  for (let looks = 1; ; looks++) {
    // Colours are measured as they are drawn: what still fades in, or a toast that fades out, has others for a while.
    await page.waitForTimeout(400)
    await page.evaluate(`Promise.allSettled(
      document.getAnimations().filter(({ effect }) => effect.getComputedTiming().endTime < Infinity).map(({ finished }) => finished)
    ).then(() => null)`)
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
    if (violations.length > 0 && looks < mostLooks) continue
    expect(violations.map(({ id, nodes }) => `${what}: ${id} ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
    return
  }
}
