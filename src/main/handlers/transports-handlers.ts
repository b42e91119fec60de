import type { Services } from '../services.ts'
import type { HandlersOf } from './dispatch.ts'

export function createTransportsHandlers({ transports, mail, sender }: Services): HandlersOf<'transports'> {
  return {
    'transports:list': () => transports.list(),
    'transports:set': async ({ name, change }, act) => {
      const changed = await transports.set(name, change, act)
      sender.poke()
      return changed
    },
    'transports:remove': async ({ name }, act) => {
      await transports.remove(name, act)
      return {}
    },
    'transports:check': ({ name, change }, act) => transports.check(name, change, act),
    'transports:test': ({ name, change, address }, act) => mail.test(name, change, address, act)
  }
}
