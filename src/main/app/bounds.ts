import type { Rectangle } from 'electron'

export const leastSize = { width: 900, height: 600 }
export const firstSize = { width: 1280, height: 820 }

/**
 * Where the window was, moved and shrunk onto the screens there are now; without a place where it cannot be reached there
 * any more (the system then centres it). `workAreas` are the screens without panels and docks.
 */
export function placeWindow(
  remembered: Rectangle | null,
  workAreas: readonly Rectangle[]
): Partial<Rectangle> & typeof leastSize {
  if (!remembered) return firstSize
  const size = {
    width: Math.max(remembered.width, leastSize.width),
    height: Math.max(remembered.height, leastSize.height)
  }
  const screen = workAreas
    .map((area) => ({ area, shared: sharedArea(area, remembered) }))
    .reduce<{ area: Rectangle; shared: number } | null>(
      (best, one) => (best && best.shared >= one.shared ? best : one),
      null
    )
  if (!screen || screen.shared === 0) return size
  const { area } = screen
  const width = Math.min(size.width, Math.max(area.width, leastSize.width))
  const height = Math.min(size.height, Math.max(area.height, leastSize.height))
  return {
    width,
    height,
    x: between(area.x, remembered.x, area.x + area.width - width),
    y: between(area.y, remembered.y, area.y + area.height - height)
  }
}

function sharedArea(one: Rectangle, other: Rectangle): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x)
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y)
  return Math.max(0, width) * Math.max(0, height)
}

/** The lower bound wins, so that the title bar of a window larger than its screen stays reachable. */
function between(least: number, value: number, most: number): number {
  return Math.max(least, Math.min(value, most))
}
