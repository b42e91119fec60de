import type { PortalRunner } from '../portal/portal-runner.ts'
import type { HandlersOf } from './dispatch.ts'

export function createPortalHandlers(portal: PortalRunner): HandlersOf<'portal'> {
  return {
    'portal:get': () => portal.state(),
    'portal:requests': ({ limit }) => portal.requests(limit)
  }
}
