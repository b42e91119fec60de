import type { AuditEntry, AuditFilter } from '../../../shared/audit.ts'
import type { CallInput, CallOutput } from '../../../shared/contract.ts'

export type ListEntries = (page: CallInput<'log:list'>) => Promise<CallOutput<'log:list'>>

/** Where the log ended at some moment. Before the first row: 0. */
export interface LogEnd {
  id: number
  atMs: number
}

/** What has come since a moment and matches a filter, the newest first, and up to where the log was looked through for it. */
export interface LaterEntries {
  end: LogEnd
  entries: readonly AuditEntry[]
}

const pageSize = 500
/** Times of the log may go back by a second, and a second time by the clock of another program. */
const timeGrainMs = 2_000

export async function readLogEnd(list: ListEntries): Promise<LogEnd> {
  const { entries } = await list({ limit: 1 })
  const [last] = entries
  return last ? { id: last.id, atMs: last.atMs } : { id: 0, atMs: 0 }
}

/** Looks for what has come since; by the time of what was seen last, so that main need not look through the whole log. */
export async function readLater(list: ListEntries, filter: AuditFilter, known: LaterEntries): Promise<LaterEntries> {
  const end = await readLogEnd(list)
  if (end.id <= known.end.id) return known
  const sinceMs = Math.max(filter.sinceMs ?? Number.NEGATIVE_INFINITY, known.end.atMs - timeGrainMs)
  const fresh: AuditEntry[] = []
  let beforeId: number | null = end.id + 1
  while (beforeId !== null && beforeId > known.end.id + 1) {
    const page: CallOutput<'log:list'> = await list({ filter: { ...filter, sinceMs }, beforeId, limit: pageSize })
    fresh.push(...page.entries.filter(({ id }) => id > known.end.id))
    beforeId = page.next
  }
  return { end, entries: [...fresh, ...known.entries] }
}

/** The place of a row in a list that has the newest first; -1 where it is not in it. */
export function placeOf(entries: readonly AuditEntry[], id: number): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((entries[middle]?.id ?? 0) > id) low = middle + 1
    else high = middle
  }
  return entries[low]?.id === id ? low : -1
}
