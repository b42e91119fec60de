import type { Services } from '../services.ts'
import type { HandlersOf } from './dispatch.ts'

export function createSettingsHandlers({ settings }: Services): HandlersOf<'settings'> {
  return {
    'settings:list': () => settings.list(),
    'settings:set': ({ changes, expected }, act) => settings.set(changes, act, expected)
  }
}
