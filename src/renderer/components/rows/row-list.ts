import { defaultRangeExtractor, type Range } from '@tanstack/react-virtual'
import { useCallback, useEffect, useRef, type RefObject } from 'react'

/** As high as the stylesheet makes them. */
export const rowPx = 32
export const headerPx = 30

/** Where the rows and the header are, for `useVirtualizer`. */
export const rowSizes = { estimateSize: () => rowPx, scrollMargin: headerPx, scrollPaddingStart: headerPx }

/** The rows that exist: those in view, and the active one, which alone is in the order of Tab. */
export function useRowsWithActive(activeIndex: number, count: number): (wanted: Range) => number[] {
  return useCallback(
    (wanted) => {
      const indexes = defaultRangeExtractor(wanted)
      // The row that has the focus stays, however far it is scrolled away: else the keyboard would lose its place.
      if (activeIndex >= 0 && activeIndex < count && !indexes.includes(activeIndex)) indexes.push(activeIndex)
      return indexes.toSorted((a, b) => a - b)
    },
    [activeIndex, count]
  )
}

/** For whoever makes another row the active one by key: it gets the focus as soon as it exists. */
export function useFocusOnActive(scroller: RefObject<HTMLElement | null>, activeIndex: number): () => void {
  const wantsFocus = useRef(false)
  useEffect(() => {
    if (!wantsFocus.current) return
    wantsFocus.current = false
    scroller.current?.querySelector<HTMLElement>(`[data-index="${activeIndex}"]`)?.focus({ preventScroll: true })
  }, [activeIndex, scroller])
  return useCallback(() => {
    wantsFocus.current = true
  }, [])
}

/** The row that a key goes to from the active one, within the list; undefined for a key that goes nowhere. */
export function rowAfterKey(
  key: string,
  { activeIndex, count, heightPx }: { activeIndex: number; count: number; heightPx: number }
): number | undefined {
  const rowsInView = Math.max(1, Math.floor((heightPx - headerPx) / rowPx) - 1)
  const steps: Record<string, number> = {
    ArrowDown: activeIndex + 1,
    ArrowUp: activeIndex - 1,
    PageDown: activeIndex + rowsInView,
    PageUp: activeIndex - rowsInView,
    Home: 0,
    End: count - 1
  }
  const step = steps[key]
  return step === undefined ? undefined : Math.max(0, Math.min(count - 1, step))
}

/** The place in the list of the row that an event comes from; null where it comes from the header. */
export function rowIndexOf(target: EventTarget): number | null {
  const index = target instanceof Element ? target.closest('[data-index]')?.getAttribute('data-index') : null
  return typeof index === 'string' ? Number(index) : null
}
