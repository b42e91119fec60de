/**
 * Lets one who waits go on in each round of the event loop, in the order in which they came. Done all in one round, the work of
 * many connections would keep new ones waiting, of which each round takes in one, and whoever asks for something else.
 */
export function createTurns(): () => Promise<void> {
  const waiting: (() => void)[] = []
  const next = (): void => {
    waiting.shift()?.()
    if (waiting.length > 0) setImmediate(next)
  }
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve)
      if (waiting.length === 1) setImmediate(next)
    })
}
