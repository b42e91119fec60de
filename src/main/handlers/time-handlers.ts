import type { Services } from '../services.ts'
import { readServerTime, setTimeRight } from '../time/time-service.ts'
import type { HandlersOf } from './dispatch.ts'

export function createTimeHandlers(services: Services): HandlersOf<'time'> {
  return {
    'time:get': () => readServerTime(services),
    'time:setRight': async (_input, act) => {
      const report = await setTimeRight(services, act)
      services.sender.poke()
      return report
    }
  }
}
