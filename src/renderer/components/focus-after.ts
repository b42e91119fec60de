import { useEffect, useRef } from 'react'

/** The button that began something has the focus again once that is over. */
export function useFocusAfter(isGoingOn: boolean) {
  const button = useRef<HTMLButtonElement>(null)
  const was = useRef(isGoingOn)
  useEffect(() => {
    if (was.current && !isGoingOn) button.current?.focus()
    was.current = isGoingOn
  }, [isGoingOn])
  return button
}
