import { keepPreviousData, queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { ask, bridge } from '../../bridge.ts'
import type { MessageFilter } from './outbox-route.ts'

const batchesAPage = 30
const messagesAPage = 200

export const summaryQuery = queryOptions({
  queryKey: ['outbox', 'summary'],
  queryFn: () => ask(bridge.outbox.summary({}))
})

export function useOutboxSummary() {
  return useQuery(summaryQuery)
}

/** The newest first; older ones are read when they are asked for. */
export function useBatches() {
  return useInfiniteQuery({
    queryKey: ['outbox', 'batches'],
    queryFn: ({ pageParam }) =>
      ask(bridge.outbox.batches({ limit: batchesAPage, ...(pageParam !== null && { beforeId: pageParam }) })),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }) => next
  })
}

export function useMessages({ batch, state, username }: MessageFilter) {
  return useInfiniteQuery({
    queryKey: ['outbox', 'messages', batch === undefined ? 'all' : batch, state ?? 'any', username],
    queryFn: ({ pageParam }) =>
      ask(
        bridge.outbox.messages({
          limit: messagesAPage,
          ...(batch !== undefined && { batchId: batch }),
          ...(state !== undefined && { states: [state] }),
          ...(username !== '' && { username }),
          ...(pageParam !== null && { beforeId: pageParam })
        })
      ),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData
  })
}
