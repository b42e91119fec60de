import { z } from 'zod'
import { codeLife, decodedQr } from '../code.ts'
import { call, nameToFind, bytes } from './call.ts'

export const qrCalls = {
  'qr:issue': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: ['users', 'log'],
    input: codeLife.extend({
      username: nameToFind,
      format: z.enum(['png', 'svg']),
      /** Pixels a module (PNG). */
      scale: z.number().int().min(1).max(20).default(8)
    }),
    output: z.object({
      username: z.string(),
      image: bytes,
      expiresAtMs: z.number(),
      /** Names the code to `codes:reveal` while the console remembers it. */
      handle: z.string()
    })
  }),
  'qr:decode': call({
    roles: ['helpdesk'],
    scope: 'groups',
    effect: 'none',
    input: z.object({ image: bytes }),
    output: z.array(decodedQr)
  })
}
