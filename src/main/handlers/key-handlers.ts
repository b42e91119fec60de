import type { Services } from '../services.ts'
import type { HandlersOf } from './dispatch.ts'

export function createKeyHandlers({ keySlots }: Services): HandlersOf<'key'> {
  return {
    'key:list': () => keySlots.list(),
    'key:add': (request, act) => keySlots.add(request, act),
    'key:remove': async ({ id }, act) => {
      await keySlots.remove(id, act)
      return {}
    }
  }
}
