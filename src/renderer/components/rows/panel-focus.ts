import { useCallback, useEffect, useRef, useState } from 'react'

/**
 * What is opened by key takes the focus along; opened by mouse, it leaves it on the row, so that the arrow keys go on from
 * there. Either way it is back on the row once what was open is closed.
 */
export function usePanelFocus(open: string | number | null) {
  const [takesFocus, setTakesFocus] = useState(true)
  const before = useRef(open)
  useEffect(() => {
    const isClosed = before.current !== null && open === null
    before.current = open
    if (!isClosed) return
    setTakesFocus(true)
    const isFocusLost = document.activeElement === null || document.activeElement === document.body
    if (isFocusLost) document.querySelector<HTMLElement>('[role="grid"] [role="row"][tabindex="0"]')?.focus()
  }, [open])
  const noteOpening = useCallback((how: 'mouse' | 'keyboard') => setTakesFocus(how === 'keyboard'), [])
  return { takesFocus, noteOpening }
}
