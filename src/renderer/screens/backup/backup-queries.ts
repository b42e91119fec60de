import { queryOptions } from '@tanstack/react-query'
import type { AuditEntry } from '../../../shared/audit.ts'
import type { CallOutput } from '../../../shared/contract.ts'
import { ask, bridge } from '../../bridge.ts'
import { tickNow } from '../../components/now.ts'

/** What the log tells of the last backup; null where none was made. A log without one is looked through to its beginning. */
export const lastBackupQuery = queryOptions({
  queryKey: ['backup', 'last'],
  refetchOnMount: 'always',
  queryFn: async (): Promise<AuditEntry | null> => {
    let beforeId: number | null = null
    do {
      const page: CallOutput<'log:list'> = await ask(
        bridge.log.list({ filter: { kinds: ['backup.created'] }, limit: 1, ...(beforeId !== null && { beforeId }) })
      )
      const [entry] = page.entries
      if (entry) {
        tickNow()
        return entry
      }
      beforeId = page.next
    } while (beforeId !== null)
    return null
  }
})

export const keySlotsQuery = queryOptions({ queryKey: ['keys'], queryFn: () => ask(bridge.key.list({})) })
