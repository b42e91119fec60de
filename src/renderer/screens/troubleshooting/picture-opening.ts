import { useSyncExternalStore } from 'react'
import { currentRoute } from '../../routes.ts'
import { showWay, troubleshootingScreen } from './troubleshooting-route.ts'

/** The picture that is being asked about; kept while other screens are looked at. A new one is a new object. */
export interface OpenedPicture {
  number: number
  file: File
  /** Where the window itself draws it from. */
  url: string
}

let opened: OpenedPicture | null = null
let openings = 0
const listeners = new Set<() => void>()

/** Asks what QR codes are in a picture, and goes where the answer shows. */
export function openPicture(file: File): void {
  if (opened) URL.revokeObjectURL(opened.url)
  opened = { number: ++openings, file, url: URL.createObjectURL(file) }
  for (const listener of listeners) listener()
  showWay('qr')
}

export function useOpenedPicture(): OpenedPicture | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => opened
  )
}

/** Whether a file that is dropped on the window is a question: any picture, and whatever is dropped on this screen. */
export function isQuestion(file: File): boolean {
  return file.type.startsWith('image/') || currentRoute().screen === troubleshootingScreen
}
