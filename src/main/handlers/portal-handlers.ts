import type { Services } from '../services.ts'
import type { PortalRunner } from '../portal/portal-runner.ts'
import type { Handlers } from './dispatch.ts'

type PortalHandlers = Pick<Handlers, 'portal:get' | 'portal:requests' | 'links:create'>

/** The calls about the User Portal and the links that lead to it. */
export function createPortalHandlers({ links }: Services, portal: PortalRunner): PortalHandlers {
  return {
    'portal:get': () => portal.state(),
    'portal:requests': ({ limit }) => portal.requests(limit),
    'links:create': ({ username }, act) => links.create(username, act)
  }
}
