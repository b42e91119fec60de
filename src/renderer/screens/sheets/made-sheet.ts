import { useSyncExternalStore } from 'react'
import type { PageName, SheetEntry } from '../../../shared/sheet.ts'
import type { SkippedUser } from '../../../shared/code.ts'

/** The sheet in hand: its bytes are in this window's memory and nowhere else, so a look at another screen must not lose them. */
export interface MadeSheetInHand {
  sheet: SheetEntry
  pdf: Uint8Array
  paper: PageName
  skipped: SkippedUser[]
  isKept: boolean
}

let made: MadeSheetInHand | null = null
const listeners = new Set<() => void>()

export function setMadeSheet(next: MadeSheetInHand | null): void {
  made = next
  for (const listener of listeners) listener()
}

export function noteKept(sheetId: number): void {
  if (made?.sheet.id === sheetId) setMadeSheet({ ...made, isKept: true })
}

/** Forgets a sheet that was withdrawn elsewhere. */
export function forgetSheet(sheetId: number): void {
  if (made?.sheet.id === sheetId) setMadeSheet(null)
}

export function useMadeSheet(): MadeSheetInHand | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => made
  )
}

// A reload would lose the only copy; the browser then asks.
globalThis.window?.addEventListener('beforeunload', (event) => {
  if (made && !made.isKept) event.preventDefault()
})
