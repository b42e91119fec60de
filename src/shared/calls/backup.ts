import { z } from 'zod'
import { backupInspection, backupReport, restoreReport } from '../backup.ts'
import { topics } from '../events.ts'
import { call, bytes, taskId } from './call.ts'

const passphrase = z.string().max(1000)

export const backupCalls = {
  'backup:create': call({
    roles: [],
    scope: 'server',
    effect: ['log'],
    input: z.object({ passphrase, taskId }),
    output: backupReport.extend({ content: bytes })
  }),
  'backup:inspect': call({
    roles: [],
    scope: 'server',
    effect: 'none',
    input: z.object({ content: bytes, passphrase }),
    output: backupInspection
  }),
  'backup:restore': call({
    roles: [],
    scope: 'server',
    effect: topics,
    // It is what all others wait for.
    waitsForRestore: false,
    input: z.object({ content: bytes, passphrase, taskId }),
    output: restoreReport
  })
}
