import { useSyncExternalStore } from 'react'
import type { UserSelection } from '../../../shared/user.ts'
import { openNewSheet } from './open-sheet.ts'

/** Whom the Users screen handed over to be printed for. */
export interface SelectedUsers {
  selection: UserSelection
  count: number
}

let selected: SelectedUsers | null = null
const listeners = new Set<() => void>()

export function printSheetFor(users: SelectedUsers): void {
  selected = users
  for (const listener of listeners) listener()
  openNewSheet()
}

export function useSelectedUsers(): SelectedUsers | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => selected
  )
}
