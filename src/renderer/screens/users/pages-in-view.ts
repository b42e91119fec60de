import { useEffect, useMemo, useState } from 'react'
import { pageSize } from './user-pages.ts'

/** While the scroll bar is dragged the view races over pages that nobody looks at; it has settled after this long. */
const settledAfterMs = 60

/** The pages whose rows are in view or about to be. They change only once the view rests, so that racing over a list asks for nothing. */
export function usePagesInView(
  range: { startIndex: number; endIndex: number } | null,
  count: number,
  isScrolling: boolean
): readonly number[] {
  const first = Math.floor(Math.max(0, (range?.startIndex ?? 0) - aheadRows) / pageSize)
  const last = Math.floor(Math.min(count - 1, (range?.endIndex ?? 0) + aheadRows) / pageSize)
  const [settled, setSettled] = useState({ first, last })
  // Scrolling by wheel and keys moves to a neighbouring page at most, which must not wait.
  const isNear = first <= settled.last + 1 && last >= settled.first - 1
  useEffect(() => {
    if (first === settled.first && last === settled.last) return undefined
    const timer = setTimeout(() => setSettled({ first, last }), isNear || !isScrolling ? 0 : settledAfterMs)
    return () => clearTimeout(timer)
  }, [first, last, settled, isNear, isScrolling])
  return useMemo(
    () => Array.from({ length: Math.max(0, settled.last - settled.first + 1) }, (_, index) => settled.first + index),
    [settled]
  )
}

/** Rows fetched before they come into view. */
const aheadRows = 40
