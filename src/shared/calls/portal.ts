import { z } from 'zod'
import { portalRequest, portalState } from '../portal.ts'
import { call, nothing } from './call.ts'

export const portalCalls = {
  'portal:get': call({
    roles: ['helpdesk'],
    scope: 'server',
    effect: 'none',
    // The portal waits by itself.
    waitsForRestore: false,
    input: nothing,
    output: portalState
  }),
  'portal:requests': call({
    roles: ['helpdesk'],
    scope: 'server',
    effect: 'none',
    waitsForRestore: false,
    input: z.object({ limit: z.number().int().min(1).max(500).default(100) }),
    output: z.array(portalRequest)
  })
}
