/** What is there for a while only. What had the focus before has it again afterwards. */
const layers = '[aria-modal="true"], [role="menu"], [role="alert"], [data-save-bar], [data-passing]'
/** Takes the focus of what was beside it and is gone: a heading that can have it, or the row of a list that the keyboard is at. */
const homes = '[data-focus-home], :is(h2, h3)[tabindex="-1"], [role="row"][tabindex="0"]'
/** Takes the focus of what was in it, where nothing better is there. */
const holders = '#content, [role="dialog"][tabindex="-1"]'

/** Whoever moves the focus on purpose has done so by then. */
const pauseMs = 50

/**
 * Keeps the focus from being lost with what has it: a button that is gone once it was pressed, a dialog that was opened from the
 * item of a menu. Returns the function that ends it.
 */
export function keepFocus(): () => void {
  /** What has the focus and all that it is in, innermost first, as far as the layer that it is in. */
  let trail: Element[] = []
  const trailBefore = new WeakMap<Element, Element[]>()
  let timer: ReturnType<typeof setTimeout> | undefined

  const isLost = () => trail.length > 0 && (document.activeElement ?? document.body) === document.body
  const onFocusIn = ({ target }: FocusEvent): void => {
    const last = trail
    trail = target instanceof Element ? trailOf(target) : []
    const layer = layerOf(trail)
    // Between two layers the focus may go to and fro; only where it was at first leads back without a circle.
    const isFirst = layer !== undefined && !trailBefore.has(layer)
    if (layer && !last.includes(layer) && (isFirst || !layerOf(last))) trailBefore.set(layer, last)
  }
  /** A press beside everything takes the focus away on purpose. */
  const onPointerUp = (): void => {
    if (isLost() && trail[0]?.isConnected === true) trail = []
  }
  const bringBack = (): void => {
    timer = undefined
    if (!isLost()) return
    // One that is disabled for a while has it again afterwards.
    if (trail[0]?.isConnected === true) return void takesFocus(trail[0])
    for (let from: Element[] | undefined = trail; from; from = trailBefore.get(layerOf(from) ?? document.body)) {
      if (from.some((element, at) => element.isConnected && homesIn(element, at === 0).some(takesFocus))) return
    }
  }
  const observer = new MutationObserver(() => {
    if (isLost()) timer ??= setTimeout(bringBack, pauseMs)
  })
  observer.observe(document.body, { subtree: true, childList: true, attributeFilter: ['disabled'] })
  document.addEventListener('focusin', onFocusIn)
  document.addEventListener('pointerup', onPointerUp)
  return () => {
    clearTimeout(timer)
    observer.disconnect()
    document.removeEventListener('focusin', onFocusIn)
    document.removeEventListener('pointerup', onPointerUp)
  }
}

function trailOf(element: Element): Element[] {
  const trail: Element[] = []
  for (let at: Element | null = element; at && at !== document.body; at = at.parentElement) {
    trail.push(at)
    if (at.matches(layers)) break
  }
  return trail
}

function layerOf(trail: readonly Element[]): Element | undefined {
  return trail.at(-1)?.matches(layers) === true ? trail.at(-1) : undefined
}

function homesIn(element: Element, hadFocus: boolean): Element[] {
  if (hadFocus) return [element]
  return [...element.querySelectorAll(homes), ...(element.matches(holders) ? [element] : [])]
}

function takesFocus(element: Element): boolean {
  if (!(element instanceof HTMLElement)) return false
  element.focus({ preventScroll: true })
  // By mouse, the page stays where it is.
  if (element.matches(':focus-visible')) element.scrollIntoView({ block: 'nearest' })
  return document.activeElement === element
}
