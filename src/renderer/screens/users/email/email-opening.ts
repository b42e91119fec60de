import { useSyncExternalStore } from 'react'
import type { UserSelection } from '../../../../shared/user.ts'

/** Whom the dialog was opened for; null while it is closed. A new opening is a new object. */
let opening: { selection: UserSelection } | null = null
const listeners = new Set<() => void>()

function setOpening(next: typeof opening): void {
  opening = next
  for (const listener of listeners) listener()
}

/** Opens the dialog that mails codes to these users. */
export function openEmail(selection: UserSelection): void {
  setOpening({ selection })
}

export function closeEmail(): void {
  setOpening(null)
}

export function useEmailOpening(): { selection: UserSelection } | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => opening
  )
}
