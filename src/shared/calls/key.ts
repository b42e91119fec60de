import { z } from 'zod'
import { keySlot } from '../key.ts'
import { call, nothing, done } from './call.ts'

export const keyCalls = {
  'key:list': call({ roles: [], scope: 'server', effect: 'none', input: nothing, output: z.array(keySlot) }),
  'key:add': call({
    roles: [],
    scope: 'server',
    effect: ['settings', 'log'],
    input: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('passphrase'), passphrase: z.string() }),
      z.object({ kind: z.literal('file'), path: z.string().min(1) }),
      z.object({ kind: z.literal('keychain') })
    ]),
    output: keySlot
  }),
  'key:remove': call({
    roles: [],
    scope: 'server',
    effect: ['settings', 'log'],
    input: z.object({ id: z.number().int() }),
    output: done
  })
}
