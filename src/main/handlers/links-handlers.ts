import type { Services } from '../services.ts'
import type { HandlersOf } from './dispatch.ts'

export function createLinksHandlers({ links }: Services): HandlersOf<'links'> {
  return {
    'links:create': ({ username }, act) => links.create(username, act)
  }
}
