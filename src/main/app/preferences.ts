import { readFileSync, renameSync } from 'node:fs'
import { z } from 'zod'
import { deskPreferences, themes, type Theme } from '../../shared/desktop.ts'
import type { Log } from '../system/log.ts'

const rectangle = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(1),
  height: z.number().int().min(1)
})

/** What belongs to this desktop and this person, not to the server. */
export const preferences = z.object({
  window: z.object({ bounds: rectangle, isMaximized: z.boolean() }).nullable().default(null),
  /** What the page remembers: theme, columns and the like. */
  desk: deskPreferences.default({})
})
export type Preferences = z.infer<typeof preferences>

export const preferencesName = 'preferences'

/** Renames a preferences file that cannot be used, so that the console starts with the shipped ones and nothing is lost. */
export function putAsideBrokenPreferences(file: string, log: Log): void {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return
  }
  if (isUsable(text)) return
  const aside = file.replace(/(\.json)?$/, '.broken.json')
  try {
    renameSync(file, aside)
    log.warn(`The preferences could not be read and were put aside as ${aside}.`)
  } catch (error) {
    log.warn('The preferences can be neither read nor put aside.', { error })
  }
}

function isUsable(text: string): boolean {
  try {
    return preferences.safeParse(JSON.parse(text)).success
  } catch {
    return false
  }
}

/** As much of electron-store as is needed here. */
export interface Store {
  readonly store: unknown
  set(values: Preferences): void
}

export interface PreferenceStore {
  read(): Preferences
  /** A disk that refuses costs the preference, never the program. */
  change(change: Partial<Preferences>): void
}

export function createPreferences(store: Store, log: Log): PreferenceStore {
  let current = preferences.safeParse(store.store).data ?? preferences.parse({})
  return {
    read: () => current,
    change(change) {
      const changed = preferences.safeParse({ ...current, ...change })
      if (!changed.success) {
        log.warn('The preferences have no room for this.', { issues: changed.error.issues })
        return
      }
      current = changed.data
      try {
        store.set(current)
      } catch (error) {
        log.warn('The preferences could not be saved.', { error })
      }
    }
  }
}

/** The theme that the page remembers, for what is drawn around it. */
export function rememberedTheme({ desk }: Preferences): Theme {
  return themes.find((theme) => theme === desk['theme']) ?? 'system'
}
