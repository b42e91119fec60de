import type { Page } from 'playwright'

/** So long may anything take on a machine that has other work; a test that fails takes it too, one that passes never does. */
export const patienceMs = 180_000

/** Makes a page wait as long as it takes, and its keys as a person's do: for the dialog that was just opened, or has just gone. */
export function makePatient(page: Page): Page {
  page.setDefaultTimeout(patienceMs)
  const { keyboard } = page
  const [press, type] = [keyboard.press.bind(keyboard), keyboard.type.bind(keyboard)]
  keyboard.press = async (...given) => {
    await keysHaveTheirPlace(page)
    await press(...given)
  }
  keyboard.type = async (...given) => {
    await keysHaveTheirPlace(page)
    await type(...given)
  }
  return page
}

/**
 * What is opened is there by the second frame; it takes the focus some time later, and until then keys go to what is behind it. A
 * menu that a dialog has opened has the focus outside it. A dialog that never takes it is for the test to find.
 */
async function keysHaveTheirPlace(page: Page): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    const endMs = performance.now() + 20_000
    const isBehind = (element) => element === document.body || element.closest('#root, [role=dialog]') !== null
    const look = () => {
      const last = [...document.querySelectorAll('[role=dialog][aria-modal=true]')].at(-1)
      const place = last?.getBoundingClientRect()
      const onTop = place && document.elementFromPoint(place.x + place.width / 2, place.y + place.height / 2)
      // A question that lies over another dialog may stand before it in the document.
      const dialog = onTop?.closest('[role=dialog][aria-modal=true]') ?? last
      const focused = document.activeElement ?? document.body
      if (!dialog || dialog.contains(focused) || !isBehind(focused) || performance.now() > endMs) resolve()
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(() => requestAnimationFrame(look))
  })`)
}
