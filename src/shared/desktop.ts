import { z } from 'zod'
import type { Result } from './errors.ts'
import type { KeySlot } from './key.ts'
import { pageName, type PageName } from './sheet.ts'

export const themes = ['light', 'dark', 'system'] as const
export type Theme = (typeof themes)[number]

/** `window.provisionDesktop`: what only the desktop application can do, beside the contract. Absent in a browser. */
export interface Desktop {
  /** What a person chose at this desk, kept in their own files; names as in `writePreference`. */
  readPreference(name: string): string | null
  /** A name has up to 100 letters, digits, `.`, `:`, `_` or `-`, a value up to 10,000 characters; others are not kept. */
  writePreference(name: string, value: string): void
  /** Lets menus, dialogs and the window's frame follow the theme of the page, at the next start too. */
  showTheme(theme: Theme): Promise<Result<object>>
  /** Puts a secret on the clipboard and, if it is still there, takes it off after a minute, whatever the window does. */
  copySecret(text: string): Promise<Result<object>>
  /** Asks where a key file is to lie, and adds it to what opens the data key; null when the person thought better of it. */
  addKeyFile(): Promise<Result<{ slot: KeySlot | null }>>
  /** Asks where to, and writes a file that only its owner can read. */
  savePdf(pdf: Uint8Array, name: string): Promise<Result<HandedOver>>
  /** Hands these very bytes to the system's print dialog, which begins with the paper that they are made for. */
  printPdf(pdf: Uint8Array, name: string, paper: PageName): Promise<Result<HandedOver>>
}

/** Whether the person went through with it. */
export interface HandedOver {
  isDone: boolean
}

const preferenceName = z.string().regex(/^[\w.:-]{1,100}$/)
const preferenceValue = z.string().max(10_000)

/** What a page remembers at this desk, by name; a page cannot fill the disk with it. */
export const deskPreferences = z.record(preferenceName, preferenceValue).refine((all) => Object.keys(all).length <= 200)
export type DeskPreferences = z.infer<typeof deskPreferences>

const pdfBytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length <= 100_000_000)
/** A name alone: a page says nothing of folders. */
const fileName = z.string().regex(/^[\w .-]{1,100}\.pdf$/)

/** What a page may ask of the desktop. */
export const desktopRequest = z.discriminatedUnion('act', [
  z.object({ act: z.literal('writePreference'), name: preferenceName, value: preferenceValue }),
  z.object({ act: z.literal('showTheme'), theme: z.enum(themes) }),
  z.object({ act: z.literal('copySecret'), text: z.string().min(1).max(10_000) }),
  z.object({ act: z.literal('addKeyFile') }),
  z.object({ act: z.literal('savePdf'), pdf: pdfBytes, name: fileName }),
  z.object({ act: z.literal('printPdf'), pdf: pdfBytes, name: fileName, paper: pageName })
])
export type DesktopRequest = z.infer<typeof desktopRequest>

/** Names of the channels between preload and main; only types, because the preload imports nothing else. */
export type CallChannel = 'console:call'
export type EventChannel = 'console:event'
export type DesktopChannel = 'console:desktop'
export type DeskPreferencesChannel = 'console:desk-preferences'
export type PassphraseChannel = 'console:passphrase'
