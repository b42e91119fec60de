import { queryOptions, useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import type { AuditEntry, AuditFilter } from '../../../shared/audit.ts'
import { ask, bridge } from '../../bridge.ts'
import { tickNow } from '../../components/now.ts'
import { queryClient } from '../../queries.ts'
import { usePagesInView } from '../users/pages-in-view.ts'
import { pageSize } from '../users/user-pages.ts'
import { placeOf, readLater, readLogEnd, type LaterEntries, type ListEntries } from './found-entries.ts'

/** Rows to scroll through: Chromium draws nothing that is further down than some 33 million pixels. */
export const mostRows = 1_000_000
/** Where only some rows match, pages are larger: main looks through many rows for each. */
const foundPageSize = 200
/** More is looked for so many rows before the last one found comes into view. */
const aheadRows = 100

/** The rows of a list of the log, by their place in it, the newest first. */
export interface LogRows {
  count: number
  /** The number of the row; null for the line below the last entry, while older ones are looked for. */
  idAt(index: number): number | null
  /** Null where there is no such row, undefined where it is still on its way. */
  entryAt(index: number): AuditEntry | null | undefined
  placeOf(id: number): number
}

export interface LogSource {
  rows: LogRows
  /** Entries there are, as far as it is known. */
  total: number
  /** Where the log has not been looked through to its beginning: the row before which to look on. */
  lookedBackTo: number | null
  /** Entries that have come and wait to be shown. */
  later: number
  isPending: boolean
  error: Error | null
}

/** The rows in view, roughly: it changes only every so many rows. */
export interface View {
  first: number
  last: number
  isScrolling: boolean
}

const list: ListEntries = (page) => ask(bridge.log.list(page))

const endQuery = queryOptions({ queryKey: ['log', 'end'], queryFn: () => readLogEnd(list) })

export function useEntry(row: number) {
  return useQuery({
    queryKey: ['log', 'entry', row],
    queryFn: async () => {
      const { entries } = await list({ beforeId: row + 1, limit: 1 })
      return entries.find(({ id }) => id === row) ?? null
    }
  })
}

/** All of the log. A row's number tells its place, so that every part of it is reached at once, however far down it is. */
export function useWholeLog(isShown: boolean, view: View, isFollowing: boolean): LogSource {
  const end = useQuery(endQuery)
  const shownEnd = useShownEnd('', end.data?.id, isFollowing) ?? 0
  const range = { startIndex: shownEnd - 1 - view.last, endIndex: shownEnd - 1 - view.first }
  const pages = usePagesInView(range, isShown ? shownEnd : 0, view.isScrolling)
  const results = useQueries({ queries: pages.map(pageQuery) })
  const entryOf = (row: number) => {
    const page = Math.floor((row - 1) / pageSize)
    const result = results[pages.indexOf(page)]
    const entries = result?.data ?? queryClient.getQueryData(pageQuery(page).queryKey)
    // The page of the newest rows is asked for again as rows come; until then the new ones are on their way.
    return entries?.get(row) ?? (entries === undefined || result?.isFetching !== false ? undefined : null)
  }
  return {
    rows: {
      count: Math.min(shownEnd, mostRows),
      idAt: (index) => shownEnd - index,
      entryAt: (index) => entryOf(shownEnd - index),
      placeOf: (id) => (id <= shownEnd && id > shownEnd - mostRows ? shownEnd - id : -1)
    },
    total: shownEnd,
    lookedBackTo: null,
    later: (end.data?.id ?? 0) - shownEnd,
    isPending: end.isPending,
    error: end.error ?? results.find(({ error, data }) => error !== null && data === undefined)?.error ?? null
  }
}

function pageQuery(page: number) {
  return queryOptions({
    queryKey: ['log', 'page', page],
    queryFn: async () => {
      const { entries } = await list({ beforeId: (page + 1) * pageSize + 1, limit: pageSize })
      tickNow()
      return new Map(entries.map((entry) => [entry.id, entry]))
    }
  })
}

/**
 * What of the log matches a filter: looked for from the newest row back as far as somebody scrolls, and what has come since.
 * `isPast`: the filter ends before now, so what comes is counted and not shown. Null asks for nothing.
 */
export function useFoundLog(
  filter: AuditFilter | null,
  { view, isFollowing, isPast }: { view: View; isFollowing: boolean; isPast: boolean }
): LogSource {
  const start = useQuery({
    queryKey: ['log-found', 'start', filter],
    queryFn: () => readLogEnd(list),
    enabled: filter !== null
  })
  const from = start.data ?? { id: 0, atMs: 0 }
  const isReady = filter !== null && start.data !== undefined
  const found = useInfiniteQuery({
    queryKey: ['log-found', 'pages', filter, from.id],
    queryFn: ({ pageParam }) => list({ filter: filter ?? {}, beforeId: pageParam, limit: foundPageSize }),
    initialPageParam: from.id + 1,
    getNextPageParam: ({ next }) => next,
    enabled: isReady
  })
  const laterKey = ['log', 'later', filter, from.id]
  const later = useQuery({
    queryKey: laterKey,
    queryFn: () => {
      tickNow()
      const { untilMs: _, ...unending } = filter ?? {}
      return readLater(list, unending, queryClient.getQueryData<LaterEntries>(laterKey) ?? { end: from, entries: [] })
    },
    enabled: isReady
  })
  const shownEnd = useShownEnd(JSON.stringify(filter), later.data?.end.id ?? start.data?.id, isFollowing) ?? 0
  useForgetReplaced(from.id)

  const fresh = later.data?.entries
  const entries = useMemo(() => {
    const shownFresh = isPast ? [] : (fresh ?? []).filter(({ id }) => id <= shownEnd)
    return [...shownFresh, ...(found.data?.pages ?? []).flatMap((page) => page.entries)]
  }, [fresh, isPast, shownEnd, found.data])
  const lookedBackTo = found.data?.pages.at(-1)?.next ?? null
  const isMore = lookedBackTo !== null

  const wantsMore = isMore && view.last + aheadRows >= entries.length && !found.isFetching && !found.isError
  useEffect(() => {
    if (wantsMore) void found.fetchNextPage()
  })
  return {
    rows: {
      count: Math.min(entries.length + (isMore ? 1 : 0), mostRows),
      idAt: (index) => entries[index]?.id ?? null,
      entryAt: (index) => entries[index],
      placeOf: (id) => placeOf(entries, id)
    },
    total: entries.length,
    lookedBackTo,
    later: (fresh ?? []).filter(({ id }) => isPast || id > shownEnd).length,
    isPending: found.isPending && start.error === null,
    error: start.error ?? found.error ?? later.error
  }
}

/** The newest row that may show: the last there is or, while new ones have to wait, the last there was when that began. */
function useShownEnd(key: string, endId: number | undefined, isFollowing: boolean): number | undefined {
  const [kept, setKept] = useState({ key, endId })
  const isKept = !isFollowing && kept.key === key && kept.endId !== undefined && (endId ?? kept.endId) >= kept.endId
  const shown = isKept ? kept.endId : endId
  if (shown !== kept.endId || key !== kept.key) setKept({ key, endId: shown })
  return shown
}

/** A restored backup has another log: what was found in the replaced one is not in it. */
function useForgetReplaced(start: number): void {
  const { data: end } = useQuery(endQuery)
  const isReplaced = end !== undefined && end.id < start
  useEffect(() => {
    if (isReplaced) void queryClient.resetQueries({ queryKey: ['log-found'] })
  }, [isReplaced])
}
