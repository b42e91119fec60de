import { useCallback, useState } from 'react'

/** What is opened by key takes the focus along; opened by mouse, it leaves it on the row, so that the arrow keys go on from there. */
export function usePanelFocus(open: string | number | null) {
  const [takesFocus, setTakesFocus] = useState(true)
  const [before, setBefore] = useState(open)
  if (before !== open) {
    setBefore(open)
    if (open === null) setTakesFocus(true)
  }
  const noteOpening = useCallback((how: 'mouse' | 'keyboard') => setTakesFocus(how === 'keyboard'), [])
  return { takesFocus, noteOpening }
}
